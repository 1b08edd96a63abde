"""A local Bot API with people at it: they write and press, the bot fetches that and answers, and all is kept."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.scripted_http import Answer, Asked, ScriptedHttp, json_answer, scripted_http
from tests.telegram_server import telegram_refused, telegram_sent

__all__ = ["BOT", "BotServer", "Person", "Written", "bot_server"]

BOT = {"id": 123456789, "is_bot": True, "first_name": "Assistant", "username": "assistant_bot"}
_LONGEST_POLL_S = 0.2
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `private` is the id of their chat with the bot."""

    id: int
    username: str | None
    name: str

    @property
    def private(self) -> int:
        return self.id


@dataclass(frozen=True, slots=True)
class Written:
    """A message that the bot sent; `button` is what the one under it carries."""

    message_id: int
    chat_id: int
    text: str
    answers: int | None = None
    button: str | None = None


@dataclass(slots=True)
class BotServer:
    """`written` is what the bot sent; `refuse` holds answers to give first, by the name of the method.

    `refuse_to` holds those to its messages to a chat; whoever is among `gone` has blocked the bot.
    """

    http: ScriptedHttp
    written: list[Written] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuse: defaultdict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    refuse_to: defaultdict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    gone: set[int] = field(default_factory=set)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _updates: Iterator[int] = field(default_factory=lambda: itertools.count(7001))

    def says(self, person: Person, text: str, *, chat: int | None = None, to: Written | None = None) -> dict[str, Any]:
        """Somebody writes, to the bot alone or in a group, perhaps in reply; the update that the bot is offered."""
        message = self._message(person, text, chat=person.private if chat is None else chat)
        if to is not None:
            message["reply_to_message"] = self._told(to)
        return self.offers({"message": message})

    def presses(self, person: Person, under: Written) -> dict[str, Any]:
        """Somebody presses the button under a message."""
        pressed = {"id": f"press-{under.message_id}-{person.id}", "from": _user(person), "chat_instance": "1"}
        return self.offers({"callback_query": {**pressed, "message": self._told(under), "data": under.button}})

    def offers(self, update: dict[str, Any]) -> dict[str, Any]:
        """Offer an update, a new one or one that was offered before."""
        with self._changed:
            update = {"update_id": next(self._updates), **update}
            self.waiting.append(update)
            self._changed.notify_all()
        return update

    def makes(self, person: Person, text: str, *, chat: int | None = None) -> dict[str, Any]:
        """An update that is not offered here, for a webhook."""
        message = self._message(person, text, chat=person.private if chat is None else chat)
        return {"update_id": next(self._updates), "message": message}

    def wait_for(self, text: str, *, chat: int, after: int = 0) -> Written:
        """The first message with these words in a chat, behind the message `after`."""
        deadline = time.monotonic() + _PATIENCE_S
        with self._changed:
            while True:
                for message in self.written:
                    if message.chat_id == chat and message.message_id > after and text in message.text:
                        return message
                told = [(message.chat_id, message.text) for message in self.written]
                assert self._changed.wait(deadline - time.monotonic()), f"no {text!r} among {told}"

    def texts(self, chat: int, *, after: int = 0) -> list[str]:
        return [one.text for one in self.written if one.chat_id == chat and one.message_id > after]

    def _message(self, person: Person, text: str, *, chat: int) -> dict[str, Any]:
        kind = {"type": "private", "first_name": person.name} if chat > 0 else {"type": "supergroup", "title": "Staff"}
        head = {"message_id": next(self._numbers), "date": 1_700_000_000, "chat": {"id": chat, **kind}}
        return {**head, "from": _user(person), "text": text}

    @staticmethod
    def _told(message: Written) -> dict[str, Any]:
        kind = {"type": "private"} if message.chat_id > 0 else {"type": "supergroup", "title": "Staff"}
        chat = {"id": message.chat_id, **kind}
        return {
            "message_id": message.message_id, "date": 1_700_000_000, "chat": chat, "from": BOT, "text": message.text,
        }  # fmt: skip

    def accept(self, asked: Asked) -> Answer:
        method, sent = asked.path.rpartition("/")[2], telegram_sent(asked)
        with self._changed:
            self.calls.append((method, sent))
            if self.refuse[method]:
                return self.refuse[method].pop(0)
            if method == "sendMessage" and (chat := int(sent["chat_id"])) in self.gone:
                return telegram_refused(403, "Forbidden: bot was blocked by the user")
            if method == "sendMessage" and self.refuse_to[chat]:
                return self.refuse_to[chat].pop(0)
            self._changed.notify_all()
            return self._answers(method, sent)

    def _answers(self, method: str, sent: dict[str, Any]) -> Answer:
        match method:
            case "getMe":
                return _ok(BOT)
            case "getUpdates":
                return self._poll(int(sent.get("offset", 0)))
            case "sendMessage":
                return self._take(sent)
            case "setWebhook" | "deleteWebhook" | "setMyCommands" | "answerCallbackQuery" | "editMessageReplyMarkup":
                return _ok(True)
            case _:
                return telegram_refused(404, f"Not Found: method {method} not found")

    def _poll(self, offset: int) -> Answer:
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            self._changed.wait_for(lambda: self.waiting, _LONGEST_POLL_S)
        return _ok(self.waiting)

    def _take(self, sent: dict[str, Any]) -> Answer:
        if len(sent["text"]) > 4096:
            return telegram_refused(400, "Bad Request: message is too long")
        rows = sent.get("reply_markup", {}).get("inline_keyboard", [])
        chat, answers = int(sent["chat_id"]), sent.get("reply_parameters", {}).get("message_id")
        button = rows[0][0]["callback_data"] if rows else None
        written = Written(next(self._numbers), chat, sent["text"], answers, button)
        self.written.append(written)
        self._changed.notify_all()
        return _ok(self._told(written))


@contextmanager
def bot_server() -> Iterator[BotServer]:
    """Serve until the block ends; `TELEGRAM_API_URL` is `http.url`."""
    with scripted_http() as http:
        server = BotServer(http)
        http.usual = server.accept
        yield server


def _user(person: Person) -> dict[str, Any]:
    named = {"username": person.username} if person.username else {}
    return {"id": person.id, "is_bot": False, "first_name": person.name, **named}


def _ok(result: object) -> Answer:
    return json_answer(json.loads(json.dumps({"ok": True, "result": result})))
