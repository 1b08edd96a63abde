"""Seconds until a dropped, changed or deleted document is live or gone, while questions are being asked.

`python -m benchmarks.live`: a server over ten thousand passages, a folder that is edited as an editor would, and
people who ask all the while.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.corpus import Corpus, questions
from benchmarks.figures import Figure, figures_table, median, p95
from benchmarks.server import Server, serving
from core.settings import Settings
from core.telemetry import configure_logging

DATA = Path("data/bench")
BAR_S = 5.0
_POLL_S = 0.02
_GIVE_UP_S = 60.0
_ASKERS = 2
_QUESTIONS = 400


@dataclass(slots=True)
class _Watch:
    """What the people saw who asked meanwhile."""

    asked: int = 0
    errors: int = 0
    mixed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, reply: dict[str, Any] | None) -> None:
        with self.lock:
            self.asked += 1
            if reply is None:
                self.errors += 1
            elif _mixes(reply):
                self.mixed += 1


def main() -> int:
    arguments = _arguments()
    configure_logging(Settings(log_level="WARNING"))
    folder: Path = arguments.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    corpus = Corpus.of(folder, arguments.chunks)
    passages = corpus.index()
    console = Console()
    console.print(f"{passages:,} passages; {arguments.times} drops, changes and deletions each")
    with serving(corpus.settings, folder / "live.log") as server:
        watch, seconds = _measure(server, corpus, arguments.times, console)
    figures = [_figure(what, times) for what, times in seconds.items()]
    console.print(figures_table(figures), soft_wrap=True)
    console.print(f"{watch.asked} questions meanwhile: {watch.errors} errors, {watch.mixed} answers of two versions")
    return 0 if watch.errors == watch.mixed == 0 and all(figure.met for figure in figures) else 1


def _measure(server: Server, corpus: Corpus, times: int, console: Console) -> tuple[_Watch, dict[str, list[float]]]:
    watch, stop = _Watch(), threading.Event()
    askers = [threading.Thread(target=_ask_on, args=(server, watch, stop, seed)) for seed in range(_ASKERS)]
    for asker in askers:
        asker.start()
    seconds: dict[str, list[float]] = {"dropped until live": [], "changed until live": [], "deleted until gone": []}
    try:
        with console.status("Editing…"):
            for number in range(times):
                for what, took in zip(seconds, _edit(server, corpus.documents, number), strict=True):
                    seconds[what].append(took)
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    return watch, seconds


def _edit(server: Server, folder: Path, number: int) -> tuple[float, float, float]:
    """Drop, change and delete one document; the seconds of each until an answer shows it."""
    client = server.connect()
    name = f"Zorblax{number}"
    path = folder / f"canada-{name.lower()}.md"
    question = f"How much does the {name} permit cost in Canada?"

    def says(amount: str) -> bool:
        return f"{amount} florins" in client.ask(question)["answer"]

    def is_gone() -> bool:
        return not any(cited["document_id"].endswith(path.name) for cited in client.ask(question)["citations"])

    dropped = _until(lambda: path.write_text(_document(name, "71")), lambda: says("71"))
    changed = _until(lambda: path.write_text(_document(name, "82")), lambda: says("82"))
    deleted = _until(path.unlink, is_gone)
    return dropped, changed, deleted


def _until(act: Callable[[], object], holds: Callable[[], bool]) -> float:
    act()
    began = time.perf_counter()
    while not holds():
        if time.perf_counter() - began > _GIVE_UP_S:
            raise TimeoutError(f"not so after {_GIVE_UP_S:g} s")
        time.sleep(_POLL_S)
    return time.perf_counter() - began


def _document(name: str, amount: str) -> str:
    head = f"---\ntitle: {name} permit\njurisdiction: CA\n---\n# The {name} permit\n"
    cost = f"\n## How much does the {name} permit cost?\n\nThe {name} permit in Canada costs {amount} florins.\n"
    return head + cost + f"\n## Who needs it?\n\nEverybody who brings a {name} to Canada needs a {name} permit.\n"


def _ask_on(server: Server, watch: _Watch, stop: threading.Event, seed: int) -> None:
    client = server.connect()
    for question in cycle(questions(_QUESTIONS, seed=seed)):
        if stop.is_set():
            return
        try:
            watch.note(client.ask(question))
        except Exception:
            watch.note(None)
            client = server.connect()


def _mixes(reply: dict[str, Any]) -> bool:
    """Whether an answer quotes two versions of one document."""
    versions = {(cited["document_id"], cited["version"]) for cited in reply["citations"]}
    return any(count > 1 for count in Counter(document for document, _ in versions).values())


def _figure(what: str, seconds: list[float]) -> Figure:
    measured = f"{median(seconds):.2f} / {p95(seconds):.2f} s"
    return Figure(what, measured, bar=f"p95 <= {BAR_S:g} s", met=p95(seconds) <= BAR_S)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--chunks", type=int, default=10_000, help="passages in the corpus")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the corpus; it is kept for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
