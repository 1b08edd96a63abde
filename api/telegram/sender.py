"""Messages out: in parts that Telegram takes, at the pace it asks for; whoever blocked the bot is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from channels.telegram_text import MAX_UNITS, parts

__all__ = ["Button", "Sender"]

log = structlog.get_logger(__name__)

_PAUSES_S = (0.5, 2.0, 8.0)
_MOST_WAIT_S = 60.0
"""A longer wait would outlast the hold on an update: it is put back instead."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Button:
    """`data` comes back when it is pressed; 64 bytes at most."""

    label: str
    data: str


class Sender:
    """Raises `RetryAfter` for a long wait and `NetworkError` once trying again did not help."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def say(
        self, chat_id: int, text: str, *, answers: int | None = None, button: Button | None = None, head: str = ""
    ) -> int | None:
        """Send plain text, `head` before each part and the button under the last.

        The first message's id, None where nobody is reached.
        """
        first = None
        pieces = [head + piece for piece in parts(text, most=MAX_UNITS - len(head))]
        for number, piece in enumerate(pieces, start=1):
            markup = _markup(button) if number == len(pieces) else None
            sent = await self._post(chat_id, piece, answers if first is None else first, markup)
            if sent is None:
                return first
            first = first or sent
        return first

    async def answer_press(self, press_id: str, text: str = "") -> None:
        """End the waiting of whoever pressed a button; too late for that is no harm."""
        await _patiently(lambda: self._bot.answer_callback_query(press_id, text[:200] or None))

    async def take_button(self, chat_id: int, message_id: int) -> None:
        """Remove the button under a message; one that is gone already is no harm."""
        await _patiently(
            lambda: self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
        )

    async def _post(
        self, chat_id: int, text: str, answers: int | None, markup: InlineKeyboardMarkup | None
    ) -> int | None:
        reply = None if answers is None else ReplyParameters(answers, allow_sending_without_reply=True)
        sent = await _patiently(
            lambda: self._bot.send_message(
                chat_id, text, reply_parameters=reply, reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )  # fmt: skip
        return None if sent is None else sent.message_id


async def _patiently(call: Callable[[], Awaitable[_T]]) -> _T | None:
    """The call's result once Telegram takes it; None where it refuses for good, which is noted."""
    pauses = iter(_PAUSES_S)
    while True:
        try:
            return await call()
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            if seconds > _MOST_WAIT_S:
                raise
            await asyncio.sleep(seconds)
        except (BadRequest, ChatMigrated, Forbidden) as error:
            log.info("telegram.refused", reason=error.message)
            return None
        except NetworkError:
            if (pause := next(pauses, None)) is None:
                raise
            await asyncio.sleep(pause)


def _markup(button: Button | None) -> InlineKeyboardMarkup | None:
    if button is None:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(button.label, callback_data=button.data)]])
