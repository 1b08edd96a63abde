"""Slack: by a bot token, with threads and replies, or by an incoming webhook, one way only."""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels.errors import ChannelError, Misconfigured, Permanent, Transient
from channels.limits import Limits, require_encryption
from channels.messages import Channel, Message, Sent
from channels.slack_errors import slack_error
from channels.slack_text import escape
from core.settings import Settings

__all__ = ["SlackBot", "SlackWebhook", "open_slack"]

_MAX_CHARS = 40_000  # what is longer, Slack cuts without a word: docs.slack.dev/reference/methods/chat.postMessage
_MAX_NAME = 80
_IDS = uuid.UUID("5f3d9a52-6c0e-4e5c-9d0b-0f6f2f6f2c11")
_EVENT_TYPE = "assistance_delivery"


def open_slack(settings: Settings) -> Channel | None:
    """The bot where there is a token, else the incoming webhook, else None."""
    if settings.slack_token is not None:
        return SlackBot(settings.slack_token, settings.slack_api_url, limits=Limits.of(settings))
    if settings.slack_webhook_url is not None:
        return SlackWebhook(settings.slack_webhook_url, limits=Limits.of(settings))
    return None


@dataclass(frozen=True, slots=True)
class SlackBot:
    """Posts as a bot into the channel that `Message.to` names; a person's answer in the thread comes back."""

    token: SecretStr
    api_url: str
    limits: Limits
    name: str = "slack"

    def check(self) -> None:
        require_encryption(self.api_url, "SLACK_API_URL", allow_plain=self.limits.allow_plain)
        if not self.token.get_secret_value().startswith("xox"):
            raise Misconfigured("SLACK_TOKEN is not a Slack token; take the bot token, which begins with xoxb-")

    async def send(self, message: Message) -> Sent:
        """The reference names the thread's first message, whichever of its messages this is."""
        body = _payload(message)
        channel, thread_ts = _place(message)
        async with _session(self.limits) as session:
            answer = await self._client(session).chat_postMessage(
                channel=channel, thread_ts=thread_ts, client_msg_id=str(uuid.uuid5(_IDS, message.id)), **body
            )
            posted, ts = answer.get("channel"), answer.get("ts")
        if not posted or not ts:
            return Sent(None)
        return Sent(f"{posted}:{thread_ts or ts}")

    async def name_of(self, user_id: str) -> str | None:
        """The name that somebody shows in Slack; None when they show none. Raises `ChannelError`.

        Needs the scope `users:read`.
        """
        async with _session(self.limits) as session:
            answer = await self._client(session).users_info(user=user_id)
            user = answer.get("user") or {}
            profile = user.get("profile") or {}
        names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
        return next((name.strip()[:_MAX_NAME] for name in names if isinstance(name, str) and name.strip()), None)

    def _client(self, session: aiohttp.ClientSession) -> AsyncWebClient:
        return AsyncWebClient(
            self.token.get_secret_value(),
            base_url=self.api_url.rstrip("/") + "/",
            session=session,
            retry_handlers=[],  # the one who delivers decides when to try again
            logger=_quiet(),
        )


@dataclass(frozen=True, slots=True)
class SlackWebhook:
    """Posts to the one place that the webhook was made for; Slack tells no reference, so no reply can come back."""

    url: SecretStr
    limits: Limits
    name: str = "slack"

    def check(self) -> None:
        require_encryption(self.url.get_secret_value(), "SLACK_WEBHOOK_URL", allow_plain=self.limits.allow_plain)

    async def send(self, message: Message) -> Sent:
        body = _payload(message)
        async with _session(self.limits) as session:
            client = AsyncWebhookClient(
                self.url.get_secret_value(), session=session, retry_handlers=[], logger=_quiet()
            )
            answer = await client.send_dict(body)
        if answer.status_code != 200:
            raise slack_error(answer.status_code, answer.body.strip(), answer.headers)
        return Sent(None)


def _payload(message: Message) -> dict[str, Any]:
    text = escape(message.text)
    if len(text) > _MAX_CHARS:
        raise Permanent(f"Slack takes {_MAX_CHARS} characters, this message has {len(text)}", reason="msg_too_long")
    return {
        "text": text,
        "mrkdwn": False,
        "unfurl_links": False,  # a look at an address in a person's text would tell its server about them
        "unfurl_media": False,
        "metadata": {"event_type": _EVENT_TYPE, "event_payload": {"delivery_id": message.id}},
    }


def _place(message: Message) -> tuple[str, str | None]:
    if message.thread is not None:
        channel, _, ts = message.thread.rpartition(":")
        if channel and ts:
            return channel, ts
        raise Permanent(f"{message.thread!r} is no Slack thread; it reads channel:ts", reason="thread_not_found")
    if not message.to:
        raise Misconfigured("no Slack channel is named; give one in assistance.yaml, as '#visa' or 'C0123'")
    return message.to, None


@asynccontextmanager
async def _session(limits: Limits) -> AsyncIterator[aiohttp.ClientSession]:
    """A session for one message, since a kept one belongs to one event loop; foreign errors leave translated."""
    timeout = aiohttp.ClientTimeout(total=limits.total_s, connect=limits.connect_s, sock_connect=limits.connect_s)
    async with limits.whole("Slack"):
        try:
            async with aiohttp.ClientSession(timeout=timeout, trace_configs=[_no_redirects()]) as session:
                yield session
        except SlackClientError as error:
            raise _translated(error) from error
        except TimeoutError as error:
            raise Transient("Slack did not answer in time", reason="timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Transient(f"Slack cannot be reached: {type(error).__name__}") from error
        except (AttributeError, ValueError) as error:  # slack_sdk trips over text where JSON belongs
            raise Transient("Slack answered with something that is not JSON", reason="garbled") from error


def _translated(error: SlackClientError) -> ChannelError:
    answer = getattr(error, "response", None)
    data = getattr(answer, "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    status = getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0
    return slack_error(status, word if isinstance(word, str) else "", getattr(answer, "headers", None) or {})


def _no_redirects() -> aiohttp.TraceConfig:
    """aiohttp would carry people's words to wherever an answer points."""

    async def refuse(*_: object) -> None:
        raise Permanent("Slack's address leads elsewhere; check SLACK_API_URL or SLACK_WEBHOOK_URL", reason="redirect")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    return tracing


def _quiet() -> logging.Logger:
    """A logger that stays silent below warnings: at DEBUG the clients write the webhook's secret address."""
    logger = logging.getLogger("channels.slack.client")
    logger.setLevel(logging.WARNING)
    return logger
