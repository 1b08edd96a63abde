"""Questions and turns as they are kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from chains.tables import TurnRow, TurnStatus
from core.types import Abstention, Answer, Reply

__all__ = ["Ask", "Conversation", "Turn", "reply_from", "reply_json", "turn_from"]

_REPLY: TypeAdapter[Answer | Abstention] = TypeAdapter(Answer | Abstention)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it came in. `user` is a label that is given back, never an identity."""

    question: str
    as_of: date
    user: str | None = None
    conversation_id: str | None = None
    jurisdiction: str | None = None
    idempotency_key: str | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests; the day counts only where the caller named it, so it is left out."""
        body = json.dumps([self.question, self.user, self.conversation_id, self.jurisdiction])
        return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored question and, once it is settled, its reply or its error."""

    id: str
    conversation_id: str
    question: str
    user: str | None
    as_of: date
    jurisdiction: str | None
    status: TurnStatus
    asked_at: datetime
    reply: Reply | None
    error: str | None
    handed_over_at: datetime | None = None
    ordinal: int = 0
    """Its place in the conversation; the first is 0."""

    def settled(self, reply: Reply) -> Turn:
        """The same with its reply."""
        status = TurnStatus.ANSWERED if isinstance(reply, Answer) else TurnStatus.ABSTAINED
        return replace(self, status=status, reply=reply)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is listed."""

    id: str
    title: str
    updated_at: datetime


def reply_json(reply: Reply) -> str:
    """A reply as it is stored."""
    return _REPLY.dump_json(reply).decode()


def reply_from(stored: str) -> Reply:
    """What `reply_json` stored."""
    return _REPLY.validate_json(stored)


def turn_from(row: TurnRow) -> Turn:
    """A turn from its row."""
    return Turn(
        id=row.id, conversation_id=row.conversation_id, question=row.question, user=row.user, as_of=row.as_of,
        jurisdiction=row.jurisdiction, status=TurnStatus(row.status), asked_at=row.asked_at, error=row.error,
        reply=None if row.reply is None else reply_from(row.reply), handed_over_at=row.handed_over_at,
        ordinal=row.ordinal,
    )  # fmt: skip
