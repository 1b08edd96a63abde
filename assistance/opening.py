"""Everything about requests for a person, wired."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from assistance import metrics
from assistance.backoff import Patience
from assistance.courier import Courier
from assistance.desk import Desk
from assistance.dispatch import DirectDispatch, Dispatch
from assistance.drafting import Drafting
from assistance.gate import Gate
from assistance.guess import TopicGuesser
from assistance.keeper import Keeper
from assistance.ledger import Ledger
from assistance.live_topics import LiveTopics
from assistance.workflows import DurableDispatch
from chains.conversation import Conversations
from channels.errors import Misconfigured
from channels.messages import Channel
from channels.reply_tokens import ReplyTokens
from core.database import Database
from core.models import PassageEmbeddings
from core.settings import Settings

__all__ = ["Assistance", "open_assistance"]

log = structlog.get_logger(__name__)

_SWEEP_GRACE_S = 30.0
"""The engine goes on by itself; what it did not begin within this is asked for again."""

_LOOK_S, _LOOK_DIRECT_S = 5.0, 0.25
"""Without the engine it is the keeper that makes what is due later."""


_BAD_TOPICS = "the file of topics is wrong and the last good one holds; GET /assistance/setup tells where"
_MISCONFIGURED = "its settings are wrong and requests wait; GET /assistance/setup tells which"
"""Health is open to everybody; the setting and the line are for staff."""


@dataclass(frozen=True, slots=True)
class Assistance:
    """`start` is called once the durable engine runs."""

    desk: Desk
    drafting: Drafting
    topics: LiveTopics
    channels: Mapping[str, Channel]
    ledger: Ledger
    dispatch: Dispatch
    keeper: Keeper

    def start(self) -> None:
        """Say which channels are not usable, go on with what is not delivered and look after it from then on."""
        for name, problem in self.channel_problems().items():
            if problem is not None:
                log.error("channel.misconfigured", channel=name, error=problem)
        self.dispatch.open()
        self.keeper.start()

    def stop(self) -> None:
        """End what was begun; safe where nothing was."""
        self.keeper.stop()
        self.dispatch.close()

    def channel_problems(self) -> dict[str, str | None]:
        """Every channel that is set up, with what is wrong with its settings."""
        return {name: _problem(channel) for name, channel in self.channels.items()}

    def degraded(self) -> dict[str, str]:
        """What does not work as it should, with the reason as everybody may know it; requests are taken."""
        found = {f"channel {name}": _MISCONFIGURED for name, problem in self.channel_problems().items() if problem}
        return found if self.topics.error is None else {"topics": _BAD_TOPICS, **found}

    def gauge(self) -> None:
        """Bring the metrics of what does not work up to date."""
        metrics.BAD_TOPICS.set(self.topics.error is not None)
        for name, problem in self.channel_problems().items():
            metrics.BAD_CHANNEL.labels(name).set(problem is not None)


def open_assistance(
    settings: Settings, database: Database, conversations: Conversations, *, channels: Mapping[str, Channel],
    tokens: ReplyTokens, embeddings: Callable[[], PassageEmbeddings], durable: bool,
    now: Callable[[], datetime] | None = None, seconds: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random, look_every_s: float = 1.0,
) -> Assistance:  # fmt: skip
    """Wire it over `channels`; raises `ConfigurationError` for a file of topics that is wrong.

    `now`, `seconds` and `chance` replace the clocks and what spreads attempts; the file is looked at every
    `look_every_s` seconds.
    """
    now = now or _now
    topics = LiveTopics(settings.assistance_config, zone=settings.tz, every_s=look_every_s)
    executor = settings.executor_id
    ledger = Ledger(database, patience=_patience(settings), executor=executor, now=now, chance=chance)
    courier = Courier(
        ledger, topics, channels, sign=tokens.issue, timeout_s=settings.assistance_send_timeout_s,
        gate=Gate(
            places=settings.assistance_sends_at_once, most_rest_s=settings.assistance_retry_most_s, clock=seconds
        ),
    )  # fmt: skip
    dispatch: Dispatch
    if durable:
        dispatch = DurableDispatch(
            courier, ledger, channels=tuple(channels), executor=executor, now=now,
            concurrency=settings.assistance_channel_concurrency, per_minute=settings.assistance_channel_per_minute,
        )  # fmt: skip
    else:
        dispatch = DirectDispatch(courier, ledger, now=now)
    desk = Desk(
        database, conversations, topics, ledger=ledger, dispatch=dispatch, open_channels=tuple(channels),
        tokens=tokens, executor=executor, now=now,
    )  # fmt: skip
    keeper = Keeper(
        database, ledger, dispatch, alert_after_s=settings.assistance_alert_after_s, now=now,
        grace_s=_SWEEP_GRACE_S if durable else 0.0, every_s=_LOOK_S if durable else _LOOK_DIRECT_S,
    )  # fmt: skip
    drafting = Drafting(conversations, topics, TopicGuesser(embeddings), max_chars=settings.assistance_max_chars)
    return Assistance(desk, drafting, topics, channels, ledger, dispatch, keeper)


def _now() -> datetime:
    return datetime.now(UTC)


def _patience(settings: Settings) -> Patience:
    return Patience(
        first_s=settings.assistance_retry_first_s,
        most_s=settings.assistance_retry_most_s,
        fallback_attempts=settings.assistance_fallback_attempts,
        fallback_after_s=settings.assistance_fallback_after_s,
        give_up_after_s=settings.assistance_give_up_after_h * 3600.0,
    )


def _problem(channel: Channel) -> str | None:
    try:
        channel.check()
    except Misconfigured as error:
        return error.detail
    return None
