"""The assistant with its bot at a local Bot API, over one document on teaching permits in Iceland."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.application import Application
from tests.integration.training import opened, teachable
from tests.telegram_bot_server import BotServer, Person, bot_server
from tests.telegram_server import BOT_TOKEN

__all__ = ["ANNA", "BEN", "BOSS", "GROUP", "STAFF", "Chat", "bot_settings", "built", "chatting"]

ANNA = Person(501, "anna", "Anna Asker")
BEN = Person(502, None, "Ben Without Name")
BOSS = Person(900, "The_Boss", "Bea Boss")
GROUP = -1009000
"""Where proposals are approved."""
STAFF = -1008000
"""Where requests for a person arrive."""

_TOPICS = f"""topics:
  visa:
    title: {{en: Visa or permit}}
    description: Which visa or permit fits and how to apply.
    channels:
      - {{channel: telegram, to: "{STAFF}"}}
    hours: Monday to Sunday, 0:00 to 23:59
  other:
    title: {{en: Something else}}
    description: Anything else.
    channels:
      - {{channel: telegram, to: "{STAFF}"}}
"""


@dataclass(frozen=True, slots=True)
class Chat:
    application: Application
    server: BotServer
    place: Path


def bot_settings(server: BotServer, place: Path, **changes: object) -> dict[str, object]:
    topics = place / "assistance.yaml"
    topics.write_text(_TOPICS, encoding="utf-8")
    fields: dict[str, object] = {
        "telegram_token": BOT_TOKEN, "telegram_api_url": server.http.url, "telegram_bot": True,
        "approve_chat_id": GROUP, "admin_usernames": "somebody, @the_boss", "assistance_config": topics,
    }  # fmt: skip
    return {**fields, **changes}


@contextmanager
def chatting(place: Path, **changes: object) -> Iterator[Chat]:
    """The running application and the Bot API it is at; `place` keeps what an earlier one left."""
    with bot_server() as server:
        application = built(server, place, **changes)
        application.start()
        try:
            yield Chat(application, server, place)
        finally:
            application.stop()


def built(server: BotServer, place: Path, **changes: object) -> Application:
    """The application with its document indexed, not started."""
    place.mkdir(parents=True, exist_ok=True)
    settings = bot_settings(server, place, **changes)
    known = (place / "kb").exists()
    application = opened(place, **settings) if known else teachable(place, **settings)
    application.training_runs.gate.cases = []  # what the shipped ones ask about is not indexed here
    return application
