"""A small folder of documents that changes, the real store and pipeline over it, and what must hold of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from core.database import Database
from core.hash_embeddings import HashEmbeddings
from core.settings import Settings
from ingest.blocks import Block, BlockKind
from ingest.formats import Format
from ingest.parser import Parser
from ingest.pipeline import Ingestor
from retrieval.indexes import IndexFolder
from retrieval.lock import StoreLock
from retrieval.opening import Upkeep, open_store
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.store import ChunkStore
from retrieval.tables import ChunkRow, VersionRow, VersionStatus

__all__ = [
    "AFTER",
    "BEFORE",
    "EMBEDDINGS",
    "Knowledge",
    "LineParser",
    "check_served",
    "check_whole",
    "opened_knowledge",
    "opened_untouched",
    "write_folder",
]

EMBEDDINGS = HashEmbeddings()
_RULES = 8
_TODAY = date(2026, 11, 20)


def _text(name: str, edition: int) -> str:
    """Enough sentences for several passages, none of which is in another document or edition."""
    rules = (
        f"Rule {number} of the {name} document in edition {edition} says that applicant {name}{edition}x{number} "
        + " ".join(f"{name}{edition}word{number}x{word}" for word in range(30))
        + "."
        for number in range(_RULES)
    )
    return "\n\n".join(rules)


BEFORE: Mapping[str, str] = {
    "change.md": _text("change", 1),
    "gone.md": _text("gone", 1),
    "keep.md": _text("keep", 1),
}
AFTER: Mapping[str, str] = {
    "change.md": _text("change", 2),
    "fresh.md": _text("fresh", 1),
    "keep.md": _text("keep", 1),
}
"""One document each is removed, added and replaced; a sync settles them in this order."""


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Make the folder hold exactly these files."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text)


class LineParser(Parser):
    """Reads a file in this process, each line as a paragraph: the child that parses is not what dies here."""

    def __init__(self) -> None:
        pass

    def parse(self, path: Path, file_format: Format) -> list[Block]:
        return [Block(BlockKind.PARAGRAPH, line) for line in path.read_text().splitlines() if line]

    def start(self) -> None:
        pass

    def rest(self) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Knowledge:
    database: Database
    store: ChunkStore
    upkeep: Upkeep
    ingestor: Ingestor


@contextmanager
def opened_knowledge(settings: Settings) -> Iterator[Knowledge]:
    """The store as a start of the application opens it, with what it heals."""
    lock = StoreLock(settings.data_dir / "store.lock")
    lock.acquire()
    database = Database(settings.sqlalchemy_url)
    database.migrate()
    store, upkeep = open_store(settings, database, EMBEDDINGS)
    yield Knowledge(database, store, upkeep, Ingestor(store, LineParser(), database=database))
    store.close()
    database.close()
    lock.release()


@contextmanager
def opened_untouched(settings: Settings) -> Iterator[ChunkStore]:
    """The store as the crash left it."""
    database = Database(settings.sqlalchemy_url)
    store = ChunkStore(
        database, IndexFolder(settings.data_dir / "indexes"), EMBEDDINGS, clock=lambda: datetime.now(UTC)
    )
    yield store
    store.close()
    database.close()


def check_served(store: ChunkStore, *editions: Mapping[str, str]) -> None:
    """Every document is one of its editions as a whole, and each of its passages is found, with no other beside it."""
    consistency = store.consistency()
    assert consistency.is_whole, consistency
    live = {document.id.split("/")[-1]: document.version_id for document in store.documents() if document.version_id}
    for name in {name for edition in editions for name in edition} | live.keys():
        texts = [edition.get(name) for edition in editions]
        shown = store.get_version(f"kb/{name}", live[name]).canonical_text if name in live else None
        assert _lines(shown) in [_lines(text) for text in texts], f"{name} is neither as it was nor as it is to be"
    _check_passages(store, set(live.values()))


def check_whole(store: ChunkStore, texts: Mapping[str, str]) -> None:
    """The folder is served as it is, and SQL, Chroma and the keyword index hold the same passages, each once."""
    check_served(store, texts)
    known = set(_chunk_ids(store, VersionStatus.LIVE, VersionStatus.STAGED, VersionStatus.SUPERSEDED))
    assert known == store.vectors.ids()
    assert Counter(known) == Counter(store.keyword.ids())
    assert known == set(_chunk_ids(store, VersionStatus.LIVE))
    assert store.vectors.count() == len(known)


def _check_passages(store: ChunkStore, versions: set[str | None]) -> None:
    retriever = HybridRetriever(store=store)
    for version in versions:
        assert version is not None
        stored = store.get_version(store.chunks_of(version)[0].chunk.document_id, version)
        chunks = [item.chunk for item in store.chunks_of(version)]
        assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
        assert _lines("\n".join(chunk.text for chunk in chunks)) == _lines(stored.canonical_text)
        for chunk in chunks:
            found = retriever.search(Query(chunk.text, as_of=_TODAY))
            assert found[0].chunk.text == chunk.text
            assert {passage.chunk.version_id for passage in found} <= versions
            assert len({passage.chunk.id for passage in found}) == len(found)


def _chunk_ids(store: ChunkStore, *statuses: VersionStatus) -> list[str]:
    versions = select(VersionRow.id).where(VersionRow.status.in_(statuses))
    with store._database.read() as connection:
        return list(connection.scalars(select(ChunkRow.id).where(ChunkRow.version_id.in_(versions))))


def _lines(text: str | None) -> list[str] | None:
    """The sentences, wherever a line or a passage ended."""
    return None if text is None else [line.strip() for line in text.replace(".", ".\n").splitlines() if line.strip()]
