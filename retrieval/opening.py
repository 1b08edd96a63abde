"""Opening the store: what a crash left is mended, and a changed model takes over without a gap."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from core.space import is_out_of_space
from retrieval.index_state import read_state, write_state
from retrieval.indexes import IndexFolder
from retrieval.rebuild import fill_keyword, rebuild
from retrieval.store import ChunkStore

if TYPE_CHECKING:
    from core.database import Database
    from core.models import PassageEmbeddings
    from core.settings import Settings

__all__ = ["Upkeep", "open_store"]

log = structlog.get_logger(__name__)

_WORN_SHARE = 0.5
_WORN_CHUNKS = 1000
"""Deletions slow a graph: after 90% of it a query took 3.8 ms where it had taken 0.74 (Chroma 1.5.9)."""

FormerModel = Callable[[str], "PassageEmbeddings | None"]
"""The model of an earlier setting, None when it cannot be had any more."""


class Upkeep:
    """Work on the indexes that may wait until the documents are in step: see `carry_out`."""

    def __init__(self, store: ChunkStore, database: Database, *, wanted: PassageEmbeddings, model: str) -> None:
        self._store = store
        self._database = database
        self._wanted = wanted
        self._model = model
        # Two at once would write the same pair, and the second would drop the one that the first has put into service.
        self._rebuilding = threading.Lock()

    def carry_out(self) -> bool:
        """Rebuild beside the live indexes when another model is to take over, or when they are worn; tells whether.

        Where somebody is at it already there is nothing to do.
        """
        if self._rebuilding.locked():
            return False
        if self._wanted.identity != self._store.embeddings.identity:
            log.warning("store.embedding_changed", was=self._store.embeddings.identity, now=self._wanted.identity)
        elif not self._is_worn():
            return False
        self.rebuild()
        return True

    def rebuild(self) -> int:
        """Make both indexes anew, under the model that is wanted; returns how many chunks there are.

        Waits for a rebuild that is running: it may have begun before what this one is to take in.
        """
        with self._rebuilding:
            return rebuild(self._store, self._database, embeddings=self._wanted, model=self._model)

    def record_model(self) -> None:
        """Note whose vectors the documents will have; only while there are none."""
        state = replace(read_state(self._database), embedding=self._wanted.identity, model=self._model)
        with self._database.session() as session:
            write_state(session, state)

    def _is_worn(self) -> bool:
        deleted = read_state(self._database).deleted
        return deleted > max(_WORN_CHUNKS, _WORN_SHARE * self._store.vectors.count())


def open_store(
    settings: Settings,
    database: Database,
    embeddings: PassageEmbeddings,
    *,
    former_model: FormerModel = lambda _: None,
) -> tuple[ChunkStore, Upkeep]:
    """The store of the settings' data folder; the caller holds its lock, if Chroma is embedded.

    Of a model that was changed the former one goes on serving, if `former_model` still has it, until `Upkeep` is done;
    else, and when an index was lost, the indexes are made anew before this returns.
    """
    state = read_state(database)
    serving = embeddings
    if state.embedding not in (None, embeddings.identity):
        found = former_model(state.model) if state.model is not None else None
        serving = found if found is not None and found.identity == state.embedding else embeddings
    alone = settings.chroma_url is None
    indexes = IndexFolder(settings.data_dir / "indexes", settings.chroma_url)
    store = _opened(
        lambda: ChunkStore(database, indexes, serving, clock=lambda: datetime.now(UTC)), database, alone=alone
    )
    upkeep = Upkeep(store, database, wanted=embeddings, model=settings.embedding_model)
    _heal(store, database, upkeep, alone=alone)
    return store, upkeep


def _opened(make: Callable[[], ChunkStore], database: Database, *, alone: bool) -> ChunkStore:
    """The store; over indexes that cannot be opened it gets the next, empty ones, which are filled from SQL then."""
    try:
        return make()
    except Exception as error:  # what a damaged file is to tantivy and Chroma has no common base
        if not alone or isinstance(error, OSError) or is_out_of_space(error):
            raise
        log.warning("store.index_damaged", error=str(error))
    state = read_state(database)
    with database.session() as session:
        write_state(session, replace(state, pair=state.pair + 1))
    return make()


def _heal(store: ChunkStore, database: Database, upkeep: Upkeep, *, alone: bool) -> None:
    """Drop what a crash left half done, and rebuild what does not fit: another model's vectors, a lossy index."""
    store.give_up_unfinished(alone=alone)
    if alone:
        store.indexes.drop_others(store.serving.pair)
    state, live = read_state(database), store.counts().chunks
    if not live:
        upkeep.record_model()
    elif state.embedding != store.embeddings.identity:
        log.warning("store.former_model_lost", was=state.embedding, now=store.embeddings.identity, chunks=live)
        upkeep.rebuild()
    elif store.vectors.count() < live:
        log.warning("store.index_incomplete", chunks=live)
        rebuild(store, database)
    elif store.keyword.count() < live:
        # Each process has its own; the vectors may be served by others too, so the pair stays.
        log.warning("store.keyword_incomplete", chunks=live)
        fill_keyword(store, database)
