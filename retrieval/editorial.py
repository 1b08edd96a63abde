"""What editors want to know of the store: versions, passages and how many of those are held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.database import Database
from retrieval.tables import ChunkRow, VersionRow, VersionStatus

__all__ = ["EditorialReader", "PassageSummary", "VersionSummary"]


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version without its text; `chunks` is 0 once it is no longer served."""

    id: str
    status: VersionStatus
    title: str
    created_at: datetime
    published_at: datetime | None
    effective_from: date | None
    effective_to: date | None
    chunks: int


@dataclass(frozen=True, slots=True)
class PassageSummary:
    """A passage as it is searched; one with a `suspicion` answers nobody unless somebody released it."""

    id: str
    ordinal: int
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    text: str
    suspicion: str | None
    released_by: str | None


class EditorialReader:
    """Reads from SQL alone, one statement a question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def held_back(self) -> dict[str, int]:
        """How many passages of each document are suspicious and not released; documents without any are left out."""
        chosen = (
            select(ChunkRow.document_id, func.count())
            .join(VersionRow, VersionRow.id == ChunkRow.version_id)
            .where(VersionRow.status == VersionStatus.LIVE, ChunkRow.is_held_back())
            .group_by(ChunkRow.document_id)
        )
        with self._database.read() as connection:
            return dict(connection.execute(chosen).all())

    def held_back_in(self, version_id: str) -> list[tuple[int, int]]:
        """Where a version's suspicious passages stand in its text that are not released, as start and end."""
        chosen = select(ChunkRow.start, ChunkRow.end).where(ChunkRow.version_id == version_id, ChunkRow.is_held_back())
        with self._database.read() as connection:
            return [(row.start, row.end) for row in connection.execute(chosen)]

    def versions(self, document_id: str) -> list[VersionSummary]:
        """All versions of a document, newest first."""
        own = (VersionRow.id, VersionRow.status, VersionRow.title, VersionRow.created_at, VersionRow.published_at)
        chosen = (
            select(*own, VersionRow.effective_from, VersionRow.effective_to, func.count(ChunkRow.id).label("chunks"))
            .outerjoin(ChunkRow, ChunkRow.version_id == VersionRow.id)
            .where(VersionRow.document_id == document_id)
            .group_by(VersionRow.id)
            .order_by(VersionRow.created_at.desc())
        )
        with self._database.read() as connection:
            return [
                VersionSummary(
                    id=row.id,
                    status=VersionStatus(row.status),
                    title=row.title,
                    created_at=row.created_at,
                    published_at=row.published_at,
                    effective_from=row.effective_from,
                    effective_to=row.effective_to,
                    chunks=row.chunks,
                )
                for row in connection.execute(chosen)
            ]

    def passages(self, version_id: str, *, limit: int, offset: int = 0) -> list[PassageSummary]:
        """A version's passages in reading order, live or not."""
        place = (ChunkRow.id, ChunkRow.ordinal, ChunkRow.section, ChunkRow.page, ChunkRow.start, ChunkRow.end)
        chosen = (
            select(*place, ChunkRow.text, ChunkRow.suspicion, ChunkRow.released_by)
            .where(ChunkRow.version_id == version_id)
            .order_by(ChunkRow.ordinal)
            .limit(limit)
            .offset(offset)
        )
        with self._database.read() as connection:
            return [
                PassageSummary(
                    id=row.id,
                    ordinal=row.ordinal,
                    section=tuple(row.section),
                    page=row.page,
                    start=row.start,
                    end=row.end,
                    text=row.text,
                    suspicion=row.suspicion,
                    released_by=row.released_by,
                )
                for row in connection.execute(chosen)
            ]
