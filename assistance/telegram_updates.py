"""Updates of the Telegram bot: each stored once, handled in the order of its chat, finished after a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from assistance.telegram_tables import UpdateRow
from core.crash import crash_point
from core.database import Database

__all__ = ["Backlog", "TakenUpdate", "UpdateBox"]

_HELD = timedelta(minutes=5)
"""Longer than the slowest answer; after it another process takes over what its holder left."""
_KEPT = timedelta(days=8)
"""Telegram offers an update for 24 hours, and counts anew only after a week without one: bots/api#update"""


@dataclass(frozen=True, slots=True)
class TakenUpdate:
    """An update that is this process's to handle; `attempts` counts this one."""

    update_id: int
    payload: str
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many updates are not handled, since when the oldest of them waits, and when one was last handled."""

    waiting: int
    waits_since: datetime | None
    handled_at: datetime | None


class UpdateBox:
    """Every call is one short transaction."""

    def __init__(
        self, database: Database, *, executor: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._executor = executor
        self._now = now

    def keep(self, update_id: int, chat_id: int, payload: str) -> bool:
        """Store an update; False for one that was there."""
        row = UpdateRow(
            update_id=update_id, chat_id=chat_id, payload=payload, received_at=self._now(), attempts=0, executor=None,
            held_until=None, handled_at=None,
        )  # fmt: skip
        try:
            with self._database.session() as session:
                session.add(row)
        except IntegrityError:
            return False
        crash_point("telegram.kept")
        return True

    def take(self, chat_id: int) -> TakenUpdate | None:
        """The oldest update of a chat that is not handled; None where there is none, or somebody is at work on it."""
        now = self._now()
        oldest = (
            select(UpdateRow.update_id)
            .where(UpdateRow.chat_id == chat_id, UpdateRow.handled_at.is_(None))
            .order_by(UpdateRow.update_id)
            .limit(1)
            .scalar_subquery()
        )
        free = or_(UpdateRow.held_until.is_(None), UpdateRow.held_until <= now)
        held = {"executor": self._executor, "held_until": now + _HELD, "attempts": UpdateRow.attempts + 1}
        taken = update(UpdateRow).where(UpdateRow.update_id == oldest, UpdateRow.handled_at.is_(None), free)
        wanted = (UpdateRow.update_id, UpdateRow.payload, UpdateRow.received_at, UpdateRow.attempts)
        with self._database.session() as session:
            row = session.execute(taken.values(held).returning(*wanted)).one_or_none()
        return None if row is None else TakenUpdate(row[0], row[1] or "{}", row[2], row[3])

    def settle(self, update_id: int) -> None:
        """It is handled; what it said is forgotten."""
        self._set(update_id, handled_at=self._now(), payload=None, held_until=None)

    def put_back(self, update_id: int, *, after_s: float) -> None:
        """It could not be handled; it is free again after so many seconds."""
        self._set(update_id, held_until=self._now() + timedelta(seconds=after_s))

    def chats_waiting(self) -> list[int]:
        """Chats with something to handle that nobody holds, the longest waiting first."""
        free = or_(UpdateRow.held_until.is_(None), UpdateRow.held_until <= self._now())
        waiting = select(UpdateRow.chat_id).where(UpdateRow.handled_at.is_(None), free).order_by(UpdateRow.update_id)
        with self._database.read() as connection:
            return list(dict.fromkeys(connection.scalars(waiting.limit(1000))))

    def backlog(self) -> Backlog:
        """How far the bot is behind, over all processes."""
        open_ones = select(func.count(), func.min(UpdateRow.received_at)).where(UpdateRow.handled_at.is_(None))
        with self._database.read() as connection:
            waiting, since = connection.execute(open_ones).one()
            return Backlog(waiting, since, connection.scalar(select(func.max(UpdateRow.handled_at))))

    def free_own(self) -> None:
        """Let go of what an earlier process of this executor held when it died."""
        held = (UpdateRow.executor == self._executor, UpdateRow.handled_at.is_(None))
        with self._database.session() as session:
            session.execute(update(UpdateRow).where(*held).values(held_until=None))

    def forget_old(self) -> None:
        """Drop handled updates that Telegram cannot offer again."""
        with self._database.session() as session:
            session.execute(delete(UpdateRow).where(UpdateRow.handled_at <= self._now() - _KEPT))

    def _set(self, update_id: int, **values: object) -> None:
        with self._database.session() as session:
            session.execute(update(UpdateRow).where(UpdateRow.update_id == update_id).values(values))
