"""Writing a version and its chunks into the tables, within the caller's transaction, and into the keyword index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.database import Base
from retrieval.keyword import KeywordEntry
from retrieval.records import LiveChunk, NewDocument, chunk_values, meta_values
from retrieval.releases import keep_releases
from retrieval.tables import ChunkRow, CitedRow, DocumentRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


__all__ = [
    "check_chunks",
    "jurisdiction_of",
    "keyword_entry",
    "put_documents",
    "set_status",
]


def check_chunks(document: NewDocument) -> None:
    """Raise `ValueError` for a chunk of another version, or whose text does not stand where it says."""
    version = document.version
    for chunk in document.chunks:
        if (chunk.document_id, chunk.version_id) != (document.id, version.id):
            raise ValueError(f"chunk {chunk.id!r} is of another version than {version.id!r} of {document.id!r}")
        if version.canonical_text[chunk.start : chunk.end] != chunk.text:
            raise ValueError(
                f"chunk {chunk.id!r} is not what stands at {chunk.start} to {chunk.end}: {chunk.text[:60]!r}"
            )


def put_documents(session: Session, documents: Sequence[NewDocument], *, now: datetime) -> None:
    """Write documents, their versions as staged and their chunks; a version that is live already is left alone.

    Many at once, because a statement costs more than a row. Raises `ValueError` when a version is another document's.
    """
    waiting = _not_live(session, documents)
    _put_rows(session, documents, now=now)
    # What an earlier attempt left half done will not be continued.
    set_status(session, [document.id for document in waiting], VersionStatus.STAGED, to=VersionStatus.SUPERSEDED)
    _put_versions(session, waiting, now=now)
    _put_chunks(session, waiting)


def _not_live(session: Session, documents: Sequence[NewDocument]) -> list[NewDocument]:
    chosen = select(VersionRow.id, VersionRow.document_id, VersionRow.status).where(
        VersionRow.id.in_([document.version.id for document in documents])
    )
    known = {row.id: row for row in session.execute(chosen)}
    for document in documents:
        row = known.get(document.version.id)
        if row is not None and row.document_id != document.id:
            raise ValueError(
                f"version {row.id!r} belongs to {row.document_id!r}, so {document.id!r} cannot have it too"
            )
    live = {version_id for version_id, row in known.items() if row.status == VersionStatus.LIVE}
    return [document for document in documents if document.version.id not in live]


def _put_rows(session: Session, documents: Sequence[NewDocument], *, now: datetime) -> None:
    rows = [{"id": item.id, "kind": item.kind, "root": item.root, "updated_at": now} for item in documents]
    known = _known(session, DocumentRow.id, [item.id for item in documents])
    _write(session, DocumentRow, rows, known, created_at=now)


def _put_versions(session: Session, documents: Sequence[NewDocument], *, now: datetime) -> None:
    rows = [
        meta_values(document.version.meta)
        | {
            "id": document.version.id,
            "document_id": document.id,
            "content_hash": document.version.content_hash,
            "parser_version": document.version.parser_version,
            "canonical_text": document.version.canonical_text,
            "outline": [[block.kind, block.level, block.start, block.end] for block in document.version.outline],
            "status": VersionStatus.STAGED,
        }
        for document in documents
    ]
    known = _known(session, VersionRow.id, [document.version.id for document in documents])
    _write(session, VersionRow, rows, known, created_at=now)


def _put_chunks(session: Session, documents: Sequence[NewDocument]) -> None:
    versions = [document.version.id for document in documents]
    session.execute(delete(ChunkRow).where(ChunkRow.version_id.in_(versions)))
    values = [
        chunk_values(chunk, vectors)
        for document in documents
        for chunk, vectors in zip(document.chunks, document.embedded, strict=True)
    ]
    if values:
        session.execute(insert(ChunkRow), values)
    session.execute(delete(CitedRow).where(CitedRow.version_id.in_(versions)))
    cited = [
        {"version_id": document.version.id, "reference": reference, "document_id": document.id}
        for document in documents
        for reference in dict.fromkeys(document.cites)
    ]
    if cited:
        session.execute(insert(CitedRow), cited)
    for document in documents:
        if any(chunk.suspicion is not None for chunk in document.chunks):
            keep_releases(session, document.version.id)


def _known(session: Session, column: InstrumentedAttribute[str], ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(column).where(column.in_(ids))))


def _write(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], known: set[str], **at_first: datetime
) -> None:
    """Update the rows whose id is known by their primary key, insert the others."""
    if fresh := [row | at_first for row in rows if row["id"] not in known]:
        session.execute(insert(table), fresh)
    if changed := [row for row in rows if row["id"] in known]:
        session.execute(update(table), changed)


def set_status(session: Session, document_ids: Sequence[str], *old: VersionStatus, to: VersionStatus) -> None:
    """Move those of the documents' versions that have one of the `old` statuses."""
    theirs = (VersionRow.document_id.in_(document_ids), VersionRow.status.in_(old))
    session.execute(update(VersionRow).where(*theirs).values(status=to).execution_options(synchronize_session=False))


def jurisdiction_of(item: LiveChunk) -> str:
    """Whose rules a chunk tells."""
    return item.chunk.jurisdiction or item.meta.jurisdiction


def keyword_entry(item: LiveChunk) -> KeywordEntry:
    """What the keyword index gets of a chunk: its title and headings before its text."""
    chunk = item.chunk
    question = [chunk.question] if chunk.question and chunk.question not in chunk.text else []
    text = "\n".join([item.meta.title, *chunk.section, *question, chunk.text])
    return KeywordEntry(id=chunk.id, text=text, language=item.meta.language, jurisdiction=jurisdiction_of(item))
