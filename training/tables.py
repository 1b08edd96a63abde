"""Questions with the answers that experts propose, the log of what was done to them, and questions nobody answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chains.tables import TurnRow
from core.database import Base, UtcDateTime

__all__ = ["AuditRow", "ExampleRow", "GapMemberRow", "GapRow"]


class ExampleRow(Base):
    """A proposal and what became of it.

    `live_key` is the hash of question, answer and country while the same may not be proposed again, else None.
    `findings` are what the check found, as ids. `vector` is the question's, of the model that `embedding` names.
    """

    __tablename__ = "examples"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    jurisdiction: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    cites: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(255))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(255))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_id: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    live_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    findings: Mapped[dict[str, Any]] = mapped_column(JSON)
    embedding: Mapped[str | None] = mapped_column(String(255))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("proposed_by", "idempotency_key"),
        Index("ix_examples_status_approved", "status", "approved_at"),
        Index("ix_examples_proposed_at", "proposed_at", "id"),
        Index("ix_examples_run", "run_id"),
    )


class AuditRow(Base):
    """One act, written in the transaction of the act itself; never changed but for a name that is erased."""

    __tablename__ = "example_audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    example_id: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(255))
    act: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class GapRow(Base):
    """Questions on one matter that were not answered well; all it says of them is read from its turns."""

    __tablename__ = "gaps"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    jurisdiction: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(16))
    example_id: Mapped[str | None] = mapped_column(String(32))
    closed_by: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_gaps_kind", "language", "jurisdiction"),)


class GapMemberRow(Base):
    """A turn that belongs to a gap; its words stay with the turn, and it goes when the turn is erased.

    `vector` is the question's, of the model that `embedding` names.
    """

    __tablename__ = "gap_members"

    turn_id: Mapped[str] = mapped_column(ForeignKey(TurnRow.id, ondelete="CASCADE"), primary_key=True)
    gap_id: Mapped[str] = mapped_column(ForeignKey(GapRow.id, ondelete="CASCADE"), index=True)
    embedding: Mapped[str] = mapped_column(String(255))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
