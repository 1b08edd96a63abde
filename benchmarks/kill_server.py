"""One round of killing `assistant serve` while it answers."""

from __future__ import annotations

import http.client
import random
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Self

from benchmarks.corpus import KNOWLEDGE_BASE, questions
from benchmarks.server import Server, start_server
from core.settings import Settings

__all__ = ["ServerRound"]

_CLIENTS = 4
_ANSWERING_S = 2.0
_SETTLE_S = 20.0


class ServerRound:
    """Ask from several clients, kill, start again, and ask the same with the same keys.

    The server that is started again is the one that the next round kills.
    """

    kills = "server kills"
    figures = ("turns accepted",)
    faults = ("turns lost", "turns doubled", "turns stuck")

    def __init__(self, home: Path) -> None:
        self._settings = Settings(data_dir=home / "serve", knowledge_base=KNOWLEDGE_BASE)
        self._log = home / "server.log"
        self._server: Server | None = None
        self._questions = questions(500)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()

    def run(self, chance: random.Random) -> dict[str, int]:
        """What was found, by the names of the tally."""
        if self._server is None:
            self._server = start_server(self._settings, self._log)
        sent = _Sent(f"{chance.getrandbits(64):x}")
        clients = [
            threading.Thread(target=self._ask_until_it_dies, args=(self._server, sent, random.Random(chance.random())))
            for _ in range(_CLIENTS)
        ]
        for client in clients:
            client.start()
        time.sleep(chance.random() * _ANSWERING_S)
        self._server.kill()
        for client in clients:
            client.join()
        self._server = start_server(self._settings, self._log)
        return {**self._look(self._server, sent), self.kills: 1}

    def _ask_until_it_dies(self, server: Server, sent: _Sent, chance: random.Random) -> None:
        connection = server.connect()
        while True:
            question = chance.choice(self._questions)
            key = sent.add(question)
            try:
                sent.replied[key] = connection.ask(question, key=key)["turn_id"]
            except (OSError, http.client.HTTPException):
                return

    def _look(self, server: Server, sent: _Sent) -> dict[str, int]:
        stuck = self._wait_until_settled()
        rows = self._turns(sent.prefix)
        per_key = Counter(key for key, _, _ in rows)
        stored = {key: turn_id for key, turn_id, _ in rows}
        lost = sum(stored.get(key) != turn_id for key, turn_id in sent.replied.items())
        client = server.connect()
        # A key that was taken gives its turn, and one that was not makes one: never a second.
        again = {key: client.ask(question, key=key)["turn_id"] for key, question in sent.questions.items()}
        lost += sum(again[key] != turn_id for key, turn_id in stored.items())
        failed = sum(status == "failed" for _, _, status in rows)
        doubled = sum(count - 1 for count in per_key.values()) + len(self._turns(sent.prefix)) - len(sent.questions)
        return {
            "turns accepted": len(rows), "turns lost": lost + failed, "turns doubled": doubled, "turns stuck": stuck
        }  # fmt: skip

    def _wait_until_settled(self) -> int:
        """Turns that are still accepted after a while."""
        deadline = time.monotonic() + _SETTLE_S
        while (waiting := self._count_accepted()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return waiting

    def _count_accepted(self) -> int:
        with closing(self._database()) as database:
            return int(database.execute("SELECT count(*) FROM turns WHERE status = 'accepted'").fetchone()[0])

    def _turns(self, prefix: str) -> list[tuple[str, str, str]]:
        with closing(self._database()) as database:
            statement = "SELECT idempotency_key, id, status FROM turns WHERE idempotency_key LIKE ?"
            return database.execute(statement, (f"{prefix}-%",)).fetchall()

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self._settings.data_dir / "assistant.db", timeout=10)


class _Sent:
    """What was asked under which key, and the turns that were given in reply."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.questions: dict[str, str] = {}
        self.replied: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, question: str) -> str:
        with self._lock:
            key = f"{self.prefix}-{len(self.questions)}"
            self.questions[key] = question
            return key
