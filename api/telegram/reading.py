"""Updates read: who wrote what where, which command it is, which button was pressed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import Bot, CallbackQuery, Message, Update, User

__all__ = ["ALLOWED_UPDATES", "Command", "Pressed", "Quoted", "Said", "chat_of", "command_of", "read_update"]

ALLOWED_UPDATES = ("message", "callback_query")
_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


class Command(StrEnum):
    """What can be asked of the bot by name."""

    START = "start"
    HELP = "help"
    ASK = "ask"
    TRAIN = "train"
    APPROVE = "approve"
    REJECT = "reject"
    START_TRAIN = "start_train"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that somebody replied to; `ours` when the bot wrote it."""

    message_id: int
    text: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person's. `place` is the chat's @name where it has one."""

    chat_id: int
    message_id: int
    private: bool
    user_id: int
    username: str | None
    name: str
    text: str
    quoted: Quoted | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under one of the bot's messages; `data` is what it carries."""

    id: str
    chat_id: int
    message_id: int
    private: bool
    user_id: int
    username: str | None
    name: str
    data: str


def chat_of(payload: Mapping[str, Any]) -> int:
    """The chat whose order an update belongs to; the person where it is in none, 0 where there is neither."""
    pressed = payload.get("callback_query") or {}
    message = payload.get("message") or pressed.get("message") or {}
    return int((message.get("chat") or pressed.get("from") or {}).get("id", 0))


def read_update(payload: Mapping[str, Any], bot: Bot) -> Said | Pressed | None:
    """What a person did; None for everything else, as a photograph, a bot's message or somebody who joined."""
    update = Update.de_json(dict(payload), bot)
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot or not message.text:
        return None
    return _said(message, message.from_user, bot)


def command_of(said: Said, bot_name: str) -> tuple[Command | None, str] | None:
    """The command and what follows it; no command for one that is not known, None for words or another bot's."""
    found = _COMMAND.fullmatch(said.text.strip())
    if found is None:
        return None
    name, bot, rest = found.groups()
    if bot is not None and bot.casefold() != bot_name.casefold():
        return None
    known = name.lower() in set(Command)
    return (Command(name.lower()) if known else None), (rest or "").strip()


def _said(message: Message, author: User, bot: Bot) -> Said:
    quoted, original = None, message.reply_to_message
    if original is not None:
        ours = original.from_user is not None and original.from_user.id == bot.id
        quoted = Quoted(original.message_id, original.text or "", ours)
    return Said(
        message.chat.id, message.message_id, message.chat.type == "private", author.id, author.username,
        author.full_name, message.text or "", quoted, message.chat.username,
    )  # fmt: skip


def _pressed(query: CallbackQuery) -> Pressed | None:
    if query.message is None or query.data is None:
        return None
    chat, person = query.message.chat, query.from_user
    return Pressed(
        query.id, chat.id, query.message.message_id, chat.type == "private", person.id, person.username,
        person.full_name, query.data,
    )  # fmt: skip
