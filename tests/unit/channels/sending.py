"""What the tests of all channels share."""

from __future__ import annotations

import asyncio

from channels.limits import Limits
from channels.messages import Channel, Message, Sent
from tests.scripted_http import Answer

__all__ = ["CALM", "QUICK", "limits_for", "message", "send"]

CALM = Limits()
"""Enough on a busy machine."""

QUICK = Limits(connect_s=0.4, total_s=0.4)
"""For what hangs: it is given up soon."""


def limits_for(answer: Answer) -> Limits:
    return QUICK if answer.hang or answer.drip_s else CALM


def message(**changes: str | None) -> Message:
    """A first request; `changes` replace its fields."""
    fields: dict[str, str | None] = {
        "id": "delivery-1",
        "request_id": "6f0c6e0e-8f1d-4f4e-9a51-1f2d3c4b5a69",
        "subject": "New assistance request: visa",
        "text": "New assistance request: may I work?",
    }
    return Message(**{**fields, **changes})  # type: ignore[arg-type]


def send(channel: Channel, sent: Message | None = None) -> Sent:
    """Send in an event loop of its own, as a worker thread does."""
    return asyncio.run(channel.send(sent or message()))
