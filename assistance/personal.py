"""What is kept about a person: given out, taken off a conversation, erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from assistance.tables import DeliveryRow, NoteRow, ReplyRow, RequestRow
from core.database import Database

__all__ = ["PersonalData"]


class PersonalData:
    """Erasing reaches everything of a request; what is under way for it ends by itself, as it finds no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase(self, principal: str) -> int:
        """Delete every request of a person; how many there were."""
        with self._database.session() as session:
            return _delete(session, RequestRow.principal == principal)

    def erase_before(self, moment: datetime) -> int:
        """Delete every request in which nothing has happened since before `moment`; how many there were."""
        with self._database.session() as session:
            return _delete(session, RequestRow.updated_at < moment)

    def detach(self, principal: str, conversation_id: str) -> None:
        """Take a conversation that is erased off its requests, which go on: staff are working on them."""
        with self._database.session() as session:
            session.execute(
                update(RequestRow)
                .where(RequestRow.principal == principal, RequestRow.conversation_id == conversation_id)
                .values(conversation_id=None, turn_id=None, question=None)
            )


def _delete(session: Session, which: ColumnElement[bool]) -> int:
    # Locked first, so that nothing is added between the deletes.
    ids = list(session.scalars(select(RequestRow.id).where(which).with_for_update()))
    for at in range(0, len(ids), 500):
        part = ids[at : at + 500]
        for table in (ReplyRow, DeliveryRow, NoteRow):
            session.execute(delete(table).where(table.request_id.in_(part)))
        session.execute(delete(RequestRow).where(RequestRow.id.in_(part)))
    return len(ids)
