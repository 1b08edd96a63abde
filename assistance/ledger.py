"""What has to be delivered, and what became of each attempt: the deliveries' side of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from assistance.backoff import Patience
from assistance.states import ACTIVE, DeliveryStatus, Happening, NoteKind, Status, next_status
from assistance.tables import DeliveryRow, NoteRow, RequestRow
from core.database import Database
from core.errors import Conflict, NotFound

__all__ = ["Due", "Failed", "Ledger", "Outcome", "Parcel", "Refused", "Taken"]


@dataclass(frozen=True, slots=True)
class Due:
    """The next attempt for a request: `attempt` counts those before it, so that each is made once."""

    delivery_id: str
    channel: str
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a delivery carries."""

    delivery_id: str
    request: RequestRow
    kind: NoteKind
    author: str | None
    text: str
    channel: str
    target: str | None
    thread: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The channel has it; `reference` is where, in the channel's own words."""

    reference: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """For now."""

    reason: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """For good, as long as nobody changes something."""

    reason: str


Outcome = Taken | Failed | Refused


class Ledger:
    """Reads what is due and writes what happened; every write is one short transaction."""

    def __init__(
        self, database: Database, *, patience: Patience, executor: str, now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:  # fmt: skip
        self._database = database
        self._patience = patience
        self._executor = executor
        self._now = now
        self._chance = chance

    def next_due(self, request_id: str) -> Due | None:
        """The attempt that comes next for a request: its notes go out one after the other."""
        query = (
            select(DeliveryRow)
            .join(NoteRow, NoteRow.id == DeliveryRow.note_id)
            .where(DeliveryRow.request_id == request_id, DeliveryRow.status.in_(ACTIVE))
            .order_by(NoteRow.ordinal, DeliveryRow.position)
            .limit(1)
        )
        with self._database.reading() as session:
            row = session.scalar(query)
            return None if row is None else self._due(row)

    def requests_due(self, *, before: datetime | None = None, limit: int = 1000) -> list[str]:
        """Requests of this executor with something to deliver, or with an attempt that was due before a moment."""
        query = (
            select(DeliveryRow.request_id)
            .join(RequestRow, RequestRow.id == DeliveryRow.request_id)
            .where(DeliveryRow.status.in_(ACTIVE), RequestRow.executor == self._executor)
            .order_by(DeliveryRow.next_attempt_at)
        )
        if before is not None:
            query = query.where(or_(DeliveryRow.next_attempt_at <= before, DeliveryRow.next_attempt_at.is_(None)))
        with self._database.read() as connection:
            return list(dict.fromkeys(connection.scalars(query.limit(limit))))

    def open(self, delivery_id: str, attempt: int) -> Parcel | None:
        """What to send; None when that attempt was made already, or the request is erased."""
        with self._database.reading() as session:
            row = session.get(DeliveryRow, delivery_id)
            if row is None or row.status not in ACTIVE or row.attempts != attempt:
                return None
            note, request = session.get_one(NoteRow, row.note_id), session.get_one(RequestRow, row.request_id)
            return Parcel(
                row.id, request, NoteKind(note.kind), note.author, note.text, row.channel, row.target,
                _thread(session, row),
            )  # fmt: skip

    def known(self, delivery_ids: Iterable[str]) -> frozenset[str]:
        """Those of these deliveries that there are."""
        with self._database.read() as connection:
            return frozenset(connection.scalars(select(DeliveryRow.id).where(DeliveryRow.id.in_(list(delivery_ids)))))

    def request_of(self, delivery_id: str) -> str | None:
        """The request that a delivery belongs to; None when it is erased."""
        with self._database.read() as connection:
            return connection.scalar(select(DeliveryRow.request_id).where(DeliveryRow.id == delivery_id))

    def settle(self, delivery_id: str, attempt: int, outcome: Outcome) -> DeliveryStatus | None:
        """Write what became of an attempt, and make the next channel due where that is the one to go on with."""
        with self._database.session() as session:
            row = _locked(session, delivery_id)
            if row is None or row.status not in ACTIVE or row.attempts != attempt:
                return None
            row.attempts += 1
            match outcome:
                case Taken(reference):
                    self._taken(session, row, reference)
                case Failed(reason, retry_after_s):
                    self._failed(session, row, reason, retry_after_s)
                case Refused(reason):
                    self._dead(session, row, reason)
            return DeliveryStatus(row.status)

    def send_again(self, request_id: str, delivery_id: str) -> None:
        """Make a delivery due anew; raises `NotFound`, or `Conflict` for one that is under way or was delivered."""
        with self._database.session() as session:
            row = _locked(session, delivery_id)
            if row is None or row.request_id != request_id:
                raise NotFound(f"there is no delivery {delivery_id!r} of this request")
            if row.status in (*ACTIVE, DeliveryStatus.DELIVERED):
                raise Conflict(f"the delivery is {row.status!r}; only one that is not under way can be sent again")
            row.attempts_before = row.attempts
            self._activate(row)
            self._move(session, row.request_id, Happening.SENT_AGAIN)

    def _taken(self, session: Session, row: DeliveryRow, reference: str | None) -> None:
        row.status, row.reference, row.reason = DeliveryStatus.DELIVERED, reference, None
        row.next_attempt_at, row.settled_at = None, self._now()
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.note_id == row.note_id, DeliveryRow.status == DeliveryStatus.STANDBY)
            .values(status=DeliveryStatus.NOT_NEEDED)
        )
        self._move(session, row.request_id, Happening.DELIVERED)

    def _failed(self, session: Session, row: DeliveryRow, reason: str, retry_after_s: float | None) -> None:
        now = self._now()
        tries, since = row.attempts - row.attempts_before, now - (row.active_since or now)
        if self._patience.is_over(tries, since, has_fallback=_fallback(session, row) is not None):
            self._dead(session, row, f"given up after {tries} attempts: {reason}")
            return
        row.status, row.reason = DeliveryStatus.RETRYING, reason
        row.next_attempt_at = now + self._patience.pause(tries, chance=self._chance(), retry_after_s=retry_after_s)

    def _dead(self, session: Session, row: DeliveryRow, reason: str) -> None:
        row.status, row.reason = DeliveryStatus.DEAD, reason
        row.next_attempt_at, row.settled_at = None, self._now()
        if (fallback := _fallback(session, row)) is not None:
            self._activate(fallback)
        else:
            self._move(session, row.request_id, Happening.GAVE_UP)

    def _activate(self, row: DeliveryRow) -> None:
        row.status, row.reason, row.settled_at = DeliveryStatus.QUEUED, None, None
        row.active_since = row.next_attempt_at = self._now()

    def _move(self, session: Session, request_id: str, happening: Happening) -> None:
        request = session.get_one(RequestRow, request_id)
        request.status, request.updated_at = next_status(Status(request.status), happening), self._now()

    def _due(self, row: DeliveryRow) -> Due:
        return Due(row.id, row.channel, row.attempts, row.next_attempt_at or self._now())


def _locked(session: Session, delivery_id: str) -> DeliveryRow | None:
    """A delivery, locked behind its request: whoever writes to either takes them in this order."""
    request_id = session.scalar(select(DeliveryRow.request_id).where(DeliveryRow.id == delivery_id))
    if request_id is None or session.get(RequestRow, request_id, with_for_update=True) is None:
        return None
    return session.scalar(select(DeliveryRow).where(DeliveryRow.id == delivery_id).with_for_update())


def _fallback(session: Session, row: DeliveryRow) -> DeliveryRow | None:
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.note_id == row.note_id, DeliveryRow.status == DeliveryStatus.STANDBY)
        .order_by(DeliveryRow.position)
        .limit(1)
    )
    return session.scalar(query)


def _thread(session: Session, row: DeliveryRow) -> str | None:
    """Where the first message of this request stands in the channel."""
    query = (
        select(DeliveryRow.reference)
        .where(
            DeliveryRow.request_id == row.request_id,
            DeliveryRow.channel == row.channel,
            DeliveryRow.reference.is_not(None),
        )
        .order_by(DeliveryRow.settled_at)
        .limit(1)
    )
    return session.scalar(query)
