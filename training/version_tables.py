"""Model versions, the runs that make them, which one is current, and questions as vectors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

__all__ = ["ActivationRow", "ModelVersionRow", "QuestionVectorRow", "RunStatus", "TrainingRunRow"]


class RunStatus(StrEnum):
    """Where a training run and the version it makes are on their way."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    DONE = "DONE"
    FAILED = "FAILED"


class TrainingRunRow(Base):
    """One training run; `lane` is 1 while it is at work and None afterwards, so that there is one on the cluster."""

    __tablename__ = "training_runs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    lane: Mapped[int | None] = mapped_column(Integer, unique=True)
    status: Mapped[str] = mapped_column(String(16))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ModelVersionRow(Base):
    """A model version: `manifest` is its content as JSON, `checksum` the SHA-256; neither changes once `DONE`."""

    __tablename__ = "model_versions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, unique=True)
    parent: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    manifest: Mapped[str] = mapped_column(Text)
    checksum: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promoted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ActivationRow(Base):
    """Which version became current when, by whom and instead of which; the newest tells what is served."""

    __tablename__ = "model_activations"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(String(32))
    instead_of: Mapped[str] = mapped_column(String(32))
    activated_by: Mapped[str] = mapped_column(String(255))
    activated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionVectorRow(Base):
    """An approved question's vector, float32 [dimension], under one embedding model, so that none is embedded twice."""

    __tablename__ = "question_vectors"

    example_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    embedding: Mapped[str] = mapped_column(String(255), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
