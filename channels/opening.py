"""Which channels there are: those whose settings are there, and always the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from channels.email import open_email
from channels.log import open_log
from channels.messages import Channel
from channels.webhook import open_webhook
from core.settings import Settings

__all__ = ["OPENERS", "Opener", "open_channels"]

Opener = Callable[[Settings], Channel | None]
"""The channel, or None where nothing of it is set; what is set in part opens, and its `check` says what is missing."""


def open_channels(settings: Settings, openers: Iterable[Opener] | None = None) -> Mapping[str, Channel]:
    """By name, as `assistance.yaml` names them. Opens no connection and checks nothing."""
    opened = (opener(settings) for opener in (OPENERS if openers is None else openers))
    return {channel.name: channel for channel in opened if channel is not None}


def _slack(settings: Settings) -> Channel | None:
    """Imported late: its client takes long, and few have it."""
    if settings.slack_token is None and settings.slack_webhook_url is None:
        return None
    from channels.slack import open_slack

    return open_slack(settings)


def _telegram(settings: Settings) -> Channel | None:
    """Imported late: its client takes long, and few have it."""
    if settings.telegram_token is None:
        return None
    from channels.telegram import open_telegram

    return open_telegram(settings)


OPENERS: tuple[Opener, ...] = (
    _slack,
    open_email,
    _telegram,
    open_webhook,
    open_log,
)
