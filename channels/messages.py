"""What goes out to a channel and what comes back from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Channel", "InboundReply", "Message", "Sent"]


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery. `id` is the same on every repeat of it, so that a receiver can recognise the repeat.

    `to` is the channel's own target, as "#visa", "C0123", "visa@example.org", a chat id or an address; `thread` the
    `Sent.reference` of an earlier message of this request in this channel; `reply_token` names the request, signed.
    """

    id: str
    request_id: str
    subject: str
    text: str
    html: str | None = None
    to: str | None = None
    reply_token: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Where the message is: Slack "channel:ts" of the thread's first message, a Message-ID, Telegram "chat:message_id".

    None where the channel tells nothing.
    """

    reference: str | None


@dataclass(frozen=True, slots=True)
class InboundReply:
    """What a person answered. `event_id` is unique per event of the channel; `thread` the reference they answered."""

    event_id: str
    channel: str
    author: str
    text: str
    thread: str | None
    reply_token: str | None


class Channel(Protocol):
    """A way to reach people."""

    @property
    def name(self) -> str:
        """As `assistance.yaml` names it."""
        ...

    async def send(self, message: Message) -> Sent:
        """Deliver within the channel's time limits, from any event loop. Raises a `ChannelError`."""
        ...

    def check(self) -> None:
        """Raise `Misconfigured` when a setting is missing or cannot be right; opens no connection."""
        ...
