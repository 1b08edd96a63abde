"""The channels to staff: Slack, e-mail, Telegram, webhook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from core.settings.section import Section

__all__ = ["ChannelSettings"]

_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes: https://core.telegram.org/bots/api#setwebhook"""


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
    telegram_bot: bool = Field(
        default=False,
        description="Let the bot of `TELEGRAM_TOKEN` listen: people ask it, staff teach it. Off, it only sends.",
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None,
        description="Secret by which Telegram proves itself at `/channels/telegram/webhook`: letters, digits, `_`, "
        "`-`. Default: the bot fetches its updates itself.",
    )
    telegram_webhook_url: str | None = Field(
        default=None,
        description="Public `https://` address of that path, which the bot tells Telegram at its start.",
    )
    telegram_admin_ids: str = Field(
        default="",
        description="Telegram user ids, comma-separated, of those who may approve and train. A name can be taken "
        "over by somebody else, an id cannot.",
    )
    admin_usernames: str = Field(
        default="", description="The same by Telegram user names, in any case, with or without `@`."
    )
    telegram_user_ids: str = Field(
        default="",
        description="Telegram user ids, comma-separated, of those who may ask the bot where `CHAT_OPEN` is off.",
    )
    approve_chat_id: int | None = Field(
        default=None, description="Telegram group in which proposals are approved, as `-1001234567890`."
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
        "telegram_webhook_secret", "telegram_webhook_url", "approve_chat_id", "webhook_url", "webhook_secret",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        """A compose file passes on what is not set as an empty string."""
        return None if value == "" else value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_sendable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET takes 1 to 256 letters, digits, `_` and `-`; make a new one")
        return value

    @field_validator("telegram_admin_ids", "telegram_user_ids")
    @classmethod
    def _are_ids(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(","))):
            if not part.isascii() or not part.isdigit():
                raise ValueError(f"{part!r} is no Telegram user id; write numbers, as `12345678,87654321`")
        return value

    @model_validator(mode="after")
    def _bot_is_whole(self) -> Self:
        """A bot that could not listen, or that anybody could pretend to be Telegram to, is refused."""
        if self.telegram_bot and self.telegram_token is None:
            raise ValueError("TELEGRAM_BOT is on without TELEGRAM_TOKEN; put in the token that @BotFather gave")
        if self.telegram_webhook_url is not None and self.telegram_webhook_secret is None:
            raise ValueError("TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET; make up a long word for it")
        return self
