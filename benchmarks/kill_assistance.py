"""Rounds of killing a server that takes requests for a person and delivers them to Slack and to a webhook."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import Self

from benchmarks.kill_assistance_child import CONFIG, DOCUMENTS, Life
from benchmarks.kill_assistance_clients import Told, asking
from benchmarks.kill_assistance_look import FAULTS, FIGURES, Look
from benchmarks.kill_assistance_staff import listening
from benchmarks.kill_database import fresh_database
from benchmarks.server import free_port
from tests.e2e.nursery import KILLED, Nursery

__all__ = ["DeliveryRound"]

_TOPICS = """topics:
  visa: {title: Visa, description: Visas., channels: [{channel: slack, to: "#visa"}, webhook]}
  payment: {title: Payment, description: Payments., channels: [webhook]}
"""
_EARLY = 0.2
"""The share of kills while the process still starts; the others come while it takes requests and delivers."""
_WORK_S = 2.0
"""Seconds in which a server that answers is killed."""
_RECOVERY_KILLED = 0.5
"""The share of rounds in which the process that recovers is killed too."""


class DeliveryRound:
    """Take requests and deliver, kill, look; often kill the recovery too, look; let another one finish, look again."""

    kills = "delivery kills"
    figures = FIGURES
    faults = ("recoveries that failed", "servers that ended by themselves", *FAULTS)

    def __init__(self, home: Path, *, postgres: str | None = None) -> None:
        self._home = home / "deliver"
        self._postgres = postgres
        self._stack = ExitStack()
        self._told = Told()
        self._life = 0

    def __enter__(self) -> Self:
        # What was promised in an earlier run is forgotten, so that its requests have to be too.
        shutil.rmtree(self._home, ignore_errors=True)
        (self._home / DOCUMENTS).mkdir(parents=True)
        (self._home / CONFIG).write_text(_TOPICS)
        self._database_url = self._stack.enter_context(fresh_database(self._postgres))
        self._nursery = self._stack.enter_context(
            Nursery("benchmarks.kill_assistance_child", log=self._home / "server.log")
        )
        self._staff = self._stack.enter_context(listening(random.Random(self._life), self._home / "staff.log"))
        began = time.monotonic()
        if self._live() != 0:
            raise RuntimeError("the server does not start, and there is nothing to deliver yet")
        # A first start is the longest; it counts until it is known how long servers take until they answer.
        self._first_start_s = time.monotonic() - began
        look = Look(self._of().settings.sqlalchemy_url, self._told, self._staff)
        self._look = self._stack.enter_context(closing(look))
        return self

    def __exit__(self, *details: object) -> None:
        self._stack.close()

    def run(self, chance: random.Random) -> Counter[str]:
        """What was found, by its name."""
        found: Counter[str] = Counter()
        killed = []
        if self._serve_and_kill(chance) == KILLED:
            killed.append(self._life)
        else:
            found["servers that ended by themselves"] += 1
        found += self._look.as_left()
        if chance.random() < _RECOVERY_KILLED:
            ended = self._live(kill_after_s=chance.random() * (self._start_s() + _WORK_S))
            killed += [self._life] if ended == KILLED else []
            found["recoveries that failed"] += ended not in (KILLED, 0)
            found += self._look.as_left()
        found["recoveries that failed"] += self._live() != 0
        found[self.kills] += len(killed)
        return found + self._look.when_settled(killed)

    def _serve_and_kill(self, chance: random.Random) -> int:
        start_s = self._start_s()
        after_s = chance.random() * start_s if chance.random() < _EARLY else start_s + chance.random() * _WORK_S
        port = free_port()
        with asking(port, self._told, chance):
            return self._live(port, kill_after_s=after_s)

    def _start_s(self) -> float:
        return median(self._told.ready_s[-9:] or [self._first_start_s])

    def _live(self, port: int | None = None, *, kill_after_s: float | None = None) -> int:
        self._life += 1
        return self._nursery.run(self._of(port), kill_after_s=kill_after_s)

    def _of(self, port: int | None = None) -> Life:
        return Life(self._life, str(self._home), self._staff.url, port, self._database_url)
