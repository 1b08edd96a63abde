"""Which channels there are: those whose settings are there, and always the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from channels.email import open_email
from channels.log import open_log
from channels.messages import Channel
from channels.slack import open_slack
from channels.telegram import open_telegram
from channels.webhook import open_webhook
from core.settings import Settings

__all__ = ["OPENERS", "Opener", "open_channels"]

Opener = Callable[[Settings], Channel | None]
"""The channel, or None where nothing of it is set; what is set in part opens, and its `check` says what is missing."""

OPENERS: tuple[Opener, ...] = (
    open_slack,
    open_email,
    open_telegram,
    open_webhook,
    open_log,
)


def open_channels(settings: Settings, openers: Iterable[Opener] = OPENERS) -> Mapping[str, Channel]:
    """By name, as `assistance.yaml` names them. Opens no connection and checks nothing."""
    opened = (opener(settings) for opener in openers)
    return {channel.name: channel for channel in opened if channel is not None}
