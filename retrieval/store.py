"""The store of documents: SQL is the truth, and the two indexes are kept in step with it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Select, delete, select, update

from core.crash import crash_point
from core.errors import AssistantError, NotFound
from retrieval.index_state import add_deleted, pair_number
from retrieval.indexes import IndexFolder, IndexPair
from retrieval.reader import StoreReader
from retrieval.records import Consistency, NewDocument, vector_from
from retrieval.staging import check_chunks, put_documents, set_status
from retrieval.tables import ChunkRow, DocumentRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from core.database import Database
    from core.models import PassageEmbeddings, Vector
    from retrieval.keyword import KeywordIndex
    from retrieval.vectors import VectorIndex

__all__ = ["ChunkStore", "IndexMismatch", "Serving"]

_STAGING_LASTS = timedelta(hours=1)  # far more than any document needs from its staging to its publication
_SAMPLES = 3
_NEIGHBOURS = (10, 1000)  # the index is approximate: what a narrow search misses a wide one must find
_SAME_VECTOR = 1 - 1e-4
_LINKING_ATTEMPTS = 5
_PURGE_BATCH = 2000
_PUBLISHABLE = (VersionStatus.STAGED, VersionStatus.LIVE)


class IndexMismatch(AssistantError):
    type = "index-mismatch"
    title = "An index does not hold what was written to it"


@dataclass(frozen=True, slots=True)
class Serving:
    """What questions are answered from, whole: the indexes and the model their vectors are of."""

    pair: IndexPair
    embeddings: PassageEmbeddings


class ChunkStore(StoreReader):
    """A version goes `stage` -> `index` -> `verify` -> `publish`, its predecessor then to `purge`.

    Every method may be repeated after a crash. The ids in the indexes are always among those in SQL.
    """

    def __init__(
        self,
        database: Database,
        indexes: IndexFolder,
        embeddings: PassageEmbeddings,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(database)
        self.indexes = indexes
        self.serving = Serving(indexes.open(pair_number(database)), embeddings)
        """Replaced as a whole when other indexes take over; take it once and use it throughout."""
        self.generation = 0
        """Raised whenever this process changes what is served."""
        self._clock = clock
        # A purge must not meet the staging of a version that comes back, as when an edit is undone.
        self._changing = threading.RLock()

    @property
    def vectors(self) -> VectorIndex:
        return self.serving.pair.vectors

    @property
    def keyword(self) -> KeywordIndex:
        return self.serving.pair.keyword

    @property
    def embeddings(self) -> PassageEmbeddings:
        return self.serving.embeddings

    def stage(self, *documents: NewDocument) -> None:
        """Write versions and their chunks, not yet visible; one that is live already is left as it is."""
        for document in documents:
            check_chunks(document)
        with self._changing:
            self._forget_strays(documents)
            with self._database.session() as session:
                put_documents(session, documents, now=self._clock())
        crash_point("store.staged")

    def index(self, *version_ids: str) -> None:
        """Bring staged versions' chunks into both indexes."""
        with self._changing:
            self.serving.pair.put(self.chunks_of(*version_ids), self.vectors_of(*version_ids))

    def verify(self, *version_ids: str) -> None:
        """Read versions back from both indexes.

        Raises `IndexMismatch` when a chunk is missing or one of a sample does not find itself.
        """
        with self._changing:
            vectors, pair = self.vectors_of(*version_ids), self.serving.pair
            ids = sorted(vectors)
            for name, held in (("vector", pair.vectors.existing(ids)), ("keyword", pair.keyword.existing(ids))):
                if missing := set(ids) - held:
                    raise IndexMismatch(
                        f"the {name} index lacks {len(missing)} of {len(ids)} chunks, as {min(missing)!r}; index again"
                    )
            for chunk_id in islice(ids, 0, None, max(1, len(ids) // max(_SAMPLES, len(version_ids)))):
                if not self._reachable(pair, chunk_id, vectors[chunk_id]):
                    raise IndexMismatch(
                        f"chunk {chunk_id!r} does not find itself by its vector; run `assistant reindex`"
                    )
        crash_point("store.verified")

    def publish(self, *version_ids: str) -> None:
        """Make versions those that are served, and their predecessors invisible, in one transaction.

        One whose document was removed, or that another replaced, since it was staged stays as it is.
        """
        with self._database.session() as session:
            columns = (VersionRow.id, VersionRow.document_id, VersionRow.status)
            # Locked, where the database can: a removal waits for this, or this sees what it did.
            rows = session.execute(select(*columns).where(VersionRow.id.in_(version_ids)).with_for_update()).all()
            if missing := set(version_ids) - {row.id for row in rows}:
                raise NotFound(f"version {min(missing)!r} was never staged, so it cannot be published")
            owners = {row.id: row.document_id for row in rows if row.status in _PUBLISHABLE}
            if not owners:
                return
            set_status(session, [*owners.values()], VersionStatus.LIVE, to=VersionStatus.SUPERSEDED)
            now = self._clock()
            live = {"status": VersionStatus.LIVE, "published_at": now}
            session.execute(update(VersionRow), [{"id": version_id, **live} for version_id in owners])
            shown = {"updated_at": now, "removed_at": None}
            current = [{"id": owner, "current_version_id": version_id, **shown} for version_id, owner in owners.items()]
            session.execute(update(DocumentRow), current)
        self.generation += 1
        crash_point("store.published")

    def purge(self) -> int:
        """Take the chunks of versions no longer served out of both indexes, then out of SQL; returns how many."""
        gone = (VersionStatus.SUPERSEDED, VersionStatus.REMOVED)
        chosen = (
            select(ChunkRow.id)
            .join(VersionRow, VersionRow.id == ChunkRow.version_id)
            .where(VersionRow.status.in_(gone))
        )
        purged = 0
        with self._changing:
            while ids := self._ids(chosen.limit(_PURGE_BATCH)):
                self._delete_chunks(ids)
                purged += len(ids)
        return purged

    def remove(self, *document_ids: str) -> None:
        """Stop serving documents at once and take them out of the indexes; their text is kept. Raises `NotFound`."""
        with self._database.session() as session:
            known = set(session.scalars(select(DocumentRow.id).where(DocumentRow.id.in_(document_ids))))
            if missing := set(document_ids) - known:
                raise NotFound(f"there is no document {min(missing)!r} to remove")
            set_status(session, document_ids, VersionStatus.LIVE, VersionStatus.STAGED, to=VersionStatus.REMOVED)
            now = self._clock()
            gone = {"current_version_id": None, "removed_at": now, "updated_at": now}
            session.execute(update(DocumentRow), [{"id": document_id, **gone} for document_id in document_ids])
        self.generation += 1
        crash_point("store.removed")
        self.purge()

    def give_up_unfinished(self, *, alone: bool) -> None:
        """Drop staged versions that nobody has touched since; their next sync stages them anew.

        Not `alone`, another process may be staging right now: only what was left for an hour then counts as dropped.
        """
        left_since = self._clock() - (timedelta(0) if alone else _STAGING_LASTS)
        untouched = select(DocumentRow.id).where(DocumentRow.updated_at <= left_since)
        staged = (VersionRow.status == VersionStatus.STAGED, VersionRow.document_id.in_(untouched))
        with self._database.session() as session:
            session.execute(
                update(VersionRow)
                .where(*staged)
                .values(status=VersionStatus.SUPERSEDED)
                .execution_options(synchronize_session=False)
            )
        self.purge()

    def consistency(self) -> Consistency:
        """Compare the ids in SQL, Chroma and the keyword index; meaningful while nothing is being ingested."""
        with self._database.read() as connection:
            indexed = select(ChunkRow.id).where(ChunkRow.is_indexed())
            known = set(connection.scalars(indexed))
            live = select(VersionRow.id).where(VersionRow.status == VersionStatus.LIVE)
            served = set(connection.scalars(indexed.where(ChunkRow.version_id.in_(live))))
        vectors, keyword = self.vectors.ids(), Counter(self.keyword.ids())
        return Consistency(
            live=len(served),
            missing_vectors=frozenset(served - vectors),
            missing_keyword=frozenset(served - keyword.keys()),
            stray_vectors=frozenset(vectors - known),
            stray_keyword=frozenset(keyword.keys() - known),
            doubled_keyword=frozenset(chunk_id for chunk_id, times in keyword.items() if times > 1),
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it nothing else stages, indexes or purges."""
        with self._changing:
            yield

    def vectors_of(self, *version_ids: str) -> dict[str, Vector]:
        """The vectors of versions' chunks by chunk id, from SQL."""
        chosen = select(ChunkRow.id, ChunkRow.vector).where(ChunkRow.version_id.in_(version_ids))
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
        return {chunk_id: vector_from(vector) for chunk_id, vector in rows}

    def heartbeat(self) -> None:
        """Raise when the vector index does not answer."""
        self.vectors.heartbeat()

    def close(self) -> None:
        self.vectors.close()

    def _reachable(self, pair: IndexPair, chunk_id: str, vector: Vector) -> bool:
        """Whether a chunk finds itself; one that no neighbour's links lead to is put in anew, which draws others.

        Among near-equal vectors that happens: beside 150 that differ by a word, one was lost in a quarter of the runs.
        """
        for _ in range(_LINKING_ATTEMPTS):
            if any(_finds(pair, chunk_id, vector, among) for among in _NEIGHBOURS):
                return True
            pair.vectors.delete([chunk_id])
            pair.put(self.stored_chunks([chunk_id]), {chunk_id: vector})
        return False

    def _forget_strays(self, documents: Sequence[NewDocument]) -> None:
        """A version that is staged again with fewer chunks must leave none behind in the indexes."""
        mine = VersionRow.id.in_([document.version.id for document in documents])
        unserved = select(VersionRow.id).where(mine, VersionRow.status != VersionStatus.LIVE)
        keep = {chunk.id for document in documents for chunk in document.chunks}
        strays = set(self._ids(select(ChunkRow.id).where(ChunkRow.version_id.in_(unserved)))) - keep
        if strays:
            self._delete_chunks(sorted(strays))

    def _ids(self, chosen: Select[str]) -> list[str]:
        with self._database.read() as connection:
            return list(connection.scalars(chosen))

    def _delete_chunks(self, ids: Sequence[str]) -> None:
        self.serving.pair.delete(ids)
        with self._database.session() as session:
            session.execute(delete(ChunkRow).where(ChunkRow.id.in_(ids)))
            add_deleted(session, len(ids))
        crash_point("store.purged")


def _finds(pair: IndexPair, chunk_id: str, vector: Vector, among: int) -> bool:
    """Whether a chunk, or its equal, is among its nearest neighbours."""
    return any(other == chunk_id or cosine > _SAME_VECTOR for other, cosine in pair.vectors.query(vector, among))
