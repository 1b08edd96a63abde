"""What is known of each official page: when it was asked for, what it said, and what an editor has to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.database import Database
from ingest.fetch.client import Validators
from ingest.fetch.problems import PageProblem
from ingest.tables import FetchedPageRow

__all__ = ["PageState", "PageStates"]


@dataclass(frozen=True, slots=True)
class PageState:
    """`content_hash` and `words` are those of the text in use, None and 0 when there is none."""

    address: str
    document_id: str
    checked_at: datetime
    due_at: datetime
    validators: Validators = field(default_factory=Validators)
    content_hash: str | None = None
    words: int = 0
    problem: PageProblem | None = None
    detail: str = ""
    changed_at: datetime | None = None


class PageStates:
    """Reads and writes the table `fetched_pages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, PageState]:
        """Every page that was ever asked for and is still listed, by address."""
        with self._database.reading() as session:
            rows = session.scalars(select(FetchedPageRow).order_by(FetchedPageRow.address)).all()
        return {row.address: _state(row) for row in rows}

    def get(self, address: str) -> PageState | None:
        with self._database.reading() as session:
            row = session.get(FetchedPageRow, address)
        return None if row is None else _state(row)

    def save(self, state: PageState) -> None:
        with self._database.session() as session:
            _merge(session, state)

    def forget(self, address: str) -> None:
        with self._database.session() as session:
            session.execute(delete(FetchedPageRow).where(FetchedPageRow.address == address))


def _state(row: FetchedPageRow) -> PageState:
    return PageState(
        address=row.address,
        document_id=row.document_id,
        checked_at=row.checked_at,
        due_at=row.due_at,
        validators=Validators(row.etag, row.last_modified),
        content_hash=row.content_hash,
        words=row.words,
        problem=PageProblem(row.problem) if row.problem is not None else None,
        detail=row.detail,
        changed_at=row.changed_at,
    )


def _merge(session: Session, state: PageState) -> None:
    session.merge(
        FetchedPageRow(
            address=state.address,
            document_id=state.document_id,
            etag=state.validators.etag,
            last_modified=state.validators.last_modified,
            content_hash=state.content_hash,
            words=state.words,
            problem=state.problem,
            detail=state.detail,
            checked_at=state.checked_at,
            changed_at=state.changed_at,
            due_at=state.due_at,
        )
    )
