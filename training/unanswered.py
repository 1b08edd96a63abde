"""Which turns were not answered well, and why: what gaps are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from chains.countries import countries_in
from chains.stored import reply_from
from chains.tables import FeedbackRow, TurnRow, TurnStatus
from core.languages import detect
from core.types import AbstentionReason, Reply
from training.tables import GapMemberRow

__all__ = ["Cause", "Unanswered", "forget_mended", "unanswered", "unanswered_of", "week_of"]

_MISSING = (
    AbstentionReason.NOT_COVERED,
    AbstentionReason.NO_DOCUMENTS,
    AbstentionReason.OTHER_COUNTRY,
    AbstentionReason.SOURCES_DISAGREE,
)
"""Refusals that a document or an answer would mend; what is refused on principle is no gap."""


class Cause(StrEnum):
    """Why a turn counts as not answered."""

    ABSTAINED = "abstained"
    DISLIKED = "disliked"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A turn that was not answered well; `reply` is what was said then."""

    turn_id: str
    principal: str
    question: str
    jurisdiction: str | None
    language: str
    asked_at: datetime
    cause: Cause
    reply: Reply | None


def unanswered(session: Session, *, limit: int) -> list[Unanswered]:
    """Such turns that are in no gap yet, the oldest first."""
    grouped = select(GapMemberRow.turn_id)
    chosen = _turns().where(_counts(), TurnRow.id.not_in(grouped)).order_by(TurnRow.asked_at, TurnRow.id).limit(limit)
    return [_unanswered(turn, helpful) for turn, helpful in session.execute(chosen)]


def unanswered_of(session: Session, gap_ids: Sequence[str]) -> dict[str, list[Unanswered]]:
    """The turns of gaps, the oldest first."""
    chosen = (
        _turns()
        .add_columns(GapMemberRow.gap_id)
        .join(GapMemberRow, GapMemberRow.turn_id == TurnRow.id)
        .where(GapMemberRow.gap_id.in_(gap_ids))
        .order_by(TurnRow.asked_at, TurnRow.id)
    )
    found: dict[str, list[Unanswered]] = {gap_id: [] for gap_id in gap_ids}
    for turn, helpful, gap_id in session.execute(chosen):
        found[gap_id].append(_unanswered(turn, helpful))
    return found


def forget_mended(session: Session) -> None:
    """Take turns out of their gaps that count no longer, as when somebody has changed their mind."""
    still = (
        select(GapMemberRow.turn_id)
        .join(TurnRow, TurnRow.id == GapMemberRow.turn_id)
        .outerjoin(FeedbackRow, FeedbackRow.turn_id == TurnRow.id)
        .where(_counts())
    )
    session.execute(
        delete(GapMemberRow).where(GapMemberRow.turn_id.not_in(still)).execution_options(synchronize_session=False)
    )


def _turns() -> Select[TurnRow, bool | None]:
    return select(TurnRow, FeedbackRow.helpful).outerjoin(FeedbackRow, FeedbackRow.turn_id == TurnRow.id)


def _counts() -> ColumnElement[bool]:
    refused = or_(*(TurnRow.reply.contains(f'"reason":"{reason.value}"', autoescape=True) for reason in _MISSING))
    abstained = and_(TurnRow.status == TurnStatus.ABSTAINED, refused)
    disliked = FeedbackRow.helpful.is_(False)
    return or_(abstained, disliked, TurnRow.handed_over_at.is_not(None))


def _unanswered(turn: TurnRow, helpful: bool | None) -> Unanswered:
    named = countries_in(turn.question).wanted
    reply = None if turn.reply is None else reply_from(turn.reply)
    if turn.handed_over_at is not None:
        cause = Cause.HANDED_OVER
    else:
        cause = Cause.DISLIKED if helpful is False else Cause.ABSTAINED
    return Unanswered(
        turn.id, turn.principal, turn.question, turn.jurisdiction or (named[0] if len(named) == 1 else None),
        detect(turn.question) or "en", turn.asked_at, cause, reply,
    )  # fmt: skip


def week_of(day: datetime | date) -> str:
    """The ISO week of a day, as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
