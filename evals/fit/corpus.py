"""A set in the neutral format, taken in by the project's own ingest and open for asking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from core.database import Database
from core.models import build_embeddings
from core.settings import Settings
from evals.neutral import Asked, Gold, RetrievalSet, SetDocument
from ingest.parser import Parser
from ingest.pipeline import Ingestor
from retrieval.lock import StoreLock
from retrieval.opening import open_store
from retrieval.retriever import HybridRetriever
from retrieval.samples import SampleStore
from retrieval.store import ChunkStore

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["Indexed", "indexed", "opened"]

_FOLDER = "set"


@dataclass(frozen=True, slots=True)
class Indexed:
    """An open store of a set, and which of its chunks hold an answer."""

    store: ChunkStore
    retriever: HybridRetriever
    _texts: dict[str, SetDocument]
    _ids: dict[str, str]
    _spans: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)

    def document_of(self, document_id: str) -> str:
        """The set's id of a document of the store."""
        return self._ids[document_id]

    def first_vector(self, document: str) -> Vector:
        """The vector of the first chunk of one of the set's documents."""
        version = self.store.get_version(_store_id(document))
        vectors = self.store.vectors_of(version.id)
        return vectors[min(vectors)]

    def answering(self, asked: Asked) -> frozenset[str]:
        """The ids of all chunks that share text with a place that answers; of a whole document, all it has."""
        return frozenset(chunk_id for gold in asked.gold for chunk_id in self._holding(gold))

    def _holding(self, gold: Gold) -> list[str]:
        spans = self._chunks_of(gold.document)
        if gold.start is None or gold.end is None:
            return [chunk_id for chunk_id, _, _ in spans]
        before = _letters_before(self._texts[gold.document].text)
        start, end = before[gold.start], before[gold.end]
        return [chunk_id for chunk_id, first, last in spans if first < end and start < last]

    def _chunks_of(self, document: str) -> list[tuple[str, int, int]]:
        """Chunk ids with what they span, counted in letters and digits: ingest changes marks and spaces, not these."""
        if document not in self._spans:
            version = self.store.get_version(_store_id(document))
            before = _letters_before(version.canonical_text)
            self._spans[document] = [
                (live.chunk.id, before[live.chunk.start], before[live.chunk.end])
                for live in self.store.chunks_of(version.id)
            ]
        return self._spans[document]


@contextmanager
def indexed(found: RetrievalSet, folder: Path) -> Iterator[Indexed]:
    """The set's documents indexed below `folder`, which keeps them: what is unchanged there is not embedded again."""
    documents = folder / _FOLDER
    _write(documents, found.documents)
    with opened(folder / "data", documents) as (store, _):
        yield Indexed(
            store,
            HybridRetriever(store=store, today=lambda: datetime.now(UTC).date()),
            {one.id: one for one in found.documents},
            {_store_id(one.id): one.id for one in found.documents},
        )


@contextmanager
def opened(data_dir: Path, documents: Path) -> Iterator[tuple[ChunkStore, Database]]:
    """A store in `data_dir`, in step with the folder `documents`; the exported encoder is that of all data folders."""
    settings = Settings(data_dir=data_dir, knowledge_base=documents, model_cache_dir=Settings().models_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = StoreLock(settings.data_dir / "store.lock")
    lock.acquire()
    database = Database(settings.sqlalchemy_url)
    try:
        database.migrate()
        store, upkeep = open_store(settings, database, build_embeddings(settings))
        try:
            with Parser(settings) as parser:
                ingestor = Ingestor(store, parser, database=database, samples=SampleStore(database))
                ingestor.sync_folder(settings.knowledge_base)
                upkeep.carry_out()
                ingestor.sync_samples(settings.knowledge_base)
            yield store, database
        finally:
            store.close()
    finally:
        database.close()
        lock.release()


def _write(folder: Path, documents: Sequence[SetDocument]) -> None:
    """Write documents and what is said of them, where they are not there already, and remove what is none of them."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, str] = {}
    for one in documents:
        wanted[_file_name(one.id)] = one.text
        about = f"title: {json.dumps(one.title, ensure_ascii=False)}\nlanguage: {one.language}\n"
        wanted[f"{_file_name(one.id)}.meta.yaml"] = about
    for stray in folder.iterdir():
        if stray.name not in wanted:
            stray.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _file_name(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()[:16] + ".txt"


def _store_id(document: str) -> str:
    return f"{_FOLDER}/{_file_name(document)}"


def _letters_before(text: str) -> list[int]:
    """For each place in `text`, and its end, how many letters and digits stand before it."""
    return [0, *accumulate(map(str.isalnum, text))]
