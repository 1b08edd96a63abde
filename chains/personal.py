"""What is kept of a person's conversations: counted, exported, erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from chains.tables import ConversationRow, TurnRow
from core.database import Database

__all__ = ["PersonalConversations"]

_AT_ONCE = 500  # SQLite takes a bounded number of values in one statement


class PersonalConversations:
    """Erasing reaches the turns and, by `forget_turns`, what the durable engine keeps of their ids."""

    def __init__(self, database: Database, *, forget_turns: Callable[[Sequence[str]], None]) -> None:
        self._database = database
        self._forget_turns = forget_turns

    def count(self, principal: str) -> int:
        """How many conversations this person has."""
        return self._database.count(ConversationRow, ConversationRow.principal == principal)

    def export(self, principal: str) -> list[dict[str, Any]]:
        """Every conversation with its turns, as they are kept, the oldest first."""
        chosen = select(ConversationRow).where(ConversationRow.principal == principal)
        with self._database.reading() as session:
            rows = session.scalars(chosen.order_by(ConversationRow.created_at, ConversationRow.id))
            return [_conversation(row, _turns(session, row.id)) for row in rows]

    def erase(self, principal: str) -> int:
        """Delete every conversation of this person; how many there were."""
        return self._erase(ConversationRow.principal == principal)

    def erase_before(self, moment: datetime) -> int:
        """Delete every conversation in which nothing was asked since `moment`; how many there were."""
        return self._erase(ConversationRow.updated_at < moment)

    def _erase(self, which: ColumnElement[bool]) -> int:
        with self._database.session() as session:
            # Locked first, so that no turn is added between the deletes.
            found = list(session.scalars(select(ConversationRow.id).where(which).with_for_update()))
            turns = [turn for part in _parts(found) for turn in _delete(session, part)]
        # After the commit: were this lost in a crash, the engine would keep ids that lead nowhere.
        for part in _parts(turns):
            self._forget_turns(part)
        return len(found)


def _delete(session: Session, conversation_ids: Sequence[str]) -> Sequence[str]:
    """Delete conversations; the ids of their turns."""
    turns = session.scalars(
        delete(TurnRow).where(TurnRow.conversation_id.in_(conversation_ids)).returning(TurnRow.id)
    ).all()
    session.execute(delete(ConversationRow).where(ConversationRow.id.in_(conversation_ids)))
    return turns


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]


def _turns(session: Session, conversation_id: str) -> list[TurnRow]:
    query = select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.ordinal)
    return list(session.scalars(query))


def _conversation(row: ConversationRow, turns: Sequence[TurnRow]) -> dict[str, Any]:
    return {
        "id": row.id, "title": row.title, "created_at": row.created_at, "updated_at": row.updated_at,
        "turns": [_turn(turn) for turn in turns],
    }  # fmt: skip


def _turn(row: TurnRow) -> dict[str, Any]:
    return {
        "id": row.id, "question": row.question, "user": row.user, "jurisdiction": row.jurisdiction, "as_of": row.as_of,
        "status": row.status, "asked_at": row.asked_at, "settled_at": row.settled_at, "error": row.error,
        "reply": None if row.reply is None else json.loads(row.reply),
    }  # fmt: skip
