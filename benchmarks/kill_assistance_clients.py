"""Persons who ask for help over HTTP while the server dies under them, and what they were told."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.server import Client

__all__ = ["TOPICS", "Told", "asking"]

TOPICS = ("visa", "payment")
_CLIENTS = 3
_PAUSE_S = 0.05
_REPEATED, _ADDED = 0.15, 0.15
"""The share of what is sent that repeats an earlier key, and of what adds to an earlier request."""


@dataclass(slots=True)
class Told:
    """What was sent under which key; `acknowledged` has the request of each key, `added` the words added to each.

    `ready_s` says how long each server that lived long enough took until it answered.
    """

    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)
    other_receipts: int = 0
    refused: int = 0
    ready_s: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, chance: random.Random) -> str:
        with self.lock:
            key = f"key-{len(self.sent)}"
            self.sent[key] = {"topic": chance.choice(TOPICS), "description": f"Please help me with {key}."}
            return key

    def some_key(self, chance: random.Random) -> str | None:
        with self.lock:
            return f"key-{chance.randrange(len(self.sent))}" if self.sent else None

    def some_request(self, chance: random.Random) -> str | None:
        with self.lock:
            return chance.choice(list(self.acknowledged.values())[-50:]) if self.acknowledged else None

    def receipt(self, key: str, request_id: str) -> None:
        with self.lock:
            self.other_receipts += self.acknowledged.setdefault(key, request_id) != request_id


@contextmanager
def asking(port: int, told: Told, chance: random.Random) -> Iterator[None]:
    """Several persons, from before the server is there until after it is gone."""
    over, ready = threading.Event(), _First(told.ready_s)
    seeds = [chance.random() for _ in range(_CLIENTS)]
    clients = [threading.Thread(target=_ask, args=(port, told, random.Random(seed), over, ready)) for seed in seeds]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        over.set()
        for client in clients:
            client.join()


class _First:
    """Notes the seconds until the first answer, once."""

    def __init__(self, seconds: list[float]) -> None:
        self._seconds = seconds
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._noted = False

    def note(self) -> None:
        with self._lock:
            if not self._noted:
                self._noted = True
                self._seconds.append(time.monotonic() - self._began)


def _ask(port: int, told: Told, chance: random.Random, over: threading.Event, ready: _First) -> None:
    client = Client(port)
    while not over.wait(_PAUSE_S * (0.5 + chance.random())):
        try:
            _send_one(client, told, chance)
            ready.note()
        except (OSError, http.client.HTTPException, ValueError):
            client = Client(port)


def _send_one(client: Client, told: Told, chance: random.Random) -> None:
    kind = chance.random()
    if kind < _ADDED and (request_id := told.some_request(chance)) is not None:
        words = f"More {chance.getrandbits(64):x}."
        status, _ = _post(client, f"/assistance/{request_id}/notes", {"text": words})
        if status == 201:
            told.added.append((request_id, words))
    else:
        repeated = told.some_key(chance) if kind < _ADDED + _REPEATED else None
        key = repeated or told.new(chance)
        status, receipt = _post(client, "/assistance", told.sent[key], key=key)
        if status == 201:
            told.receipt(key, receipt["id"])
    told.refused += status != 201


def _post(client: Client, path: str, body: dict[str, str], *, key: str | None = None) -> tuple[int, dict[str, str]]:
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    return client.call("POST", path, json.dumps(body), headers)
