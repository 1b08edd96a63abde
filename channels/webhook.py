"""A webhook of one's own: JSON by POST, signed as Standard Webhooks say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr
from standardwebhooks import Webhook

from channels.answers import is_transient_status
from channels.errors import ChannelError, Misconfigured, Permanent, Transient
from channels.limits import Limits, require_encryption
from channels.messages import Channel, Message, Sent
from channels.signatures import webhook_secret
from core.retry_after import wait_s
from core.settings import Settings

__all__ = ["WebhookChannel", "open_webhook"]

_MAX_ANSWER_BYTES = 64 * 1024
_EVENT_TYPE = "assistance.message"


def open_webhook(settings: Settings) -> Channel | None:
    """A webhook where there is an address or a secret, else None."""
    if settings.webhook_url is None and settings.webhook_secret is None:
        return None
    return WebhookChannel(settings.webhook_url, settings.webhook_secret, limits=Limits.of(settings))


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts to `Message.to`, else to the address of the settings. `webhook-id` is the delivery's id: a receiver that
    has seen it answers 2xx and does nothing."""

    url: SecretStr | None
    secret: SecretStr | None
    limits: Limits
    name: str = "webhook"

    def check(self) -> None:
        if self.url is not None:
            require_encryption(self.url.get_secret_value(), "WEBHOOK_URL", allow_plain=self.limits.allow_plain)
        webhook_secret(self.secret, "WEBHOOK_SECRET")

    async def send(self, message: Message) -> Sent:
        """The reference is the `id` of a JSON answer, where there is one."""
        url = self._url(message)
        body = _body(message)
        headers = self._signed(message.id, body)
        async with self.limits.whole("the webhook"):
            try:
                status, answer, retry_after = await self._post(url, body, headers)
            except httpx.TimeoutException as error:
                raise Transient("the webhook did not answer in time", reason="timeout") from error
            except httpx.HTTPError as error:
                raise Transient(f"the webhook cannot be reached: {type(error).__name__}") from error
        if 200 <= status < 300:
            return Sent(_id_in(answer))
        raise _refused(status, retry_after)

    def _url(self, message: Message) -> str:
        url = message.to or (self.url.get_secret_value() if self.url else None)
        if url is None:
            raise Misconfigured("the webhook has no address; set WEBHOOK_URL, or name one in assistance.yaml")
        require_encryption(url, "the webhook's address", allow_plain=self.limits.allow_plain)
        return url

    def _signed(self, delivery_id: str, body: str) -> dict[str, str]:
        moment = datetime.now(UTC)
        return {
            "webhook-id": delivery_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(webhook_secret(self.secret, "WEBHOOK_SECRET")).sign(delivery_id, moment, body),
            "content-type": "application/json",
            "accept-encoding": "identity",  # what is not packed cannot unpack to more than it is
        }

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> tuple[int, bytes, str | None]:
        timeout = httpx.Timeout(self.limits.total_s, connect=self.limits.connect_s)
        async with (
            httpx.AsyncClient(timeout=timeout, follow_redirects=False) as client,
            client.stream("POST", url, content=body.encode(), headers=headers) as answer,
        ):
            return answer.status_code, await _beginning(answer), answer.headers.get("retry-after")


async def _beginning(answer: httpx.Response) -> bytes:
    read = bytearray()
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) > _MAX_ANSWER_BYTES:
            break
    return bytes(read[:_MAX_ANSWER_BYTES])


def _body(message: Message) -> str:
    """The same bytes on every repeat."""
    data = {
        "delivery_id": message.id,
        "request_id": message.request_id,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "reply_token": message.reply_token,
        "thread": message.thread,
    }
    return json.dumps({"type": _EVENT_TYPE, "data": data}, ensure_ascii=False)


def _id_in(answer: bytes) -> str | None:
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    reference = parsed.get("id") if isinstance(parsed, dict) else None
    return reference[:200] if isinstance(reference, str) and reference else None


def _refused(status: int, retry_after: str | None) -> ChannelError:
    if is_transient_status(status):
        return Transient(f"the webhook answered {status}", retry_after_s=wait_s(retry_after), reason=str(status))
    if 300 <= status < 400:
        return Permanent(f"the webhook answered {status}; name the address that it leads to", reason="redirect")
    return Permanent(f"the webhook answered {status}; see its own log for why", reason=str(status))
