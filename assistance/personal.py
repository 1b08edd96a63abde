"""What is kept about a person: given out, taken off a conversation, erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from assistance.tables import DeliveryRow, NoteRow, ReplyRow, RequestRow
from core.database import Database

__all__ = ["PersonalData"]

_AT_ONCE = 500  # SQLite takes a bounded number of values in one statement


class PersonalData:
    """Erasing reaches everything of a request and, by `forget`, what the durable engine keeps of its deliveries.

    What is under way for it ends by itself, as it finds no row.
    """

    def __init__(self, database: Database, *, forget: Callable[[Sequence[str]], None]) -> None:
        self._database = database
        self._forget = forget

    def erase(self, principal: str) -> int:
        """Delete every request of a person; how many there were."""
        return self._erase(RequestRow.principal == principal)

    def erase_before(self, moment: datetime) -> int:
        """Delete every request in which nothing has happened since before `moment`; how many there were."""
        return self._erase(RequestRow.updated_at < moment)

    def detach(self, principal: str, conversation_id: str) -> None:
        """Take a conversation that is erased off its requests, which go on: staff are working on them."""
        with self._database.session() as session:
            session.execute(
                update(RequestRow)
                .where(RequestRow.principal == principal, RequestRow.conversation_id == conversation_id)
                .values(conversation_id=None, turn_id=None, question=None)
            )

    def _erase(self, which: ColumnElement[bool]) -> int:
        with self._database.session() as session:
            # Locked first, so that nothing is added between the deletes.
            ids = list(session.scalars(select(RequestRow.id).where(which).with_for_update()))
            parts = [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
            deliveries = [delivery for part in parts for delivery in _delete(session, part)]
        # After the commit: an attempt that begins from now on finds no row and sends nothing.
        self._forget(deliveries)
        return len(ids)


def _delete(session: Session, request_ids: Sequence[str]) -> Sequence[str]:
    """Delete requests; the ids of their deliveries."""
    session.execute(delete(ReplyRow).where(ReplyRow.request_id.in_(request_ids)))
    deliveries = session.scalars(
        delete(DeliveryRow).where(DeliveryRow.request_id.in_(request_ids)).returning(DeliveryRow.id)
    ).all()
    session.execute(delete(NoteRow).where(NoteRow.request_id.in_(request_ids)))
    session.execute(delete(RequestRow).where(RequestRow.id.in_(request_ids)))
    return deliveries
