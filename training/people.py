"""What is kept here of a person: proposals and decisions keep their words when they lose the name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from core.database import Database
from training.records import example_of, told
from training.tables import AuditRow, ExampleRow, GapRow

__all__ = ["ERASED", "TrainingRecords"]

ERASED = "erased"
"""Whose name is given for somebody who was erased."""


class TrainingRecords:
    """Counts, exports and erases a person's traces; their questions in gaps go with their turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, principal: str) -> int:
        """How many proposals of this person there are."""
        return self._database.count(ExampleRow, ExampleRow.proposed_by == principal)

    def export(self, principal: str) -> list[dict[str, Any]]:
        """This person's proposals, the oldest first."""
        chosen = select(ExampleRow).where(ExampleRow.proposed_by == principal)
        with self._database.reading() as session:
            rows = session.scalars(chosen.order_by(ExampleRow.proposed_at, ExampleRow.id))
            return [{"id": row.id, "proposed_at": row.proposed_at, **told(example_of(row))} for row in rows]

    def erase(self, principal: str) -> int:
        """Take the name off proposals, approvals, dismissed gaps and the log; how many proposals there were."""
        with self._database.session() as session:
            # The key was theirs to choose and need be unique only beside their name.
            nameless = {"proposed_by": ERASED, "idempotency_key": ExampleRow.id}
            mine = update(ExampleRow).where(ExampleRow.proposed_by == principal)
            gone = session.scalars(mine.values(nameless).returning(ExampleRow.id)).all()
            session.execute(update(ExampleRow).where(ExampleRow.approved_by == principal).values(approved_by=ERASED))
            session.execute(update(GapRow).where(GapRow.closed_by == principal).values(closed_by=ERASED))
            session.execute(update(AuditRow).where(AuditRow.actor == principal).values(actor=ERASED))
            return len(gone)
