"""A desk over a real database, with channels that are scripted and a clock that is turned by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from assistance.opening import Assistance, open_assistance
from assistance.records import HelpRequest, NewRequest
from chains.conversation import Conversations
from chains.stored import Ask, Turn
from channels.messages import Channel
from channels.reply_tokens import ReplyTokens
from core.database import Database
from core.hash_embeddings import HashEmbeddings
from tests.conftest import make_settings
from tests.scripted_channel import ScriptedChannel
from tests.unit.chains.scripted import ScriptedChain

__all__ = ["ANA", "BEGIN", "TOKENS", "TOPICS", "Clock", "Office", "opened_office"]

ANA = "anonymous:ana"
BEGIN = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOKENS = ReplyTokens("k" * 32)
TOPICS = """
topics:
  visa:
    title: {en: Visa, es: Visado}
    description: Visas and permits.
    channels: [{channel: slack, to: "#visa"}, {channel: email, to: visa@example.org}]
  sales:
    title: Sales
    description: What we offer.
    channels: [{channel: slack, to: "#sales"}]
  other:
    title: Other
    description: The rest.
"""


@dataclass(slots=True)
class Clock:
    """Stands still until it is turned."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything about requests, the direct way; `settle` waits for what is due."""

    assistance: Assistance
    conversations: Conversations
    clock: Clock
    slack: ScriptedChannel
    email: ScriptedChannel
    config: Path

    def ask(self, topic: str = "visa", description: str = "Please help me.", **fields: Any) -> HelpRequest:
        """Accept a request of Ana's and make the attempts that are due; how it stands then."""
        receipt, _ = self.assistance.desk.accept(ANA, NewRequest(topic, description, **fields))
        return self.settle(receipt.id)

    def settle(self, request_id: str) -> HelpRequest:
        """Make the attempts of a request that are due now."""
        deadline = time.monotonic() + 20
        while (due := self.assistance.ledger.next_due(request_id)) is not None and due.at <= self.clock.now:
            self.assistance.dispatch.go_on(request_id)
            assert time.monotonic() < deadline
            time.sleep(0.002)
        return self.assistance.desk.reader.one(request_id)

    def turn(self, question: str = "Which visa do I need?", conversation_id: str | None = None) -> Turn:
        """A question of Ana's, refused."""
        ask = Ask(question, as_of=date(2026, 11, 20), conversation_id=conversation_id)
        turn, _ = self.conversations.accept(ANA, ask)
        list(self.conversations.work(turn.id))
        return turn


@contextmanager
def opened_office(
    database: Database, folder: Path, *, topics: str = TOPICS, without: tuple[str, ...] = (), **changes: object
) -> Iterator[Office]:
    """An office in `folder`; the channels in `without` are not set up."""
    config, clock = folder / "assistance.yaml", Clock()
    config.write_text(topics)
    slack, email = ScriptedChannel("slack"), ScriptedChannel("email")
    channels: dict[str, Channel] = {item.name: item for item in (slack, email) if item.name not in without}
    settings = make_settings(folder / "data", assistance_config=config, **changes)
    conversations = Conversations(database, ScriptedChain(), executor="local")
    assistance = open_assistance(
        settings, database, conversations, channels=channels, tokens=TOKENS, embeddings=HashEmbeddings, durable=False,
        # The clock is turned while a message may still be under way, which has not taken an hour for that.
        now=clock, seconds=lambda: 0.0, chance=lambda: 0.5,
    )  # fmt: skip
    yield Office(assistance, conversations, clock, slack, email, config)
    assistance.stop()
