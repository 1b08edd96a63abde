"""Erasing a document for good, and showing that nothing of it is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from retrieval.tables import ChunkRow, CitedRow, DocumentRow, ReleaseRow, SampleQuestionsRow, VersionRow

if TYPE_CHECKING:
    from core.database import Database
    from retrieval.opening import Upkeep
    from retrieval.store import ChunkStore

__all__ = ["Erasure", "erase"]

_PROBE_CHARS = 32  # a database page may end within a text: short pieces are found all the same
_PROBE_STEP = 160
_VECTOR_PROBE_BYTES = 32
_MAX_PROBES = 400
_BLOCK_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, and the proof: `probes` pieces of its texts and vectors were looked for in `files` files.

    `found_in` names those in which one still stands; of the database these are conversations that quote it.
    """

    document_id: str
    versions: int
    passages: int
    probes: int
    files: int
    found_in: tuple[str, ...]


def erase(
    store: ChunkStore,
    database: Database,
    upkeep: Upkeep,
    *,
    document_id: str,
    data_dir: Path,
    settle: Callable[[], None] = lambda: None,
) -> Erasure:
    """Remove a document with all its versions: from SQL, from both indexes, which are made anew, and from their files.

    Quotes from it no longer open. `settle` is called once it answers nobody, and returns when no sync can bring it
    back. May be repeated after a crash. Raises `NotFound`. With PostgreSQL or a Chroma server the files searched are
    those of the data folder alone.
    """
    probes = _probes(database, document_id)
    versions = store.versions(document_id)
    passages = len(_passages(database, document_id))
    store.remove(document_id)
    settle()
    # Before SQL forgets the document: killed here, it is there to be erased again, and the indexes with it.
    upkeep.rebuild()
    with database.session() as session:
        for table in (CitedRow, ReleaseRow, SampleQuestionsRow, VersionRow):
            session.execute(delete(table).where(table.document_id == document_id))
        session.execute(delete(DocumentRow).where(DocumentRow.id == document_id))
    database.compact("versions", "chunks", "sample_questions")
    searched, found = _search(data_dir, probes)
    return Erasure(document_id, len(versions), passages, len(probes), searched, found)


@dataclass(frozen=True, slots=True)
class _Probes:
    """Pieces of a document's texts and vectors that no other document shares."""

    texts: Sequence[bytes]
    vectors: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.texts) + len(self.vectors)

    def are_in(self, path: Path) -> bool:
        return bool(self) and _holds(path, (*self.texts, *self.vectors))


def _probes(database: Database, document_id: str) -> _Probes:
    with database.read() as connection:
        texts = connection.execute(select(VersionRow.document_id, VersionRow.canonical_text)).all()
        vectors = connection.execute(select(ChunkRow.document_id, ChunkRow.vector)).all()
    others = "\n".join(text for owner, text in texts if owner != document_id)
    pieces = {
        text[at : at + _PROBE_CHARS]
        for owner, text in texts
        if owner == document_id
        for at in range(0, max(1, len(text) - _PROBE_CHARS), _PROBE_STEP)
    }
    shared = {vector[:_VECTOR_PROBE_BYTES] for owner, vector in vectors if owner != document_id}
    own = {vector[:_VECTOR_PROBE_BYTES] for owner, vector in vectors if owner == document_id} - shared
    words = sorted(piece.encode() for piece in pieces if len(piece) == _PROBE_CHARS and piece not in others)
    return _Probes(_spread(words), _spread(sorted(own)))


def _passages(database: Database, document_id: str) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(ChunkRow.id).where(ChunkRow.document_id == document_id)))


def _spread(items: Sequence[bytes]) -> Sequence[bytes]:
    return items[:: max(1, -(-len(items) // _MAX_PROBES))]


def _holds(path: Path, pieces: Sequence[bytes]) -> bool:
    # Read, not mapped: a database's log that is cut short meanwhile would take the process with it.
    overlap = max(map(len, pieces), default=0)
    data = b""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            data = data[len(data) - overlap :] + block
            if any(piece in data for piece in pieces):
                return True
    return False


def _search(folder: Path, probes: _Probes) -> tuple[int, tuple[str, ...]]:
    """How many files were searched, and those that hold a probe; what goes away meanwhile holds none."""
    walked = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    paths = sorted(path for path in walked if path.is_file())
    return len(paths), tuple(str(path.relative_to(folder)) for path in paths if probes.are_in(path))
