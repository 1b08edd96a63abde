"""The list of files that could not be read, kept until they change or go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from core.database import Database
from core.errors import UnreadableDocument
from ingest.sources import SourceFile
from ingest.tables import UnreadableRow

__all__ = ["UnreadableFile", "UnreadableFiles"]


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file, its content when it was tried, and why it gave no text."""

    document_id: str
    content_hash: str
    reason: str
    detail: str


class UnreadableFiles:
    """Reads and writes the table `unreadable`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def listed(self, root: str | None = None) -> list[UnreadableFile]:
        """Those below `root`, or all, by id."""
        chosen = select(UnreadableRow).order_by(UnreadableRow.document_id)
        if root is not None:
            chosen = chosen.where(UnreadableRow.root == root)
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
        return [UnreadableFile(row.document_id, row.content_hash, row.reason, row.detail) for row in rows]

    def remember(self, file: SourceFile, content_hash: str, error: UnreadableDocument) -> UnreadableFile:
        """Note that this content gave no text."""
        with self._database.session() as session:
            session.merge(
                UnreadableRow(
                    document_id=file.id,
                    root=file.root.name,
                    content_hash=content_hash,
                    reason=error.reason,
                    detail=error.detail,
                    seen_at=self._clock(),
                )
            )
        return UnreadableFile(file.id, content_hash, error.reason, error.detail)

    def forget(self, document_ids: Iterable[str]) -> None:
        """The files were read, or are gone."""
        with self._database.session() as session:
            session.execute(delete(UnreadableRow).where(UnreadableRow.document_id.in_(list(document_ids))))
