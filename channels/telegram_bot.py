"""The one place where a Telegram bot is made."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr
from telegram import Bot
from telegram.request import HTTPXRequest

from channels.limits import Limits

__all__ = ["build_bot", "closing_bot"]


def build_bot(token: SecretStr, api_url: str, *, limits: Limits) -> Bot:
    """A bot with time limits on each call; it opens nothing yet, and belongs to the event loop that first uses it."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns about its own integers
    return Bot(
        token.get_secret_value(),
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=_request(limits),
        get_updates_request=_request(limits),
    )


@asynccontextmanager
async def closing_bot(token: SecretStr, api_url: str, *, limits: Limits) -> AsyncIterator[Bot]:
    """A bot for one message, closed at the end; it does not ask who it is first, as `async with Bot` would."""
    bot = build_bot(token, api_url, limits=limits)
    try:
        yield bot
    finally:
        await bot.request.shutdown()


def _request(limits: Limits) -> HTTPXRequest:
    return HTTPXRequest(
        connect_timeout=limits.connect_s,
        read_timeout=limits.total_s,
        write_timeout=limits.total_s,
        pool_timeout=limits.connect_s,
    )
