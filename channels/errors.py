"""What can go wrong with a channel: for now, for good, or by its settings."""

from __future__ import annotations

from core.errors import AssistantError

__all__ = ["ChannelError", "Misconfigured", "Permanent", "Transient"]


class ChannelError(AssistantError):
    """A message was not delivered. `reason` is a short word for a list, `str(error)` the sentence for a person."""

    status = 502
    type = "channel"
    title = "The channel did not take the message"
    reason: str


class Transient(ChannelError):
    """Worth another try, not before `retry_after_s` seconds where the channel named them."""

    def __init__(self, message: str, *, retry_after_s: int | None = None, reason: str = "unavailable") -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.reason = reason


class Permanent(ChannelError):
    """No use trying again as it is; `reason` is the channel's own word, as "channel_not_found" or "550"."""

    def __init__(self, message: str, *, reason: str = "refused") -> None:
        super().__init__(message)
        self.reason = reason


class Misconfigured(ChannelError):
    """A setting is missing or wrong; the operator has to mend it."""

    status = 500
    type = "channel-misconfigured"
    title = "A channel is not set up"

    def __init__(self, message: str, *, reason: str = "misconfigured") -> None:
        super().__init__(message)
        self.reason = reason
