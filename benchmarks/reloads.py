"""The file of topics changed again and again under load, bad files among them: `python -m benchmarks.reloads`.

Each good file sends a topic to places that carry its own number. Every request that was accepted has to arrive, once,
at a place of its topic, and a bad file must change nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from assistance.desk import Desk
from assistance.live_topics import LiveTopics
from assistance.opening import open_assistance
from assistance.records import NewRequest
from chains.answer import AnswerChain
from chains.conversation import Conversations
from channels.messages import Message, Sent
from channels.reply_tokens import ReplyTokens
from core.database import Database
from core.hash_embeddings import HashEmbeddings
from core.settings import Settings
from core.telemetry import configure_logging

__all__ = ["reload_under_load"]

_TOPICS = ("visa", "documents", "appeal")
_CLIENTS = 2
_BAD = ("topics: {", "topics: {}", "", "topics: {visa: {title: V}}", "\x00", "topics: [1, 2]")
_DELIVER_S = 120.0
_LOOK_S = 10.0


@dataclass(slots=True)
class Recorder:
    """A channel that keeps where each message went."""

    name: str = "log"
    went: list[tuple[str, str]] = field(default_factory=list)

    def check(self) -> None:
        """Nothing to set."""

    async def send(self, message: Message) -> Sent:
        self.went.append((message.request_id, message.to or ""))
        return Sent(None)


def reload_under_load(folder: Path, *, reloads: int, seed: int = 1) -> dict[str, int]:
    """What was counted after `reloads` changes of a file in `folder`."""
    path, recorder = folder / "assistance.yaml", Recorder()
    path.write_text(_good(0))
    database = Database(f"sqlite:///{folder / 'assistant.db'}")
    database.migrate()
    settings = Settings(data_dir=folder, assistance_config=path)
    conversations = Conversations(database, AnswerChain.__new__(AnswerChain), executor=settings.executor_id)
    assistance = open_assistance(
        settings, database, conversations, channels={"log": recorder}, tokens=ReplyTokens("k" * 32),
        embeddings=HashEmbeddings, durable=False, look_every_s=0.0,
    )  # fmt: skip
    ended = threading.Event()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        clients = [pool.submit(_ask_until, ended, assistance.desk, number) for number in range(_CLIENTS)]
        try:
            bad = _change(path, assistance.topics, reloads, random.Random(seed))
        finally:
            ended.set()
        accepted = {key: value for client in clients for key, value in client.result().items()}
    assistance.keeper.sweep(everything=True)
    deadline = time.monotonic() + _DELIVER_S
    while len(recorder.went) < len(accepted) and time.monotonic() < deadline:
        time.sleep(0.02)
    assistance.stop()
    database.close()
    return _figures(reloads, bad, accepted, recorder.went)


def _figures(reloads: int, bad: int, accepted: dict[str, str], went: list[tuple[str, str]]) -> dict[str, int]:
    counts = Counter(request_id for request_id, _ in went)
    return {
        "reloads": reloads,
        "bad_files": bad,
        "accepted": len(accepted),
        "dropped": len(accepted.keys() - counts.keys()),
        "doubled": sum(count - 1 for count in counts.values()),
        "misrouted": sum(not to.startswith(f"#{accepted[request_id]}-") for request_id, to in went),
        "files_used": len({to.rpartition("-")[2] for _, to in went}),
    }


def _change(path: Path, topics: LiveTopics, reloads: int, chance: random.Random) -> int:
    """Put good and bad files in place, one after the other; how many were bad."""
    bad = 0
    for number in range(1, reloads + 1):
        is_bad = chance.random() < 0.2
        bad += is_bad
        draft = path.with_suffix(".draft")
        draft.write_text(chance.choice(_BAD) if is_bad else _good(number))
        os.replace(draft, path)
        _await(topics, is_bad=is_bad)
    return bad


def _await(topics: LiveTopics, *, is_bad: bool) -> None:
    """Wait until the file that lies there now was looked at: a client may be reading the one before."""
    deadline = time.monotonic() + _LOOK_S
    while (topics.error is not None) != is_bad:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the file of topics was not read again within {_LOOK_S:g} s")
        time.sleep(0.001)


def _good(number: int) -> str:
    topics = {
        name: {
            "title": name,
            "description": name,
            "channels": [{"channel": "log", "to": f"#{name}-{number}"}],
        }
        for name in _TOPICS
    }
    return json.dumps({"topics": topics})


def _ask_until(ended: threading.Event, desk: Desk, number: int) -> dict[str, str]:
    """The topic of each request that was accepted, by its id."""
    chance, accepted = random.Random(number), {}
    while not ended.is_set():
        topic = chance.choice(_TOPICS)
        receipt, _ = desk.accept("anonymous:bench", NewRequest(topic, "Please help."))
        accepted[receipt.id] = topic
    return accepted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reloads")
    parser.add_argument("--reloads", type=int, default=1000)
    configure_logging(Settings(log_level="ERROR").model_copy(update={"log_level": "CRITICAL"}))
    with tempfile.TemporaryDirectory() as folder:
        figures = reload_under_load(Path(folder), reloads=parser.parse_args().reloads)
    print(json.dumps(figures, indent=1))
    return 0 if figures["dropped"] == figures["doubled"] == figures["misrouted"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
