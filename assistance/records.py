"""Requests, their deliveries and replies, as other modules see them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from assistance.states import DeliveryStatus, NoteKind, Status
from assistance.tables import DeliveryRow, ReplyRow, RequestRow

__all__ = ["INBOX", "Addition", "Delivery", "HelpRequest", "NewRequest", "Receipt", "Reply", "receipt_of"]

INBOX = "inbox"
"""Where every request can be read, and the only place of those that no channel is set up for."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as it came in. `description` is the person's own words and belongs in no log."""

    topic: str
    description: str
    conversation_id: str | None = None
    turn_id: str | None = None
    contact: str | None = None
    language: str | None = None
    idempotency_key: str | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests."""
        parts = [self.topic.strip().casefold(), self.description, self.conversation_id, self.turn_id]
        return hashlib.sha256(json.dumps([*parts, self.contact, self.language]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person gets for a request that is stored; the same for every repeat of it."""

    id: str
    topic: str
    channels: tuple[str, ...]
    created_at: datetime
    conversation_id: str | None
    turn_id: str | None
    status: Status = Status.WAITING

    @property
    def inbox_only(self) -> bool:
        """Whether no channel is set up for it, so that it waits in the inbox until somebody looks."""
        return self.channels == (INBOX,)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one channel. `target` and `reason` are for staff."""

    id: str
    kind: NoteKind
    channel: str
    target: str | None
    status: DeliveryStatus
    attempts: int
    reason: str | None
    next_attempt_at: datetime | None
    settled_at: datetime | None

    @classmethod
    def of(cls, row: DeliveryRow, kind: str) -> Delivery:
        return cls(
            row.id, NoteKind(kind), row.channel, row.target, DeliveryStatus(row.status), row.attempts, row.reason,
            row.next_attempt_at, row.settled_at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Addition:
    """What a person added to their request."""

    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What a human of the staff answered."""

    id: str
    request_id: str
    author: str
    text: str
    channel: str
    created_at: datetime

    @classmethod
    def of(cls, row: ReplyRow) -> Reply:
        return cls(row.id, row.request_id, row.author, row.text, row.channel, row.created_at)


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A request with everything that happened to it; deliveries, additions and replies oldest first."""

    id: str
    principal: str
    topic: str
    description: str
    contact: str | None
    language: str | None
    question: str | None
    conversation_id: str | None
    turn_id: str | None
    channels: tuple[str, ...]
    status: Status
    created_at: datetime
    updated_at: datetime
    deliveries: tuple[Delivery, ...] = ()
    additions: tuple[Addition, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def inbox_only(self) -> bool:
        """Whether no channel was set up for it."""
        return self.channels == (INBOX,)


def receipt_of(row: RequestRow) -> Receipt:
    channels = tuple(row.channels.split(","))
    return Receipt(row.id, row.topic, channels, row.created_at, row.conversation_id, row.turn_id)
