"""What ingest itself remembers: the files that gave no text, so that they are not tried again until they change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

__all__ = ["UnreadableRow"]


class UnreadableRow(Base):
    """The last content of a file that could not be read; an older version of the document may still be served."""

    __tablename__ = "unreadable"

    document_id: Mapped[str] = mapped_column(Text, primary_key=True)
    root: Mapped[str] = mapped_column(Text, index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
