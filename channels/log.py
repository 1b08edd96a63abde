"""The log as a channel, for development: a message becomes a line, and nobody is reached."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from channels.messages import Channel, Message, Sent
from core.settings import Settings

__all__ = ["LogChannel", "open_log"]

log = structlog.get_logger(__name__)


def open_log(_settings: Settings) -> Channel:
    """Always there."""
    return LogChannel()


@dataclass(frozen=True, slots=True)
class LogChannel:
    """Writes each message as one line at INFO, personal data masked like everywhere in the log."""

    name: str = "log"

    def check(self) -> None:
        """Nothing to set."""

    async def send(self, message: Message) -> Sent:
        log.info(
            "message for staff",
            delivery_id=message.id,
            assistance_request_id=message.request_id,
            to=message.to,
            subject=message.subject,
            text=message.text,
        )
        return Sent(None)
