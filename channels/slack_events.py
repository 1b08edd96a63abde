"""What Slack's Events API posts: its challenge, and people's answers in a thread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from channels.errors import Misconfigured
from channels.messages import InboundReply
from channels.slack_text import plain
from core.errors import InvalidInput, Unauthenticated
from core.settings import Settings

if TYPE_CHECKING:
    from slack_sdk.signature import Clock

__all__ = ["Challenge", "SlackEvents"]

_FROM_PEOPLE = frozenset({None, "thread_broadcast", "file_share"})
"""Message subtypes that are something said; others are edits, deletions, joins and bots."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Slack asks whether the address is ours: answer 200 with `text` as it is."""

    text: str


class SlackEvents:
    """Reads requests of the Events API that carry a signature less than five minutes old."""

    def __init__(self, signing_secret: SecretStr, *, clock: Clock | None = None) -> None:
        from slack_sdk.signature import Clock as SystemClock  # late: it brings the whole client, half a second
        from slack_sdk.signature import SignatureVerifier

        self._verifier = SignatureVerifier(signing_secret.get_secret_value(), clock or SystemClock())

    @classmethod
    def of(cls, settings: Settings) -> SlackEvents:
        """Raises `Misconfigured` where there is no signing secret."""
        if settings.slack_signing_secret is None or not settings.slack_signing_secret.get_secret_value().strip():
            raise Misconfigured("SLACK_SIGNING_SECRET is missing; without it nobody could tell Slack from a forger")
        return cls(settings.slack_signing_secret)

    def read(self, headers: Mapping[str, str], body: bytes) -> Challenge | InboundReply | None:
        """None for what nobody said in a thread: answer 200 all the same, or Slack repeats it.

        A repeat has the `event_id` of the first. Raises `Unauthenticated` for a bad signature and `InvalidInput` for
        a signed body that is not Slack's.
        """
        self._verify(headers, body)
        event = _parsed(body)
        if event.get("type") == "url_verification":
            return Challenge(str(event.get("challenge", "")))
        return _reply(event) if event.get("type") == "event_callback" else None

    def _verify(self, headers: Mapping[str, str], body: bytes) -> None:
        try:
            valid = self._verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError, OverflowError):  # a timestamp that is no time, a signature that is not ASCII
            valid = False
        if not valid:
            raise Unauthenticated("the request is not signed by Slack, or its signature is older than five minutes")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is not JSON; subscribe this address to Slack's Events API") from error
    if not isinstance(parsed, dict):
        raise InvalidInput("the body is not an event; subscribe this address to Slack's Events API")
    return parsed


def _reply(envelope: dict[str, Any]) -> InboundReply | None:
    event, event_id = envelope.get("event"), envelope.get("event_id")
    if not isinstance(event, dict) or not isinstance(event_id, str) or not _is_answer(event):
        return None
    channel, thread, author, text = (event.get(name) for name in ("channel", "thread_ts", "user", "text"))
    if not all(isinstance(value, str) and value for value in (channel, thread, author, text)):
        return None
    said = plain(str(text))
    return InboundReply(event_id, "slack", str(author), said, f"{channel}:{thread}", None) if said else None


def _is_answer(event: dict[str, Any]) -> bool:
    said_by_a_person = not event.get("bot_id") and not event.get("hidden")
    known_kind = event.get("type") == "message" and event.get("subtype") in _FROM_PEOPLE
    return said_by_a_person and known_kind and event.get("thread_ts") != event.get("ts")
