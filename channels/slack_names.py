"""What people in Slack are called: the person who is answered reads a name, not an id."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from channels.errors import ChannelError
from core.settings import Settings

if TYPE_CHECKING:
    from channels.slack import SlackBot

__all__ = ["SlackNames", "open_slack_names"]

log = structlog.get_logger(__name__)

_KEPT_S = 24 * 3600.0
_FAILED_S = 60.0
_PATIENCE_S = 2.0
"""Slack repeats an event that is not answered within three seconds: docs.slack.dev/apis/events-api#responding"""


class SlackNames:
    """Names are kept for a day; where Slack does not tell one the id stands, and it is asked again after a minute."""

    def __init__(self, bot: SlackBot, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    async def of(self, user_id: str) -> str:
        """The name that this person shows, else their id."""
        name, until = self._known.get(user_id, ("", 0.0))
        if until <= self._clock():
            name, holds_s = await self._ask(user_id)
            self._known[user_id] = name, self._clock() + holds_s
        return name

    async def _ask(self, user_id: str) -> tuple[str, float]:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                name = await self._bot.name_of(user_id)
        except (ChannelError, TimeoutError) as error:
            log.warning("slack.name_unknown", error=str(error), hint="the bot needs the scope users:read")
            return user_id, _FAILED_S
        return (user_id, _FAILED_S) if name is None else (name, _KEPT_S)


def open_slack_names(settings: Settings) -> SlackNames | None:
    """By the bot's token; None without one. Slack's client is imported late: it takes long, and few have it."""
    if settings.slack_token is None:
        return None
    from channels.slack import SlackBot, open_slack

    bot = open_slack(settings)
    return SlackNames(bot) if isinstance(bot, SlackBot) else None
