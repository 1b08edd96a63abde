"""A local server that speaks Slack's `chat.postMessage` and incoming webhooks, with their error shapes."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.scripted_http import Answer, Asked, ScriptedHttp, json_answer, scripted_http

__all__ = ["CHANNEL", "refused", "signed_event", "slack_server", "thread_reply", "too_many", "webhook_refused"]

CHANNEL = "C0VISA"


@contextmanager
def slack_server(*answers: Answer) -> Iterator[ScriptedHttp]:
    """Give the answers in order, then accept everything.

    `SLACK_API_URL` is its `url` + "/api/", a webhook `url` + "/hook". A message gets `ts` 1700000001.000000 and so on,
    in channel `CHANNEL` unless a `C…` id was named. Whoever is asked for is called Ann.
    """
    numbers = itertools.count(1)

    def accept(asked: Asked) -> Answer:
        if "/users.info?" in asked.path:
            profile = {"display_name": "Ann", "real_name": "Ann Onymous"}
            return json_answer({"ok": True, "user": {"name": "ann", "profile": profile}})
        if not asked.path.endswith("/chat.postMessage"):
            return Answer(200, b"ok", {"Content-Type": "text/html"})
        named = asked.json()["channel"]
        channel = named if named.startswith("C") else CHANNEL
        return json_answer({"ok": True, "channel": channel, "ts": f"{1_700_000_000 + next(numbers)}.000000"})

    with scripted_http(*answers, usual=accept) as server:
        yield server


def refused(word: str) -> Answer:
    """Slack's way to say no: 200 and an error word."""
    return json_answer({"ok": False, "error": word})


def too_many(retry_after: str = "30") -> Answer:
    return json_answer({"ok": False, "error": "ratelimited"}, 429, retry_after=retry_after)


def webhook_refused(status: int, word: str) -> Answer:
    """An incoming webhook's way to say no: a status and a bare word."""
    return Answer(status, word.encode(), {"Content-Type": "text/html"})


def thread_reply(thread_ts: str, text: str, *, event_id: str = "Ev01", **event: Any) -> dict[str, Any]:
    """What the Events API posts when a person answers in a thread; `event` changes or adds members."""
    said = {"type": "message", "channel": CHANNEL, "user": "U0ANN", "text": text, "thread_ts": thread_ts}
    return {"type": "event_callback", "event_id": event_id, "event": {**said, "ts": "1700000099.000000", **event}}


def signed_event(secret: str, body: dict[str, Any], *, age_s: int = 0) -> tuple[dict[str, str], bytes]:
    """Headers and body as Slack would post them `age_s` seconds ago."""
    data = json.dumps(body).encode()
    timestamp = str(int(time.time()) - age_s)
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + data, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}, data
