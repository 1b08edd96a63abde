"""What people think of the replies they were given: one word on each turn, which its owner may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from chains.tables import FeedbackRow, TurnRow
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound

__all__ = ["Feedback", "FeedbackReason", "Feedbacks"]


class FeedbackReason(StrEnum):
    """Why a reply did not help."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    NOT_MY_QUESTION = "not_my_question"
    UNCLEAR = "unclear"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A thumb up or down, with a reason and the person's own words where they gave them."""

    turn_id: str
    helpful: bool
    reason: FeedbackReason | None
    text: str | None
    given_at: datetime


class Feedbacks:
    """Keeps feedback beside the turns; it belongs to whoever asked."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def give(
        self,
        principal: str,
        turn_id: str,
        *,
        helpful: bool,
        reason: FeedbackReason | None = None,
        text: str | None = None,
    ) -> Feedback:
        """Say it, or say it anew; raises `NotFound` for somebody else's turn and `Conflict` for one without a reply."""
        if helpful and reason is not None:
            raise InvalidInput(f"the reason {reason.value!r} says why a reply did not help; leave it out")
        with self._database.session() as session:
            # Locked, so that of two that arrive together the second finds the first.
            own = select(TurnRow).where(TurnRow.id == turn_id, TurnRow.principal == principal).with_for_update()
            turn = session.scalar(own)
            if turn is None:
                raise NotFound(f"there is no turn {turn_id!r}")
            if turn.reply is None:
                raise Conflict(f"the turn {turn_id!r} has no reply yet; read it at /turns/{turn_id}")
            row = FeedbackRow(
                turn_id=turn_id, principal=principal, helpful=helpful, reason=reason, text=text, given_at=self._clock()
            )
            return _feedback(session.merge(row))

    def of_turns(self, turn_ids: Sequence[str]) -> dict[str, Feedback]:
        """What was said of those of the turns that something was said of."""
        with self._database.reading() as session:
            rows = session.scalars(select(FeedbackRow).where(FeedbackRow.turn_id.in_(turn_ids)))
            return {row.turn_id: _feedback(row) for row in rows}

    def count(self, principal: str) -> int:
        """How many there are of this person."""
        return self._database.count(FeedbackRow, FeedbackRow.principal == principal)

    def export(self, principal: str) -> list[dict[str, Any]]:
        """All there is of this person, the oldest first."""
        chosen = select(FeedbackRow).where(FeedbackRow.principal == principal)
        with self._database.reading() as session:
            rows = session.scalars(chosen.order_by(FeedbackRow.given_at, FeedbackRow.turn_id))
            return [asdict(_feedback(row)) for row in rows]

    def erase(self, principal: str) -> int:
        """Delete all there is of this person; how many there were."""
        with self._database.session() as session:
            gone = delete(FeedbackRow).where(FeedbackRow.principal == principal).returning(FeedbackRow.turn_id)
            return len(session.scalars(gone).all())


def _feedback(row: FeedbackRow) -> Feedback:
    reason = None if row.reason is None else FeedbackReason(row.reason)
    return Feedback(row.turn_id, row.helpful, reason, row.text, row.given_at)
