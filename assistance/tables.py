"""Requests for a person: what was asked, what goes out about it and what came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

__all__ = ["DeliveryRow", "NoteRow", "ReplyRow", "RequestRow"]


class RequestRow(Base):
    __tablename__ = "assistance_requests"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    principal: Mapped[str] = mapped_column(String(200))
    idempotency_key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(50))
    description: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(20))
    conversation_id: Mapped[str | None] = mapped_column(String(32))
    turn_id: Mapped[str | None] = mapped_column(String(32))
    question: Mapped[str | None] = mapped_column(Text)
    channels: Mapped[str] = mapped_column(String(400))
    status: Mapped[str] = mapped_column(String(12))
    executor: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime] = mapped_column(UtcDateTime)
    alerted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("principal", "idempotency_key"),
        Index("ix_assistance_requests_principal_created", "principal", "created_at"),
        Index("ix_assistance_requests_status_created", "status", "created_at"),
        Index("ix_assistance_requests_conversation", "conversation_id"),
    )


class NoteRow(Base):
    """One message to staff about a request; the first is the request itself."""

    __tablename__ = "assistance_notes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("assistance_requests.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    author: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("request_id", "ordinal"),)


class DeliveryRow(Base):
    """One note on its way to one channel; its id is the same on every repeat."""

    __tablename__ = "assistance_deliveries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("assistance_requests.id", ondelete="CASCADE"))
    note_id: Mapped[str] = mapped_column(ForeignKey("assistance_notes.id", ondelete="CASCADE"))
    position: Mapped[int]
    channel: Mapped[str] = mapped_column(String(40))
    target: Mapped[str | None] = mapped_column(String(400))
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    attempts_before: Mapped[int] = mapped_column(default=0)
    active_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str | None] = mapped_column(String(400))

    __table_args__ = (
        UniqueConstraint("note_id", "position"),
        Index("ix_assistance_deliveries_request", "request_id"),
        Index("ix_assistance_deliveries_status_next", "status", "next_attempt_at"),
        Index("ix_assistance_deliveries_reference", "channel", "reference"),
    )


class ReplyRow(Base):
    """What a person of the staff answered."""

    __tablename__ = "assistance_replies"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("assistance_requests.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(400))
    author: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index("ix_assistance_replies_request", "request_id", "created_at"),
    )
