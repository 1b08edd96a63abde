"""The channels to staff: Slack, e-mail, Telegram, webhook."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from core.settings.section import Section

__all__ = ["ChannelSettings"]


class ChannelSettings(Section):
    """The channels to staff: Slack, e-mail, Telegram, webhook."""

    slack_token: SecretStr | None = Field(
        default=None, description="Slack bot token, `xoxb-…`, with the scope `chat:write`."
    )
    slack_webhook_url: SecretStr | None = Field(
        default=None,
        description="Slack incoming webhook, used where there is no `SLACK_TOKEN`. It posts to one place only, "
        "and replies cannot come back.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Slack's signing secret; with it replies in a thread come back."
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Address of Slack's API, for a proxy in between."
    )

    smtp_host: str | None = Field(default=None, description="Mail server that takes outgoing mail.")
    smtp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Its port. Default: 587 with `starttls`, 465 with `tls`, 25 with `none`.",
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`tls` from the first byte, `starttls` after greeting, refused where the server cannot; "
        "`none` only to this machine unless `CHANNELS_ALLOW_PLAIN`.",
    )
    smtp_username: str | None = Field(default=None, description="Name to sign in to the mail server with.")
    smtp_password: SecretStr | None = Field(default=None, description="Password to sign in to the mail server with.")
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificates to trust the mail server by. Default: those of the system."
    )
    email_from: str | None = Field(
        default=None, description="Sender of mail, as `help@example.org` or `Help desk <help@example.org>`."
    )
    email_reply_to: str | None = Field(
        default=None,
        description="Address whose plus-addresses reach the inbound webhook, at most 19 characters before the `@`: "
        "`reply@example.org` gets `reply+TOKEN@example.org`. Default: replies go to the sender and do not come back.",
    )
    email_inbound_secret: SecretStr | None = Field(
        default=None, description="Standard Webhooks secret, `whsec_…`, that signs inbound mail."
    )

    telegram_token: SecretStr | None = Field(default=None, description="Token of the Telegram bot, from @BotFather.")
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Address of Telegram's Bot API, for a server of one's own."
    )

    webhook_url: SecretStr | None = Field(
        default=None, description="Address that requests are posted to, unless `assistance.yaml` names another."
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="Standard Webhooks secret, `whsec_…`, that signs them."
    )

    channel_connect_timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="Seconds to connect to a channel's server."
    )
    channel_timeout_s: float = Field(
        default=30.0, gt=0, le=300, description="Seconds for one whole message to a channel."
    )
    channels_allow_plain: bool = Field(
        default=False,
        description="Let channels talk to other machines than this one without encryption (http, SMTP without TLS).",
    )

    @field_validator(
        "slack_token", "slack_webhook_url", "slack_signing_secret", "smtp_host", "smtp_port", "smtp_username",
        "smtp_password", "smtp_ca_file", "email_from", "email_reply_to", "email_inbound_secret", "telegram_token",
        "webhook_url", "webhook_secret",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        """A compose file passes on what is not set as an empty string."""
        return None if value == "" else value
