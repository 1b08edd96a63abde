"""Those whom requests for a person are delivered to: Slack and a webhook here, which are often out of order."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.scripted_http import Answer, Asked, json_answer, scripted_http
from tests.slack_server import CHANNEL, too_many

__all__ = ["Staff", "Taken", "listening"]

_FAILING = 0.25
_REFUSED_FOR_GOOD = 0.05
_SLOWEST_S = 0.1


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken, from which life of the server; `again` when it had been taken before."""

    delivery_id: str
    life: int
    again: bool


@dataclass(slots=True)
class Staff:
    """A message that was taken once is taken ever after; others are taken, refused for now, or refused for good.

    Kept in the order of their arrival, and in a file for whoever looks into a fault.
    """

    chance: random.Random
    log: Path
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    _numbers: dict[str, int] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        """One at a time: the server here asks behind a lock."""
        life = int(asked.path.split("/")[1])
        is_slack = asked.path.endswith("/chat.postMessage")
        body = asked.json()
        delivery_id: str = body["metadata"]["event_payload"]["delivery_id"] if is_slack else asked.headers["webhook-id"]
        kind, answer = self._decide(delivery_id, is_slack=is_slack)
        if kind == "taken":
            self.taken.append(Taken(delivery_id, life, again=delivery_id in self.times))
            self.times[delivery_id] += 1
        else:
            self.failed[kind] += 1
        with self.log.open("a") as log:
            log.write(json.dumps({"life": life, "delivery": delivery_id, "slack": is_slack, "answer": kind}) + "\n")
        return answer

    def refuses_for_good(self, delivery_id: str) -> bool:
        return int(delivery_id[:8], 16) / 0xFFFFFFFF < _REFUSED_FOR_GOOD

    def _decide(self, delivery_id: str, *, is_slack: bool) -> tuple[str, Answer]:
        if self.refuses_for_good(delivery_id):
            return "refused", json_answer({"ok": False, "error": "is_archived"}) if is_slack else Answer(410)
        if delivery_id not in self.times and self.chance.random() < _FAILING:
            kind = self.chance.choice(("429", "500", "503", "resets", "429", "500", "503", "resets", "hangs"))
            return kind, _failure(kind, is_slack=is_slack)
        return "taken", self._receipt(delivery_id, is_slack=is_slack)

    def _receipt(self, delivery_id: str, *, is_slack: bool) -> Answer:
        """Given only after a while, so that many a kill finds a message taken and nobody knowing it."""
        number = self._numbers.setdefault(delivery_id, len(self._numbers) + 1)
        reference = {"ok": True, "channel": CHANNEL, "ts": f"{1_700_000_000 + number}.000000", "id": f"{number}"}
        answer = json_answer(reference) if is_slack else json_answer({"id": f"{number}"})
        return Answer(answer.status, answer.body, answer.headers, after_s=self.chance.random() * _SLOWEST_S)


def _failure(kind: str, *, is_slack: bool) -> Answer:
    if kind == "429":
        return too_many("1") if is_slack else Answer(429, headers={"Retry-After": "1"})
    if kind in ("resets", "hangs"):
        return Answer(reset=kind == "resets", hang=kind == "hangs")
    return Answer(int(kind), b"not now")


@contextmanager
def listening(chance: random.Random, log: Path) -> Iterator[Staff]:
    staff = Staff(chance, log)
    with scripted_http(usual=staff.answer) as server:
        staff.url = server.url
        yield staff
