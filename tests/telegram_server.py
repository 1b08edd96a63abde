"""A local server that speaks Telegram's Bot API, with its error shapes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from tests.scripted_http import Answer, Asked, ScriptedHttp, json_answer, scripted_http

__all__ = ["BOT_TOKEN", "flood", "telegram_refused", "telegram_sent", "telegram_server"]

BOT_TOKEN = "123456789:AAE-test-token-of-a-bot-that-is-not"


@contextmanager
def telegram_server(*answers: Answer) -> Iterator[ScriptedHttp]:
    """Give the answers in order, then accept everything; messages get the ids 1, 2 and so on. `TELEGRAM_API_URL` is
    its `url`."""
    numbers = itertools.count(1)

    def accept(asked: Asked) -> Answer:
        sent = telegram_sent(asked)
        message = {"message_id": next(numbers), "date": 1_700_000_000, "text": sent.get("text", "")}
        chat = {"id": int(sent["chat_id"]), "type": "supergroup", "title": "Staff"}
        return json_answer({"ok": True, "result": {**message, "chat": chat}})

    with scripted_http(*answers, usual=accept) as server:
        yield server


def telegram_sent(asked: Asked) -> dict[str, Any]:
    """The parameters of a call; members that are objects are parsed."""
    fields = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
    return {name: json.loads(value) if value.startswith("{") else value for name, value in fields.items()}


def telegram_refused(status: int, description: str) -> Answer:
    return json_answer({"ok": False, "error_code": status, "description": description}, status)


def flood(seconds: int) -> Answer:
    body = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return json_answer({**body, "parameters": {"retry_after": seconds}}, 429)
