"""Requests for a person and their delivery."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from core.settings.section import Section

__all__ = ["AssistanceSettings"]


class AssistanceSettings(Section):
    """Requests for a person and their delivery."""

    assistance_config: Path = Field(
        default=Path("assistance.yaml"),
        description="File of topics and their channels; read again when it changes. Without it all waits in the inbox.",
    )
    assistance_max_chars: int = Field(
        default=5000, ge=100, le=20_000, description="Longest description of a request in characters."
    )
    assistance_retry_first_s: float = Field(
        default=2.0, gt=0, description="Seconds until the second attempt at a channel; doubled at each further one."
    )
    assistance_retry_most_s: float = Field(default=300.0, gt=0, description="Most seconds between two attempts.")
    assistance_fallback_attempts: int = Field(
        default=5, ge=1, description="Failed attempts after which a topic's next channel is tried."
    )
    assistance_fallback_after_s: float = Field(
        default=600.0, gt=0, description="Seconds of failing after which a topic's next channel is tried."
    )
    assistance_give_up_after_h: float = Field(
        default=48.0, gt=0, description="Hours of failing after which the last channel is given up."
    )
    assistance_send_timeout_s: float = Field(
        default=30.0, gt=0, description="Seconds for one attempt at a channel, whatever the channel allows itself."
    )
    assistance_sends_at_once: int = Field(
        default=1,
        ge=1,
        le=128,
        description="Messages that one process sends at once, to all channels. After a kill so many may come twice.",
    )
    assistance_channel_concurrency: int = Field(
        default=4, ge=1, le=32, description="Of these, messages that are sent to one channel at once."
    )
    assistance_channel_per_minute: int = Field(
        default=60, ge=1, description="Messages that are sent to one channel in a minute; more wait."
    )
    assistance_alert_after_s: float = Field(
        default=900.0, gt=0, description="Seconds after which a request that no channel took is logged as an alert."
    )
