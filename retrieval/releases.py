"""Suspicious passages and an editor's word that one may be used, which holds for the same text in later versions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, select, update

from core.errors import NotFound
from retrieval.tables import ChunkRow, ReleaseRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from core.database import Database

__all__ = ["SuspiciousChunk", "keep_releases", "release", "suspicious", "withdraw"]

_SERVED = (VersionStatus.LIVE, VersionStatus.STAGED)


@dataclass(frozen=True, slots=True)
class SuspiciousChunk:
    """A passage that answers nobody while `released_by` is None; `reason` is a word of `ingest.suspicion.Suspicion`."""

    document_id: str
    chunk_id: str
    ordinal: int
    section: tuple[str, ...]
    page: int | None
    text: str
    reason: str
    released_by: str | None


def suspicious(database: Database) -> list[SuspiciousChunk]:
    """Every suspicious passage of the versions being served, released or not, in reading order."""
    chosen = _suspicious(VersionRow.status == VersionStatus.LIVE).order_by(ChunkRow.document_id, ChunkRow.ordinal)
    with database.read() as connection:
        return [_from_row(row) for row in connection.execute(chosen)]


def release(database: Database, chunk_id: str, *, by: str, now: datetime) -> SuspiciousChunk:
    """Let a passage, and its equals within the document, answer from now on; raises `NotFound`.

    What is released are its words with the headings and the question above them: if these change, it is held back anew.
    """
    with database.session() as session:
        chosen = _chosen(session, chunk_id)
        session.merge(
            ReleaseRow(document_id=chosen.document_id, text_hash=_text_hash(chosen), released_by=by, released_at=now)
        )
        _set_released(session, chosen, by)
        return _from_row(_chosen(session, chunk_id))


def withdraw(database: Database, chunk_id: str) -> SuspiciousChunk:
    """Take a release back, for the passage and its equals within the document; raises `NotFound`."""
    with database.session() as session:
        chosen = _chosen(session, chunk_id)
        known = session.get(ReleaseRow, (chosen.document_id, _text_hash(chosen)))
        if known is not None:
            session.delete(known)
        _set_released(session, chosen, None)
        return _from_row(_chosen(session, chunk_id))


def keep_releases(session: Session, version_id: str) -> None:
    """Release those passages of a version whose words were released in an earlier one of its document."""
    held_back = session.execute(_suspicious(ChunkRow.version_id == version_id, ChunkRow.released_by.is_(None))).all()
    if not held_back:
        return
    chosen = select(ReleaseRow.text_hash, ReleaseRow.released_by).where(
        ReleaseRow.document_id == held_back[0].document_id
    )
    known = {row.text_hash: row.released_by for row in session.execute(chosen)}
    for row in held_back:
        if (by := known.get(_text_hash(row))) is not None:
            _write(session, [row.id], by)


def _suspicious(*which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(ChunkRow.__table__)
        .join(VersionRow, VersionRow.id == ChunkRow.version_id)
        .where(ChunkRow.suspicion.is_not(None), *which)
    )


def _chosen(session: Session, chunk_id: str) -> Row[Any]:
    row = session.execute(_suspicious(ChunkRow.id == chunk_id, VersionRow.status.in_(_SERVED))).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no suspicious passage {chunk_id!r}; its document may have changed since: look at the list again"
        )
    return row


def _set_released(session: Session, chosen: Row[Any], by: str | None) -> None:
    wanted = _text_hash(chosen)
    rows = session.execute(_suspicious(ChunkRow.document_id == chosen.document_id, VersionRow.status.in_(_SERVED)))
    _write(session, [row.id for row in rows.all() if _text_hash(row) == wanted], by)


def _write(session: Session, chunk_ids: Sequence[str], by: str | None) -> None:
    session.execute(
        update(ChunkRow)
        .where(ChunkRow.id.in_(chunk_ids))
        .values(released_by=by)
        .execution_options(synchronize_session=False)
    )


def _text_hash(row: Row[Any]) -> str:
    """Of all that is read of a passage: an order may also stand in a heading above it."""
    return hashlib.sha256("\0".join((*row.section, row.question or "", row.text)).encode()).hexdigest()


def _from_row(row: Row[Any]) -> SuspiciousChunk:
    return SuspiciousChunk(
        document_id=row.document_id,
        chunk_id=row.id,
        ordinal=row.ordinal,
        section=tuple(row.section),
        page=row.page,
        text=row.text,
        reason=row.suspicion,
        released_by=row.released_by,
    )
