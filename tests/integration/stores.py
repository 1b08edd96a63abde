"""A real store with two indexes on disk, and short documents to put into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.database import Database
from core.hash_embeddings import HashEmbeddings
from core.models import EmbeddedPassage, Span
from core.types import Chunk, DocumentMeta, Kind
from retrieval.indexes import IndexFolder
from retrieval.records import NewDocument, VersionRecord
from retrieval.store import ChunkStore

EMBEDDINGS = HashEmbeddings()


class CountingEmbeddings(HashEmbeddings):
    """Counts what was embedded."""

    embedded = 0

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        self.embedded += len(texts)
        return super().embed_passages(texts, spans)


@contextmanager
def opened_store(database: Database, folder: Path) -> Iterator[ChunkStore]:
    store = ChunkStore(database, IndexFolder(folder), EMBEDDINGS, clock=lambda: datetime.now(UTC))
    yield store
    store.close()


def stage(
    store: ChunkStore, version_id: str, text: str, *, document_id: str = "a.md", meta: DocumentMeta | None = None
) -> None:
    """Stage a version: every line is a chunk, each of its sentences may be quoted, and `XX: ` gives it a country."""
    chunks = [_chunk(document_id, version_id, ordinal, line) for ordinal, line in enumerate(re.finditer(r".+", text))]
    spans = [[(start - chunk.start, end - chunk.start) for start, end in chunk.sentences] for chunk in chunks]
    record = VersionRecord(version_id, f"hash-{version_id}", "1", meta or DocumentMeta(title=document_id), text)
    embedded = EMBEDDINGS.embed_passages([chunk.text for chunk in chunks], spans)
    store.stage(NewDocument(document_id, Kind.DOCUMENT, "kb", record, chunks, embedded))


def put(
    store: ChunkStore, version_id: str, text: str, *, document_id: str = "a.md", meta: DocumentMeta | None = None
) -> None:
    """Bring a version all the way to being served."""
    stage(store, version_id, text, document_id=document_id, meta=meta)
    finish(store, version_id)


def finish(store: ChunkStore, version_id: str) -> None:
    store.index(version_id)
    store.verify(version_id)
    store.publish(version_id)
    store.purge()


def _chunk(document_id: str, version_id: str, ordinal: int, line: re.Match[str]) -> Chunk:
    sentences = tuple(
        (line.start() + s.start(), line.start() + s.end()) for s in re.finditer(r"[^. ][^.]*\.?", line.group())
    )
    chunk = Chunk(
        f"{version_id}:{ordinal}", document_id, version_id, ordinal, line.group(), line.start(), line.end(),
        sentences=sentences,
    )  # fmt: skip
    country = re.match(r"([A-Z]{2}): ", chunk.text)
    return replace(chunk, jurisdiction=country.group(1)) if country else chunk
