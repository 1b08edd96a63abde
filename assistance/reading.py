"""Requests read again: by their owner, by staff, and beside their conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from assistance.records import Addition, Delivery, HelpRequest, Reply
from assistance.states import NoteKind, Status
from assistance.tables import DeliveryRow, NoteRow, ReplyRow, RequestRow
from core.database import Database
from core.errors import NotFound

__all__ = ["RequestFilter", "RequestPage", "RequestReader", "owned_request"]

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests staff want to see, the newest first. `query` is looked for in description, contact and id."""

    statuses: frozenset[Status] = frozenset()
    topic: str | None = None
    channel: str | None = None
    query: str = ""
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Some of the `total` requests that fit, and how many there are of each status over all."""

    items: tuple[HelpRequest, ...]
    total: int
    counts: dict[Status, int]


class RequestReader:
    """Reads without writing; nobody's rights are looked at but where a principal is given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def one(self, request_id: str) -> HelpRequest:
        """Any request; raises `NotFound`."""
        with self._database.reading() as session:
            return _whole(session, [owned_request(session, None, request_id)])[0]

    def own(self, principal: str, request_id: str) -> HelpRequest:
        """A request of this principal; raises `NotFound` for anybody else's, as for one that does not exist."""
        with self._database.reading() as session:
            return _whole(session, [owned_request(session, principal, request_id)])[0]

    def of_person(self, principal: str, *, limit: int | None = None, offset: int = 0) -> list[HelpRequest]:
        """A person's own requests, the newest first."""
        return self._many([RequestRow.principal == principal], limit, offset)

    def of_conversation(self, principal: str, conversation_id: str) -> list[HelpRequest]:
        """The requests that a person made in a conversation, the oldest first."""
        conditions = [RequestRow.principal == principal, RequestRow.conversation_id == conversation_id]
        return self._many(conditions, None, 0)[::-1]

    def listing(self, wanted: RequestFilter) -> RequestPage:
        """One page for staff."""
        conditions = _conditions(wanted)
        items = self._many(conditions, wanted.limit, wanted.offset)
        by_status = select(RequestRow.status, func.count()).group_by(RequestRow.status)
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(RequestRow).where(*conditions)) or 0
            counts = {Status(status): count for status, count in connection.execute(by_status)}
        return RequestPage(tuple(items), total, {status: counts.get(status, 0) for status in Status})

    def replies_since(self, moment: datetime, *, principals: str) -> list[tuple[HelpRequest, Reply]]:
        """Replies to requests of people whose principal begins with `principals`, the oldest first."""
        query = (
            select(ReplyRow.id, RequestRow)
            .join(RequestRow, RequestRow.id == ReplyRow.request_id)
            .where(ReplyRow.created_at >= moment, RequestRow.principal.startswith(principals, autoescape=True))
            .order_by(ReplyRow.created_at)
        )
        with self._database.reading() as session:
            found = session.execute(query).all()
            wanted = {reply_id for reply_id, _ in found}
            requests = _whole(session, list({row.id: row for _, row in found}.values()))
        return [(request, reply) for request in requests for reply in request.replies if reply.id in wanted]

    def _many(self, conditions: Sequence[ColumnElement[bool]], limit: int | None, offset: int) -> list[HelpRequest]:
        query = (
            select(RequestRow)
            .where(*conditions)
            .order_by(RequestRow.created_at.desc(), RequestRow.id)
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as session:
            return _whole(session, list(session.scalars(query)))


def owned_request(session: Session, principal: str | None, request_id: str, *, lock: bool = False) -> RequestRow:
    """The row of a request, of this principal where one is given; raises `NotFound`, for anybody else's too."""
    query = select(RequestRow).where(RequestRow.id == request_id)
    if principal is not None:
        query = query.where(RequestRow.principal == principal)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(f"there is no request {request_id!r}")
    return row


def _conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(RequestRow.status.in_(wanted.statuses))
    if wanted.topic is not None:
        conditions.append(RequestRow.topic == wanted.topic.strip().casefold())
    if wanted.channel is not None:
        through = select(DeliveryRow.request_id).where(DeliveryRow.channel == wanted.channel)
        conditions.append(RequestRow.id.in_(through))
    for word in wanted.query.split():
        fields = (RequestRow.description, RequestRow.contact, RequestRow.id)
        conditions.append(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    return conditions


def _whole(session: Session, rows: Sequence[RequestRow]) -> list[HelpRequest]:
    """The requests of these rows with what belongs to them, in three queries however many they are."""
    ids = [row.id for row in rows]
    notes = session.scalars(
        select(NoteRow).where(NoteRow.request_id.in_(ids)).order_by(NoteRow.request_id, NoteRow.ordinal)
    ).all()
    kinds = {note.id: note.kind for note in notes}
    order = {note.id: note.ordinal for note in notes}
    deliveries = session.scalars(select(DeliveryRow).where(DeliveryRow.request_id.in_(ids))).all()
    deliveries = sorted(deliveries, key=lambda row: (order[row.note_id], row.position))
    replies = session.scalars(
        select(ReplyRow).where(ReplyRow.request_id.in_(ids)).order_by(ReplyRow.created_at, ReplyRow.id)
    ).all()
    by_delivery = _grouped((row.request_id, Delivery.of(row, kinds[row.note_id])) for row in deliveries)
    by_reply = _grouped((row.request_id, Reply.of(row)) for row in replies)
    by_note = _grouped(
        (note.request_id, Addition(note.text, note.created_at)) for note in notes if note.kind == NoteKind.ADDITION
    )
    return [_request(row, by_delivery[row.id], by_note[row.id], by_reply[row.id]) for row in rows]


def _grouped(pairs: Iterable[tuple[str, _Part]]) -> defaultdict[str, list[_Part]]:
    groups: defaultdict[str, list[_Part]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _request(
    row: RequestRow, deliveries: Sequence[Delivery], additions: Sequence[Addition], replies: Sequence[Reply]
) -> HelpRequest:
    return HelpRequest(
        id=row.id, principal=row.principal, topic=row.topic, description=row.description, contact=row.contact,
        language=row.language, question=row.question, conversation_id=row.conversation_id, turn_id=row.turn_id,
        channels=tuple(row.channels.split(",")), status=Status(row.status), created_at=row.created_at,
        updated_at=row.updated_at, deliveries=tuple(deliveries), additions=tuple(additions), replies=tuple(replies),
    )  # fmt: skip
