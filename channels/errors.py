"""What can go wrong with a channel: for now, for good, or by its settings."""

from __future__ import annotations

from core.errors import AssistantError

__all__ = ["ChannelError", "Misconfigured", "Permanent", "Transient"]


class ChannelError(AssistantError):
    """A message was not delivered, or what arrived cannot be read."""

    status = 502
    type = "channel"
    title = "The channel did not take the message"


class Transient(ChannelError):
    """Worth another try, not before `retry_after_s` seconds where the channel named them."""

    def __init__(self, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Permanent(ChannelError):
    """No use trying again as it is. `reason` is the channel's own short word, as "channel_not_found" or "550"."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class Misconfigured(ChannelError):
    """A setting is missing or wrong; the operator has to mend it."""

    status = 500
    type = "channel-misconfigured"
    title = "A channel is not set up"
