"""The tables that hold the truth about documents: the indexes can be rebuilt from them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ColumnElement, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime
from retrieval.served import TRAINED_ROOT

__all__ = [
    "ChunkRow",
    "CitedRow",
    "DocumentRow",
    "IndexStateRow",
    "ReembeddedRow",
    "ReleaseRow",
    "SampleQuestionsRow",
    "VersionRow",
    "VersionStatus",
]


class VersionStatus(StrEnum):
    """Where a version is on its way; only a live one is ever served."""

    STAGED = "staged"
    LIVE = "live"
    SUPERSEDED = "superseded"
    REMOVED = "removed"


class DocumentRow(Base):
    """A source path or address; `root` names the watched folder it came from."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(1024), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    root: Mapped[str] = mapped_column(String(1024))
    current_version_id: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_SUPERSEDES = text("supersedes IS NOT NULL")


class VersionRow(Base):
    """What a document said at one time. Its text outlives its chunks, so that a quote given earlier still opens."""

    __tablename__ = "versions"
    __table_args__ = (
        Index("ix_versions_document_status", "document_id", "status"),
        # Partial: with the empty ones in it SQLite reads the whole index for every question (3.8 ms against 0.3).
        Index("ix_versions_supersedes", "supersedes", sqlite_where=_SUPERSEDES, postgresql_where=_SUPERSEDES),
    )

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    content_hash: Mapped[str] = mapped_column(String(128))
    parser_version: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    jurisdiction: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(32))
    source_url: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    supersedes: Mapped[str | None] = mapped_column(String(1024))
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    review_by: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Last, because SQLite reads a row from its beginning to the column that is wanted.
    canonical_text: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[list[str | int]]] = mapped_column(JSON)


class ChunkRow(Base):
    """A passage with its vectors: `vector` float32 [dimension], `sentence_vectors` float16 [n, dimension]."""

    __tablename__ = "chunks"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"), index=True)
    document_id: Mapped[str] = mapped_column(String(1024))
    ordinal: Mapped[int] = mapped_column(Integer)
    jurisdiction: Mapped[str | None] = mapped_column(String(16))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    section: Mapped[list[str]] = mapped_column(JSON)
    page: Mapped[int | None] = mapped_column(Integer)
    unit: Mapped[int | None] = mapped_column(Integer)
    question: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    sentences: Mapped[list[list[int]]] = mapped_column(JSON)
    sentence_vectors: Mapped[bytes] = mapped_column(LargeBinary)
    suspicion: Mapped[str | None] = mapped_column(String(32))
    released_by: Mapped[str | None] = mapped_column(String(255))

    @classmethod
    def is_held_back(cls) -> ColumnElement[bool]:
        """Whether a passage answers nobody: it is suspicious, and no editor has released it."""
        return and_(cls.suspicion.is_not(None), cls.released_by.is_(None))

    @classmethod
    def is_indexed(cls) -> ColumnElement[bool]:
        """Whether a chunk belongs into the indexes: pairs that were trained in are found by their questions alone."""
        return cls.document_id.not_like(f"{TRAINED_ROOT}%")


class CitedRow(Base):
    """What an approved answer rests on: a document, or a version by its id, that has to be current to serve it."""

    __tablename__ = "cited"

    version_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    reference: Mapped[str] = mapped_column(String(1024), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(1024), index=True)


class ReleaseRow(Base):
    """An editor's word that a suspicious passage may be used; it holds for the same text in later versions too."""

    __tablename__ = "releases"

    document_id: Mapped[str] = mapped_column(String(1024), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    released_by: Mapped[str] = mapped_column(String(255))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReembeddedRow(Base):
    """A chunk's vectors of the model that is about to take over; they move into `chunks` when all are there."""

    __tablename__ = "reembedded"

    chunk_id: Mapped[str] = mapped_column(String(160), primary_key=True)
    embedding: Mapped[str] = mapped_column(String(255))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    sentence_vectors: Mapped[bytes] = mapped_column(LargeBinary)


class SampleQuestionsRow(Base):
    """What people ask of a document: `questions` as pairs of text and heading, `vectors` float16 [n, dimension].

    `digest` is of the questions and the encoder: rows of one digest hold the same.
    """

    __tablename__ = "sample_questions"

    document_id: Mapped[str] = mapped_column(String(1024), primary_key=True)
    root: Mapped[str] = mapped_column(String(1024), index=True)
    embedding: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    questions: Mapped[list[list[str]]] = mapped_column(JSON)
    vectors: Mapped[bytes] = mapped_column(LargeBinary)


class IndexStateRow(Base):
    """What the indexes were made with."""

    __tablename__ = "index_state"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
