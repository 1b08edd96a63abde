"""Random `kill -9` of a server that takes requests and delivers them: `python -m benchmarks.kill_assistance`.

Clients post requests, each with a key of its own, to a server that delivers to a webhook here; the server is killed at
a random moment and started again, over and over. In the end: was every acknowledged request delivered, how many
messages came twice, and were those under the same id?
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.server import Server, start_server
from core.settings import Settings

__all__ = ["Receiver", "receiving"]

DATA = Path("data/bench/kill_assistance")
_CLIENTS = 2
_LIFE_S = 2.0
_PAUSE_S = 0.02
_DELIVER_S = 180.0
_TOPICS = "topics: {help: {title: Help, description: Help., channels: [webhook]}}\n"


@dataclass(slots=True)
class Receiver:
    """What arrived at the webhook: the id of each message and the request it is about."""

    url: str
    arrived: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A webhook that takes everything, now and then slowly, so that kills find messages on their way."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with receiver.lock:
                receiver.arrived.append((self.headers["webhook-id"], body["data"]["request_id"]))
            time.sleep(random.random() * 0.1)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(slots=True)
class Posted:
    """What was sent under which key, and what was acknowledged."""

    sent: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_key(self) -> str:
        with self.lock:
            self.sent += 1
            return f"key-{self.sent}"


def main() -> int:
    arguments = _arguments()
    home: Path = arguments.data.resolve()
    shutil.rmtree(home, ignore_errors=True)
    (home / "documents").mkdir(parents=True)
    (home / "assistance.yaml").write_text(_TOPICS)
    settings = Settings(data_dir=home / "serve", knowledge_base=home / "documents")
    with receiving() as receiver:
        posted = Posted()
        kills = _kill_for_a_while(arguments, settings, home, receiver, posted)
        figures = _look(settings, home, receiver, posted, kills)
    print(json.dumps(figures, indent=1))
    clean = figures["lost"] == figures["other_receipts"] == figures["requests_with_two_ids"] == 0
    return 0 if clean and figures["doubled"] <= kills else 1


def _kill_for_a_while(
    arguments: argparse.Namespace, settings: Settings, home: Path, receiver: Receiver, posted: Posted
) -> int:
    """How many times the server was killed: as often as was asked for, or as there was time."""
    chance, until = random.Random(arguments.seed), time.monotonic() + arguments.minutes * 60
    for kill in range(arguments.kills):
        if time.monotonic() > until:
            return kill
        server = _start(settings, home, receiver)
        clients = [threading.Thread(target=_post_until_it_dies, args=(server, posted)) for _ in range(_CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(chance.random() * _LIFE_S)
        server.kill()
        for client in clients:
            client.join()
    return int(arguments.kills)


def _start(settings: Settings, home: Path, receiver: Receiver) -> Server:
    environment = {
        "ASSISTANCE_CONFIG": str(home / "assistance.yaml"),
        "ASSISTANCE_CHANNEL_PER_MINUTE": "100000",
        "WEBHOOK_URL": receiver.url,
        "WEBHOOK_SECRET": "whsec_" + "c2VjcmV0" * 5,
        "MODEL_CACHE_DIR": os.environ.get("MODEL_CACHE_DIR", str(home / "models")),
        "LOG_LEVEL": "ERROR",
    }
    return start_server(settings, home / "server.log", environment=environment)


def _post_until_it_dies(server: Server, posted: Posted) -> None:
    client = server.connect()
    while True:
        key = posted.next_key()
        try:
            status, receipt = client.call("POST", "/assistance", *_request(key))
        except (OSError, http.client.HTTPException, ValueError):
            return
        if status == 201:
            posted.acknowledged[key] = receipt["id"]
        time.sleep(_PAUSE_S)


def _request(key: str) -> tuple[str, dict[str, str]]:
    body = json.dumps({"topic": "help", "description": f"Please help with {key}."})
    return body, {"Content-Type": "application/json", "Idempotency-Key": key}


def _look(settings: Settings, home: Path, receiver: Receiver, posted: Posted, kills: int) -> dict[str, int]:
    server = _start(settings, home, receiver)
    try:
        undelivered = _wait_until_delivered(settings)
        client = server.connect()
        again = {key: client.call("POST", "/assistance", *_request(key))[1]["id"] for key in posted.acknowledged}
    finally:
        server.stop()
    counts = Counter(receiver.arrived)
    requests = {request_id for _, request_id in counts}
    return {
        "kills": kills,
        "acknowledged": len(posted.acknowledged),
        "lost": len(set(posted.acknowledged.values()) - requests) + undelivered,
        "other_receipts": sum(again[key] != receipt for key, receipt in posted.acknowledged.items()),
        "doubled": sum(count - 1 for count in counts.values()),
        "requests_with_two_ids": len(counts) - len(requests),
    }


def _wait_until_delivered(settings: Settings) -> int:
    """How many deliveries are not made after a while."""
    deadline = time.monotonic() + _DELIVER_S
    statement = "SELECT count(*) FROM assistance_deliveries WHERE status <> 'delivered'"
    while True:
        with closing(sqlite3.connect(settings.data_dir / "assistant.db", timeout=10)) as database:
            left = int(database.execute(statement).fetchone()[0])
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.2)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_assistance")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60.0, help="ends before all kills are made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA, help="folder to work in; it is emptied first")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
