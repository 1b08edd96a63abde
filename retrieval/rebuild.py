"""New indexes made from SQL beside the live ones, and the moment at which they take over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import structlog
from sqlalchemy import delete, insert, select, update

from core.crash import crash_point
from core.passages import Window, embedding_text, sentence_spans_of
from retrieval.index_state import IndexState, read_state, write_state
from retrieval.indexes import IndexPair
from retrieval.records import vector_from
from retrieval.staging import keyword_entry
from retrieval.store import ChunkStore, Serving
from retrieval.tables import ChunkRow, ReembeddedRow

if TYPE_CHECKING:
    from core.database import Database
    from core.models import EmbeddedPassage, PassageEmbeddings, Vector
    from retrieval.records import LiveChunk

__all__ = ["fill_keyword", "rebuild"]

log = structlog.get_logger(__name__)

_BATCH = 500
_MANY = 200
"""More chunks than this that changed meanwhile are taken in before the store is held, not while it is."""


def rebuild(
    store: ChunkStore, database: Database, *, embeddings: PassageEmbeddings | None = None, model: str | None = None
) -> int:
    """Make both indexes anew and let them take over; with `embeddings`, of `model`, also all vectors.

    Questions are answered from the old indexes until then. Killed at any time it leaves those as they were, and what
    was embedded again is not embedded a second time. Returns how many chunks there are.
    """
    work = _Rebuild(store, database, embeddings)
    pair = store.indexes.open(store.serving.pair.number + 1)
    while len(missing := work.missing(pair)) > _MANY:
        work.copy(missing, pair)
    crash_point("store.rebuilt")
    with store.held():
        work.copy(work.missing(pair), pair)
        pair.delete(sorted(pair.ids() - set(all_chunks(database))))
        former = work.switch(pair, model)
    store.indexes.drop(former)
    log.info("store.rebuilt", chunks=pair.vectors.count(), embedding=store.embeddings.identity)
    return pair.vectors.count()


def fill_keyword(store: ChunkStore, database: Database) -> None:
    """Bring every chunk of SQL into the keyword index that is served, and what SQL does not know out of it."""
    with store.held():
        known, held = all_chunks(database), set(store.keyword.ids())
        for batch in _batches([chunk_id for chunk_id in known if chunk_id not in held]):
            store.keyword.upsert([keyword_entry(item) for item in store.stored_chunks(batch)])
        store.keyword.delete(sorted(held - set(known)))


def all_chunks(database: Database) -> list[str]:
    """The id of every chunk in SQL that belongs into the indexes, document by document."""
    chosen = select(ChunkRow.id).where(ChunkRow.is_indexed()).order_by(ChunkRow.version_id, ChunkRow.ordinal)
    with database.read() as connection:
        return list(connection.scalars(chosen))


class _Rebuild:
    def __init__(self, store: ChunkStore, database: Database, embeddings: PassageEmbeddings | None) -> None:
        self._store = store
        self._database = database
        # What SQL holds decides, not what is served: of a model that was lost both are the new one's already.
        changed = embeddings is not None and embeddings.identity != read_state(database).embedding
        self._embeddings = embeddings if changed else None
        if embeddings is not None:
            with database.session() as session:
                session.execute(delete(ReembeddedRow).where(ReembeddedRow.embedding != embeddings.identity))

    def missing(self, pair: IndexPair) -> list[str]:
        held = pair.ids()
        return [chunk_id for chunk_id in all_chunks(self._database) if chunk_id not in held]

    def copy(self, ids: Sequence[str], pair: IndexPair) -> None:
        """Put chunks into the new pair, embedded again where the model changes."""
        for batch in _batches(ids):
            items = self._store.stored_chunks(batch)
            pair.put(items, self._stored_vectors(batch) if self._embeddings is None else self._new_vectors(items))

    def switch(self, pair: IndexPair, model: str | None) -> IndexPair:
        """Let `pair` be served, in one transaction and one assignment; returns the one that was."""
        former = self._store.serving
        embeddings = self._embeddings or former.embeddings
        with self._database.session() as session:
            if self._embeddings is not None:
                fresh = ReembeddedRow.__table__.c
                mine = fresh.chunk_id == ChunkRow.id
                session.execute(
                    update(ChunkRow)
                    .where(ChunkRow.id.in_(select(fresh.chunk_id)))
                    .values(
                        vector=select(fresh.vector).where(mine).scalar_subquery(),
                        sentence_vectors=select(fresh.sentence_vectors).where(mine).scalar_subquery(),
                    )
                    .execution_options(synchronize_session=False)
                )
                session.execute(delete(ReembeddedRow))
            write_state(session, IndexState(pair=pair.number, embedding=embeddings.identity, model=model))
        crash_point("store.switched")
        self._store.serving = Serving(pair, embeddings)
        self._store.generation += 1
        return former.pair

    def _stored_vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        with self._database.read() as connection:
            rows = connection.execute(select(ChunkRow.id, ChunkRow.vector).where(ChunkRow.id.in_(ids))).all()
        return {chunk_id: vector_from(vector) for chunk_id, vector in rows}

    def _new_vectors(self, items: Sequence[LiveChunk]) -> dict[str, Vector]:
        ids = [item.chunk.id for item in items]
        chosen = select(ReembeddedRow.chunk_id, ReembeddedRow.vector).where(ReembeddedRow.chunk_id.in_(ids))
        with self._database.read() as connection:
            known = {chunk_id: vector_from(vector) for chunk_id, vector in connection.execute(chosen)}
        left = [item for item in items if item.chunk.id not in known]
        embedded = self._embed(left)
        if left:
            with self._database.session() as session:
                session.execute(insert(ReembeddedRow), list(self._rows(left, embedded)))
        return known | {item.chunk.id: one.vector for item, one in zip(left, embedded, strict=True)}

    def _embed(self, items: Sequence[LiveChunk]) -> list[EmbeddedPassage]:
        assert self._embeddings is not None
        window = Window.of(self._embeddings)
        texts = [embedding_text(item.meta.title, item.chunk, window) for item in items]
        spans = [sentence_spans_of(item.chunk, text=text) for item, text in zip(items, texts, strict=True)]
        return self._embeddings.embed_passages(texts, spans) if texts else []

    def _rows(self, items: Sequence[LiveChunk], embedded: Sequence[EmbeddedPassage]) -> Iterator[dict[str, object]]:
        assert self._embeddings is not None
        for item, one in zip(items, embedded, strict=True):
            yield {
                "chunk_id": item.chunk.id,
                "embedding": self._embeddings.identity,
                "vector": one.vector.astype(np.float32).tobytes(),
                "sentence_vectors": one.sentences.astype(np.float16).tobytes(),
            }


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
