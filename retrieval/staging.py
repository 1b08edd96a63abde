"""Writing a version and its chunks into the tables, within the caller's transaction, and into the keyword index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from core.types import Kind
from retrieval.keyword import KeywordEntry
from retrieval.records import LiveChunk, VersionRecord, chunk_values, meta_values
from retrieval.tables import ChunkRow, DocumentRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.models import EmbeddedPassage
    from core.types import Chunk

__all__ = [
    "check_chunks",
    "jurisdiction_of",
    "keyword_entry",
    "put_chunks",
    "put_document",
    "put_version",
    "set_status",
]


def check_chunks(document_id: str, version: VersionRecord, chunks: Sequence[Chunk]) -> None:
    """Raise `ValueError` for a chunk of another version, or whose text does not stand where it says."""
    for chunk in chunks:
        if (chunk.document_id, chunk.version_id) != (document_id, version.id):
            raise ValueError(f"chunk {chunk.id!r} is of another version than {version.id!r} of {document_id!r}")
        if version.canonical_text[chunk.start : chunk.end] != chunk.text:
            raise ValueError(
                f"chunk {chunk.id!r} is not what stands at {chunk.start} to {chunk.end}: {chunk.text[:60]!r}"
            )


def put_document(session: Session, document_id: str, *, kind: Kind, root: str, now: datetime) -> None:
    document = session.get(DocumentRow, document_id)
    if document is None:
        document = DocumentRow(id=document_id, created_at=now)
        session.add(document)
    document.kind, document.root, document.updated_at = kind, root, now
    session.flush()


def put_version(session: Session, document_id: str, version: VersionRecord, *, now: datetime) -> bool:
    """Write a version as staged; False when it is live already, and its chunks are to be left alone.

    Raises `ValueError` when the id belongs to another document.
    """
    row = session.get(VersionRow, version.id)
    if row is not None and row.document_id != document_id:
        raise ValueError(
            f"version {version.id!r} belongs to {row.document_id!r}, so {document_id!r} cannot have it too"
        )
    if row is not None and row.status == VersionStatus.LIVE:
        return False
    # What an earlier attempt left half done will not be continued.
    set_status(session, document_id, VersionStatus.STAGED, to=VersionStatus.SUPERSEDED)
    if row is None:
        row = VersionRow(id=version.id, document_id=document_id, created_at=now)
        session.add(row)
    values = meta_values(version.meta) | {
        "content_hash": version.content_hash,
        "parser_version": version.parser_version,
        "canonical_text": version.canonical_text,
        "outline": [[block.kind, block.level, block.start, block.end] for block in version.outline],
        "status": VersionStatus.STAGED,
    }
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    return True


def put_chunks(session: Session, version_id: str, chunks: Sequence[Chunk], embedded: Sequence[EmbeddedPassage]) -> None:
    """Write a version's chunks in place of those it had."""
    session.execute(delete(ChunkRow).where(ChunkRow.version_id == version_id))
    values = [chunk_values(chunk, vectors) for chunk, vectors in zip(chunks, embedded, strict=True)]
    if values:
        session.execute(insert(ChunkRow), values)


def set_status(session: Session, document_id: str, *old: VersionStatus, to: VersionStatus) -> None:
    """Move those of a document's versions that have one of the `old` statuses."""
    mine = (VersionRow.document_id == document_id, VersionRow.status.in_(old))
    session.execute(update(VersionRow).where(*mine).values(status=to))


def jurisdiction_of(item: LiveChunk) -> str:
    """Whose rules a chunk tells."""
    return item.chunk.jurisdiction or item.meta.jurisdiction


def keyword_entry(item: LiveChunk) -> KeywordEntry:
    """What the keyword index gets of a chunk: its title and headings before its text."""
    chunk = item.chunk
    question = [chunk.question] if chunk.question and chunk.question not in chunk.text else []
    text = "\n".join([item.meta.title, *chunk.section, *question, chunk.text])
    return KeywordEntry(id=chunk.id, text=text, language=item.meta.language, jurisdiction=jurisdiction_of(item))
