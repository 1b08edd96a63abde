"""Telegram: messages from a bot into a chat."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.error import TimedOut as TelegramTimedOut

from channels.errors import ChannelError, Misconfigured, Permanent, Transient
from channels.limits import Limits, require_encryption
from channels.messages import Channel, Message, Sent
from channels.telegram_bot import closing_bot
from channels.telegram_text import MAX_UNITS, parts
from core.settings import Settings

__all__ = ["TelegramChannel", "delivery_mark", "open_telegram"]

_TOKEN = re.compile(r"\d+:[\w-]{20,}")
_MARK_CHARS = 9


def open_telegram(settings: Settings) -> Channel | None:
    """The bot where there is a token, else None."""
    if settings.telegram_token is None:
        return None
    return TelegramChannel(settings.telegram_token, settings.telegram_api_url, limits=Limits.of(settings))


def delivery_mark(delivery_id: str) -> str:
    """The hashtag at the end of a message: Telegram knows no delivery id, so a repeat is told by the same mark."""
    return f"#d{hashlib.sha256(delivery_id.encode()).hexdigest()[:_MARK_CHARS]}"


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """Sends into the chat that `Message.to` names, an id or @name. A long text comes in several messages; the reference
    is the first, and a repeat after a failure between them sends them all again."""

    token: SecretStr
    api_url: str
    limits: Limits
    name: str = "telegram"

    def check(self) -> None:
        require_encryption(self.api_url, "TELEGRAM_API_URL", allow_plain=self.limits.allow_plain)
        if not _TOKEN.fullmatch(self.token.get_secret_value()):
            raise Misconfigured("TELEGRAM_TOKEN is not a bot token; take the one @BotFather gave, as 123456:ABC…")

    async def send(self, message: Message) -> Sent:
        chat, answered = _place(message)
        mark = f"\n\n{delivery_mark(message.id)}"
        texts = list(parts(message.text, most=MAX_UNITS - len(mark)))
        if not texts:
            raise Permanent("a message without text cannot be sent to Telegram", reason="empty")
        texts[-1] += mark
        async with self._bot() as bot:
            first = await _post(bot, chat, texts[0], answered)
            for text in texts[1:]:
                await _post(bot, chat, text, first)
        return Sent(f"{chat}:{first}")

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[Bot]:
        async with self.limits.whole("Telegram"):
            try:
                async with closing_bot(self.token, self.api_url, limits=self.limits) as bot:
                    yield bot
            except TelegramError as error:
                raise _translated(error) from error
            except (AttributeError, KeyError, TypeError) as error:  # the library trips over JSON of another shape
                raise Transient("Telegram answered with something that is no message", reason="garbled") from error


async def _post(bot: Bot, chat: str, text: str, answered: int | None) -> int:
    """Send plain text, without a parse mode, so that no character in it is mark-up; the new message's id."""
    reply = None if answered is None else ReplyParameters(answered, allow_sending_without_reply=True)
    sent = await bot.send_message(
        chat, text, reply_parameters=reply, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return sent.message_id


def _place(message: Message) -> tuple[str, int | None]:
    if message.thread is not None:
        chat, _, number = message.thread.rpartition(":")
        if chat and number.isascii() and number.isdigit():
            return chat, int(number)
        raise Permanent(f"{message.thread!r} is no Telegram message; it reads chat:message", reason="thread_not_found")
    if not message.to:
        raise Misconfigured("no Telegram chat is named; give its id in assistance.yaml, as '-1001234567890'")
    return message.to, None


def _translated(error: TelegramError) -> ChannelError:
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = int(wait.total_seconds()) if isinstance(wait, timedelta) else wait
            return Transient("Telegram asks to wait", retry_after_s=seconds, reason="flood")
        case InvalidToken():
            return Misconfigured("Telegram does not know TELEGRAM_TOKEN; put a valid one", reason="invalid_token")
        case Forbidden():
            return Permanent(f"Telegram refused: {error.message}; invite the bot into the chat", reason="forbidden")
        case ChatMigrated():
            return Permanent(
                f"the Telegram chat is now {error.new_chat_id}; put that into assistance.yaml", reason="chat_migrated"
            )
        case BadRequest():  # a NetworkError by inheritance, and yet for good
            return Permanent(f"Telegram refused: {error.message}; check the chat's id", reason="bad_request")
        case TelegramTimedOut():
            return Transient("Telegram did not answer in time", reason="timeout")
        case NetworkError():
            return Transient(f"Telegram cannot be reached: {error.message}", reason="unreachable")
        case _:
            return Transient(f"Telegram failed: {error.message}", reason="garbled")
