"""What the Telegram bot must remember: updates to handle, who wrote where, and what was told to whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime

__all__ = ["ChatRow", "ToldRow", "UpdateRow"]


class UpdateRow(Base):
    """One update of Telegram's, stored before it is handled; its `payload` goes once it is, so that no words stay.

    `executor` holds it until `held_until`; `attempts` counts how often it was begun.
    """

    __tablename__ = "telegram_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    executor: Mapped[str | None] = mapped_column(String(100))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_telegram_updates_waiting", "handled_at", "chat_id", "update_id"),)


class ChatRow(Base):
    """A person in a chat, with the name they had and the conversation they are in there."""

    __tablename__ = "telegram_chats"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    username: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    conversation_id: Mapped[str | None] = mapped_column(String(32))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ToldRow(Base):
    """A piece of news by its key, held while it is sent and told once that is done."""

    __tablename__ = "telegram_told"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    executor: Mapped[str] = mapped_column(String(100))
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
