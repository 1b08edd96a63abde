"""What is told to staff: a note with its deliveries, one for each channel in the order of their trying."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistance.states import DeliveryStatus, NoteKind
from assistance.tables import DeliveryRow, NoteRow, RequestRow
from assistance.topics import Route

__all__ = ["add_note", "routes_of"]

_NOT_SET_UP = "the channel is not set up on this server"


def add_note(
    session: Session, request: RequestRow, kind: NoteKind, *, text: str, author: str | None, routes: Sequence[Route],
    open_channels: Collection[str], now: datetime,
) -> bool:  # fmt: skip
    """Write a note behind the request's others; False where no channel of its routes is set up."""
    session.flush()
    count = session.scalar(select(func.count()).where(NoteRow.request_id == request.id)) or 0
    note = NoteRow(
        id=secrets.token_hex(16), request_id=request.id, ordinal=count, kind=kind, author=author, text=text,
        created_at=now,
    )  # fmt: skip
    session.add(note)
    session.flush()
    goes_out = False
    for position, route in enumerate(routes):
        is_open = route.channel in open_channels
        first = is_open and not goes_out
        goes_out = goes_out or is_open
        session.add(_delivery(note, position, route, is_open=is_open, now=now if first else None))
    return goes_out


def _delivery(note: NoteRow, position: int, route: Route, *, is_open: bool, now: datetime | None) -> DeliveryRow:
    status = DeliveryStatus.QUEUED if now else DeliveryStatus.STANDBY if is_open else DeliveryStatus.NOT_SET_UP
    return DeliveryRow(
        id=secrets.token_hex(16), request_id=note.request_id, note_id=note.id, position=position, channel=route.channel,
        target=route.to, status=status, reason=None if is_open else _NOT_SET_UP, attempts=0, attempts_before=0,
        active_since=now, next_attempt_at=now,
    )  # fmt: skip


def routes_of(session: Session, request_id: str) -> list[Route]:
    """The routes of a request's first note, the one that carried it first: what follows belongs in its thread."""
    query = (
        select(DeliveryRow)
        .join(NoteRow, NoteRow.id == DeliveryRow.note_id)
        .where(NoteRow.request_id == request_id, NoteRow.ordinal == 0)
        .order_by(DeliveryRow.position)
    )
    rows = sorted(session.scalars(query), key=lambda row: row.status != DeliveryStatus.DELIVERED)
    return [Route(row.channel, row.target) for row in rows]
