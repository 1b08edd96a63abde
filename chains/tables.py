"""Conversations, their turns, and what people thought of the replies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

__all__ = ["ConversationRow", "FeedbackRow", "TurnRow", "TurnStatus"]


class TurnStatus(StrEnum):
    """Where a turn stands; every turn leaves `ACCEPTED`."""

    ACCEPTED = "accepted"
    ANSWERED = "answered"
    ABSTAINED = "abstained"
    FAILED = "failed"
    STOPPED = "stopped"


class ConversationRow(Base):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    principal: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_conversations_principal_updated", "principal", "updated_at"),)


class TurnRow(Base):
    __tablename__ = "turns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    principal: Mapped[str] = mapped_column(String(200))
    idempotency_key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(Text)
    user: Mapped[str | None] = mapped_column("user_label", String(200))
    jurisdiction: Mapped[str | None] = mapped_column(String(20))
    as_of: Mapped[date]
    status: Mapped[str] = mapped_column(String(12))
    reply: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    executor: Mapped[str] = mapped_column(String(100))
    recoveries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("principal", "idempotency_key"),
        UniqueConstraint("conversation_id", "ordinal"),
        Index("ix_turns_status_executor", "status", "executor"),
        Index("ix_turns_principal_asked", "principal", "asked_at"),
    )


class FeedbackRow(Base):
    """What the person who asked thought of a reply; it goes when the turn is erased."""

    __tablename__ = "feedback"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    principal: Mapped[str] = mapped_column(String(200), index=True)
    helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_feedback_helpful_given", "helpful", "given_at"),)
