"""Who wrote to the Telegram bot and where, and which news they were told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from assistance.telegram_tables import ChatRow, ToldRow
from core.database import Database

__all__ = ["PRINCIPAL", "ChatPerson", "TelegramPeople", "ToldBook", "principal_of", "user_of"]

PRINCIPAL = "telegram:"
"""What the principals of people in Telegram begin with; their user id follows."""

_HELD = timedelta(minutes=2)
_KEPT = timedelta(days=8)


def principal_of(user_id: int) -> str:
    return f"{PRINCIPAL}{user_id}"


def user_of(principal: str) -> int | None:
    """The Telegram user of a principal; None for anybody else's."""
    number = principal.removeprefix(PRINCIPAL)
    return int(number) if principal.startswith(PRINCIPAL) and number.isascii() and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class ChatPerson:
    """A person in a chat, as they were last seen there."""

    chat_id: int
    user_id: int
    username: str | None
    name: str
    conversation_id: str | None


class TelegramPeople:
    """Remembers a person for each chat they wrote in."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def saw(self, chat_id: int, user_id: int, *, username: str | None, name: str) -> ChatPerson:
        """Somebody wrote in a chat; what is known of them there."""
        with self._database.session() as session:
            row = session.get(ChatRow, (chat_id, user_id))
            if row is None:
                row = ChatRow(chat_id=chat_id, user_id=user_id, conversation_id=None)
                session.add(row)
            row.username, row.name, row.seen_at = username, name[:200], self._now()
            return _person(row)

    def converse(self, person: ChatPerson, conversation_id: str) -> None:
        """From now on the person's questions in this chat belong to this conversation."""
        mine = (ChatRow.chat_id == person.chat_id, ChatRow.user_id == person.user_id)
        with self._database.session() as session:
            session.execute(update(ChatRow).where(*mine).values(conversation_id=conversation_id))

    def places_of(self, user_id: int) -> list[ChatPerson]:
        """Where a person wrote, the latest first."""
        query = select(ChatRow).where(ChatRow.user_id == user_id).order_by(ChatRow.seen_at.desc())
        with self._database.reading() as session:
            return [_person(row) for row in session.scalars(query)]

    def count(self, principal: str) -> int:
        """In how many chats a principal wrote."""
        return len(self.export(principal))

    def export(self, principal: str) -> list[dict[str, Any]]:
        """What is known of a principal in each chat, under the names they had."""
        user_id = user_of(principal)
        return [] if user_id is None else [asdict(place) for place in self.places_of(user_id)]

    def erase(self, principal: str) -> int:
        """Forget where a principal wrote; in how many chats that was."""
        mine = delete(ChatRow).where(ChatRow.user_id == user_of(principal)).returning(ChatRow.chat_id)
        with self._database.session() as session:
            return len(session.scalars(mine).all())


class ToldBook:
    """Each piece of news is sent by one process at a time, and again only where the sender died on the way."""

    def __init__(
        self, database: Database, *, executor: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._executor = executor
        self._now = now

    def untold(self, keys: Collection[str]) -> set[str]:
        """Those of `keys` that were not told yet."""
        known = select(ToldRow.key).where(ToldRow.key.in_(keys), ToldRow.told_at.is_not(None))
        with self._database.read() as connection:
            return set(keys) - set(connection.scalars(known))

    def take(self, key: str) -> bool:
        """Whether this process is to tell it now."""
        now = self._now()
        held = {"executor": self._executor, "held_until": now + _HELD}
        try:
            with self._database.session() as session:
                session.add(ToldRow(key=key, told_at=None, **held))
            return True
        except IntegrityError:
            free = (ToldRow.key == key, ToldRow.told_at.is_(None), ToldRow.held_until <= now)
            with self._database.session() as session:
                taken = session.scalar(update(ToldRow).where(*free).values(held).returning(ToldRow.key))
            return taken is not None

    def settle(self, key: str) -> None:
        with self._database.session() as session:
            session.execute(update(ToldRow).where(ToldRow.key == key).values(told_at=self._now()))

    def forget_old(self) -> None:
        """Drop what was told longer ago than anything is news."""
        with self._database.session() as session:
            session.execute(delete(ToldRow).where(ToldRow.told_at <= self._now() - _KEPT))

    def free_own(self) -> None:
        """Let go of what an earlier process of this executor held when it died."""
        held = (ToldRow.executor == self._executor, ToldRow.told_at.is_(None))
        with self._database.session() as session:
            session.execute(delete(ToldRow).where(*held))


def _person(row: ChatRow) -> ChatPerson:
    return ChatPerson(row.chat_id, row.user_id, row.username, row.name, row.conversation_id)
