"""The store of documents: SQL is the truth, and the two indexes are kept in step with it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, delete, select, update

from core.crash import crash_point
from core.errors import AssistantError, NotFound
from core.passages import embedding_text, sentence_spans_of
from core.types import Kind
from retrieval.keyword import KeywordIndex
from retrieval.reader import StoreReader
from retrieval.records import Consistency, VersionRecord, chunk_values, vector_from
from retrieval.staging import (
    check_chunks,
    jurisdiction_of,
    keyword_entry,
    put_chunks,
    put_document,
    put_version,
    set_status,
)
from retrieval.tables import ChunkRow, DocumentRow, IndexStateRow, VersionRow, VersionStatus
from retrieval.vectors import VectorIndex, open_vectors

if TYPE_CHECKING:
    from core.database import Database
    from core.models import EmbeddedPassage, PassageEmbeddings, Vector
    from core.settings import Settings
    from core.types import Chunk

__all__ = ["ChunkStore", "IndexMismatch", "open_store"]

log = structlog.get_logger(__name__)

_STAGING_LASTS = timedelta(hours=1)  # far more than any document needs from its staging to its publication
_SAMPLES = 3
_NEIGHBOURS = (10, 1000)  # the index is approximate: what a narrow search misses a wide one must find
_SAME_VECTOR = 1 - 1e-4
_PURGE_BATCH = 2000
_EMBEDDING = "embedding"


class IndexMismatch(AssistantError):
    type = "index-mismatch"
    title = "An index does not hold what was written to it"


class ChunkStore(StoreReader):
    """A version goes `stage` -> `index` -> `verify` -> `publish`, its predecessor then to `purge`.

    Every method may be repeated after a crash. The ids in the indexes are always among those in SQL.
    """

    def __init__(
        self, database: Database, vectors: VectorIndex, keyword: KeywordIndex, *, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database)
        self.vectors = vectors
        self.keyword = keyword
        self._clock = clock
        self.generation = 0
        """Raised whenever this process changes what is served."""
        # A purge must not meet the staging of a version that comes back, as when an edit is undone.
        self._changing = threading.RLock()

    def stage(
        self,
        document_id: str,
        *,
        kind: Kind,
        root: str,
        version: VersionRecord,
        chunks: Sequence[Chunk],
        embedded: Sequence[EmbeddedPassage],
    ) -> None:
        """Write a version and its chunks, not yet visible; does nothing when this version is live already."""
        check_chunks(document_id, version, chunks)
        with self._changing:
            self._forget_strays(version.id, keep={chunk.id for chunk in chunks})
            self._write(document_id, kind=kind, root=root, version=version, chunks=chunks, embedded=embedded)
        crash_point("store.staged")

    def index(self, version_id: str) -> None:
        """Bring a staged version's chunks into both indexes."""
        stored = self.chunks_of(version_id)
        vectors = self._vectors_of(version_id)
        self.vectors.upsert([(item.chunk.id, vectors[item.chunk.id], jurisdiction_of(item)) for item in stored])
        crash_point("store.indexed.vectors")
        self.keyword.upsert([keyword_entry(item) for item in stored])
        crash_point("store.indexed.keyword")

    def verify(self, version_id: str) -> None:
        """Read a version back from both indexes.

        Raises `IndexMismatch` when a chunk is missing or one of a sample does not find itself.
        """
        vectors = self._vectors_of(version_id)
        ids = sorted(vectors)
        for name, held in (("vector", self.vectors.existing(ids)), ("keyword", self.keyword.existing(ids))):
            if missing := set(ids) - held:
                raise IndexMismatch(
                    f"the {name} index lacks {len(missing)} of {len(ids)} chunks, as {min(missing)!r}; index again"
                )
        for chunk_id in islice(ids, 0, None, max(1, len(ids) // _SAMPLES)):
            if not any(self._finds(chunk_id, vectors[chunk_id], among) for among in _NEIGHBOURS):
                raise IndexMismatch(f"chunk {chunk_id!r} does not find itself by its vector; run `assistant reindex`")
        crash_point("store.verified")

    def publish(self, version_id: str) -> None:
        """Make a version the one that is served, and its predecessor invisible, in one transaction."""
        with self._database.session() as session:
            version = session.get(VersionRow, version_id)
            if version is None:
                raise NotFound(f"version {version_id!r} was never staged, so it cannot be published")
            document = session.get_one(DocumentRow, version.document_id)
            set_status(session, document.id, VersionStatus.LIVE, to=VersionStatus.SUPERSEDED)
            version.status = VersionStatus.LIVE
            version.published_at = document.updated_at = self._clock()
            document.current_version_id = version_id
            document.removed_at = None
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

    def remove(self, document_id: str) -> None:
        """Stop serving a document at once and take it out of the indexes; its text is kept. Raises `NotFound`."""
        with self._database.session() as session:
            document = session.get(DocumentRow, document_id)
            if document is None:
                raise NotFound(f"there is no document {document_id!r} to remove")
            set_status(session, document_id, VersionStatus.LIVE, VersionStatus.STAGED, to=VersionStatus.REMOVED)
            document.current_version_id = None
            document.removed_at = document.updated_at = self._clock()
        self.generation += 1
        crash_point("store.removed")
        self.purge()

    def erase(self, document_id: str) -> None:
        """Remove a document and the text of all its versions: quotes from it no longer open. Raises `NotFound`."""
        self.remove(document_id)
        with self._database.session() as session:
            session.execute(delete(VersionRow).where(VersionRow.document_id == document_id))
            session.execute(delete(DocumentRow).where(DocumentRow.id == document_id))

    def consistency(self) -> Consistency:
        """Compare the ids in SQL, Chroma and the keyword index; meaningful while nothing is being ingested."""
        with self._database.read() as connection:
            known = set(connection.scalars(select(ChunkRow.id)))
            live = select(VersionRow.id).where(VersionRow.status == VersionStatus.LIVE)
            served = set(connection.scalars(select(ChunkRow.id).where(ChunkRow.version_id.in_(live))))
        vectors, keyword = self.vectors.ids(), Counter(self.keyword.ids())
        return Consistency(
            live=len(served),
            missing_vectors=frozenset(served - vectors),
            missing_keyword=frozenset(served - keyword.keys()),
            stray_vectors=frozenset(vectors - known),
            stray_keyword=frozenset(keyword.keys() - known),
            doubled_keyword=frozenset(chunk_id for chunk_id, times in keyword.items() if times > 1),
        )

    def heal(self, embeddings: PassageEmbeddings, *, alone: bool = True) -> None:
        """Drop what a crash left half done, and rebuild what does not fit: another model's vectors, a lossy index.

        Not `alone`, another process may be staging right now: only what was left for an hour then counts as dropped.
        """
        self._drop_unfinished(self._clock() - (timedelta(0) if alone else _STAGING_LASTS))
        with self._database.read() as connection:
            recorded = connection.scalar(select(IndexStateRow.value).where(IndexStateRow.key == _EMBEDDING))
        live = self.counts().chunks
        if live and recorded != embeddings.identity:
            log.warning("store.embedding_changed", was=recorded, now=embeddings.identity, chunks=live)
            self.rebuild(embeddings)
        elif min(self.vectors.count(), self.keyword.count()) < live:
            log.warning("store.index_incomplete", chunks=live)
            self.rebuild()
        self._record_embedding(embeddings.identity)

    def rebuild(self, embeddings: PassageEmbeddings | None = None) -> int:
        """Make both indexes anew from SQL, with new vectors when `embeddings` are given; returns how many chunks."""
        self.purge()
        versions = self._ids(select(ChunkRow.version_id).distinct())
        if embeddings is not None:
            for version_id in versions:
                self._embed_again(version_id, embeddings)
        self.vectors.clear()
        self.keyword.clear()
        for version_id in versions:
            self.index(version_id)
        if embeddings is not None:
            self._record_embedding(embeddings.identity)
        return self.vectors.count()

    def heartbeat(self) -> None:
        """Raise when the vector index does not answer."""
        self.vectors.heartbeat()

    def close(self) -> None:
        self.vectors.close()

    def _write(
        self,
        document_id: str,
        *,
        kind: Kind,
        root: str,
        version: VersionRecord,
        chunks: Sequence[Chunk],
        embedded: Sequence[EmbeddedPassage],
    ) -> None:
        now = self._clock()
        with self._database.session() as session:
            put_document(session, document_id, kind=kind, root=root, now=now)
            if put_version(session, document_id, version, now=now):
                put_chunks(session, version.id, chunks, embedded)

    def _forget_strays(self, version_id: str, *, keep: set[str]) -> None:
        """A version that is staged again with fewer chunks must leave none behind in the indexes."""
        unserved = select(VersionRow.id).where(VersionRow.id == version_id, VersionRow.status != VersionStatus.LIVE)
        strays = set(self._ids(select(ChunkRow.id).where(ChunkRow.version_id.in_(unserved)))) - keep
        if strays:
            self._delete_chunks(sorted(strays))

    def _ids(self, chosen: Select[str]) -> list[str]:
        with self._database.read() as connection:
            return list(connection.scalars(chosen))

    def _record_embedding(self, identity: str) -> None:
        with self._database.session() as session:
            session.merge(IndexStateRow(key=_EMBEDDING, value=identity))

    def _delete_chunks(self, ids: Sequence[str]) -> None:
        self.vectors.delete(ids)
        crash_point("store.purged.vectors")
        self.keyword.delete(ids)
        crash_point("store.purged.keyword")
        with self._database.session() as session:
            session.execute(delete(ChunkRow).where(ChunkRow.id.in_(ids)))
        crash_point("store.purged")

    def _vectors_of(self, version_id: str) -> dict[str, Vector]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(ChunkRow.id, ChunkRow.vector).where(ChunkRow.version_id == version_id)
            ).all()
        return {chunk_id: vector_from(vector) for chunk_id, vector in rows}

    def _finds(self, chunk_id: str, vector: Vector, among: int) -> bool:
        """Whether a chunk, or its equal, is among its nearest neighbours."""
        found = self.vectors.query(vector, among)
        return any(other == chunk_id or cosine > _SAME_VECTOR for other, cosine in found)

    def _drop_unfinished(self, left_since: datetime) -> None:
        """Give up staged versions of documents that nobody has touched since; their next sync stages them anew."""
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

    def _embed_again(self, version_id: str, embeddings: PassageEmbeddings) -> None:
        stored = self.chunks_of(version_id)
        chunks = [item.chunk for item in stored]
        texts = [embedding_text(item.meta.title, item.chunk) for item in stored]
        spans = [sentence_spans_of(chunk, text=text) for chunk, text in zip(chunks, texts, strict=True)]
        embedded = embeddings.embed_passages(texts, spans)
        with self._database.session() as session:
            session.execute(
                update(ChunkRow),
                [chunk_values(chunk, vectors) for chunk, vectors in zip(chunks, embedded, strict=True)],
            )


def open_store(settings: Settings, database: Database, embeddings: PassageEmbeddings) -> ChunkStore:
    """The store of the settings' data folder, healed when need be; the caller holds its lock, if Chroma is embedded."""
    vectors = open_vectors(settings.data_dir / "chroma", settings.chroma_url)
    keyword = KeywordIndex(settings.data_dir / "keyword")
    store = ChunkStore(database, vectors, keyword, clock=lambda: datetime.now(UTC))
    store.heal(embeddings, alone=settings.chroma_url is None)
    return store
