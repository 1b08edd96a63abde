"""The channels to staff: Slack, e-mail, Telegram, webhook."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["ChannelSettings"]


class ChannelSettings(Section):
    """The channels to staff: Slack, e-mail, Telegram, webhook."""
