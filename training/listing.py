"""Examples as they are looked for, their audit log, and what people are told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.database import Database
from core.errors import InvalidInput
from core.types import GENERAL_JURISDICTION
from training.records import Example, example_of
from training.states import LIVE_STATUSES, Act, ExampleStatus
from training.tables import AuditRow, ExampleRow

__all__ = ["AuditEntry", "Listing", "News", "Notice", "Page", "Wanted"]

_TOLD = {
    Act.APPROVE: "Your train data has been approved",
    Act.UNAPPROVE: "The approval of your proposal was taken back; it is looked at again.",
    Act.REJECT: "Your proposal was not accepted",
    Act.REOPEN: "Your proposal is looked at again.",
    Act.REVOKE: "The answer that you gave is no longer used",
    Act.SUSPEND: "A document that this answer rests on has changed, so it is not used until somebody has looked at it",
    Act.RESUME: "The answer was looked at and still holds; the next training takes it in.",
    Act.FINISH: "The answer is in use.",
    Act.FAIL: "The answer made others worse and was set aside",
}
"""What people read of an act; the first is what the assistant that this one replaces told them."""

_LATEST = 2000
"""Acts of the log that are looked through for news."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: empty filters take everything. `after` is the id of the last one of the page before."""

    statuses: frozenset[ExampleStatus] = frozenset()
    jurisdiction: str | None = None
    query: str = ""
    proposed_by: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some examples, the newest first; `next` is what to ask for to go on, None at the end."""

    items: tuple[Example, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what when, with the example before and after."""

    id: int
    example_id: str
    at: datetime
    actor: str
    act: Act
    before: dict[str, Any] | None
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that somebody else did to an example of this person's; `text` says it in a sentence."""

    id: int
    example_id: str
    at: datetime
    act: Act
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class News:
    """An act with the example as it is now; `text` says it to the example's proposer and approver."""

    id: int
    act: Act
    actor: str
    text: str
    example: Example


class Listing:
    """Reads examples and their log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: Wanted) -> Page:
        """One page; raises `InvalidInput` when `after` names no example."""
        conditions = list(_conditions(wanted))
        chosen = select(ExampleRow).order_by(ExampleRow.proposed_at.desc(), ExampleRow.id.desc())
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).select_from(ExampleRow).where(*conditions)) or 0
            if wanted.after is not None:
                last = session.get(ExampleRow, wanted.after)
                if last is None:
                    raise InvalidInput(f"after {wanted.after!r} names no example; begin without it")
                earlier = ExampleRow.proposed_at < last.proposed_at
                same_time = and_(ExampleRow.proposed_at == last.proposed_at, ExampleRow.id < last.id)
                conditions.append(or_(earlier, same_time))
            rows = session.scalars(chosen.where(*conditions).limit(wanted.limit + 1)).all()
        items = tuple(example_of(row) for row in rows[: wanted.limit])
        return Page(items, total, items[-1].id if len(rows) > wanted.limit else None)

    def some(self, ids: Collection[str]) -> dict[str, Example]:
        """Those of `ids` that there are, by id."""
        with self._database.reading() as session:
            rows = session.scalars(select(ExampleRow).where(ExampleRow.id.in_(ids)))
            return {row.id: example_of(row) for row in rows}

    def question_vectors(self, embedding: str) -> Iterator[tuple[Example, bytes]]:
        """Examples that were neither rejected nor revoked, with their questions' vectors of that model."""
        chosen = select(ExampleRow).where(
            ExampleRow.status.in_(LIVE_STATUSES), ExampleRow.embedding == embedding, ExampleRow.vector.is_not(None)
        )
        with self._database.reading() as session:
            rows = session.scalars(chosen.order_by(ExampleRow.id)).all()
        return ((example_of(row), row.vector) for row in rows if row.vector is not None)

    def audit(
        self,
        example_id: str | None = None,
        *,
        actor: str | None = None,
        act: Act | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[AuditEntry]:
        """The log of one example or of all, the newest first, from the entry `before` backwards."""
        chosen = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if example_id is not None:
            chosen = chosen.where(AuditRow.example_id == example_id)
        if actor is not None:
            chosen = chosen.where(AuditRow.actor == actor)
        if act is not None:
            chosen = chosen.where(AuditRow.act == act)
        if before is not None:
            chosen = chosen.where(AuditRow.id < before)
        with self._database.reading() as session:
            return [
                AuditEntry(row.id, row.example_id, row.at, row.actor, Act(row.act), row.before, row.after)
                for row in session.scalars(chosen)
            ]

    def notices(self, principal: str, *, after: int = 0, limit: int = 100) -> list[Notice]:
        """What others did to this person's proposals and approvals since entry `after`, the newest first."""
        mine = or_(ExampleRow.proposed_by == principal, ExampleRow.approved_by == principal)
        chosen = (
            select(AuditRow, ExampleRow.question)
            .join(ExampleRow, ExampleRow.id == AuditRow.example_id)
            .where(mine, AuditRow.actor != principal, AuditRow.act.in_(_TOLD), AuditRow.id > after)
            .order_by(AuditRow.id.desc())
            .limit(limit)
        )
        with self._database.reading() as session:
            rows = session.execute(chosen).all()
        return [
            Notice(row.id, row.example_id, row.at, Act(row.act), _sentence(row), question) for row, question in rows
        ]

    def news(self, since: datetime, *, limit: int = 500) -> list[News]:
        """Proposals, and acts that people are told of, since a moment; the oldest first.

        Of very many only the latest: no look may read a log of years.
        """
        late = AuditRow.id > select(func.max(AuditRow.id) - _LATEST).scalar_subquery()
        chosen = (
            select(AuditRow, ExampleRow)
            .join(ExampleRow, ExampleRow.id == AuditRow.example_id)
            .where(late, AuditRow.at >= since, AuditRow.act.in_([Act.PROPOSE, *_TOLD]))
            .order_by(AuditRow.id.desc())
            .limit(limit)
        )
        with self._database.reading() as session:
            rows = session.execute(chosen).all()
        return [News(row.id, Act(row.act), row.actor, _sentence(row), example_of(found)) for row, found in rows][::-1]


def _sentence(row: AuditRow) -> str:
    told = _TOLD.get(Act(row.act), "Your proposal waits for an approver.")
    reason = row.after.get("reason")
    return f"{told}: {reason}" if reason else told


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.statuses:
        yield ExampleRow.status.in_(wanted.statuses)
    if wanted.jurisdiction == GENERAL_JURISDICTION:
        yield ExampleRow.jurisdiction.is_(None)
    elif wanted.jurisdiction:
        yield ExampleRow.jurisdiction == wanted.jurisdiction
    if wanted.proposed_by is not None:
        yield ExampleRow.proposed_by == wanted.proposed_by
    for word in wanted.query.split():
        yield or_(
            ExampleRow.question.icontains(word, autoescape=True), ExampleRow.answer.icontains(word, autoescape=True)
        )
