"""Ten thousand small files: passages a second beside the encoder alone, a sync of no change, and the memory of both.

`python -m benchmarks.many_files`
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rich.console import Console

from api.application import Application
from api.bootstrap import build_application
from benchmarks.figures import Figure, bar_above, bar_below, figures_table
from core.passages import Window, embedding_text
from core.settings import Settings
from core.telemetry import configure_logging

DATA = Path("data/bench/many")
_BAR, _SYNC_BAR = 0.9, 2.0
_RESYNCS = 5
_MIB = 1 << 20


class _Memory:
    """The most that this process held, in MiB, looked at twenty times a second."""

    def __init__(self) -> None:
        self.peak = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        stop = threading.Event()
        own = psutil.Process()

        def look() -> None:
            while not stop.wait(0.05):
                self.peak = max(self.peak, own.memory_info().rss / _MIB)

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def main() -> int:
    arguments = _arguments()
    configure_logging(Settings(log_level="WARNING"))
    home: Path = arguments.data.resolve()
    shutil.rmtree(home, ignore_errors=True)
    settings = Settings(data_dir=home / "data", knowledge_base=home / "documents", log_level="WARNING")
    _write(settings.knowledge_base, arguments.files)
    figures = [*_first(settings), *_again(settings)]
    Console().print(figures_table(figures), soft_wrap=True)
    return 0


def _first(settings: Settings) -> list[Figure]:
    memory = _Memory()
    application = build_application(settings, durable=False)
    try:
        application.ingestor._parser.start()
        with memory.watched():
            began = time.perf_counter()
            report = application.ingestor.sync_folder(settings.knowledge_base)
            rate = report.passages / (time.perf_counter() - began)
        alone = _alone(application)
    finally:
        application.stop()
    what = f"first sync of {len(report.added):,} files, {report.passages:,} passages"
    return [
        bar_above(what, f"{rate:.0f}/s", f"{alone:.0f}/s", ratio=rate / alone, bar=_BAR),
        Figure("  peak memory of this process", f"{memory.peak:.0f} MB"),
    ]


def _again(settings: Settings) -> list[Figure]:
    memory = _Memory()
    application = build_application(settings, durable=False)
    try:
        with memory.watched():
            folder = settings.knowledge_base
            pairs = [(_sync(application, folder), _hash(folder)) for _ in range(_RESYNCS)]
    finally:
        application.stop()
    synced, hashed = (sorted(column)[_RESYNCS // 2] for column in zip(*pairs, strict=True))
    return [
        bar_below(
            "sync in which nothing changed", f"{synced:.2f} s", f"{hashed:.2f} s", ratio=synced / hashed, bar=_SYNC_BAR
        ),
        Figure("  peak memory of this process", f"{memory.peak:.0f} MB"),
    ]


def _alone(application: Application) -> float:
    """Passages a second of the encoder on the same passages, without their sentences' vectors."""
    store = application.store
    versions = [document.version_id for document in store.documents() if document.version_id is not None]
    texts = [
        embedding_text(item.meta.title, item.chunk, Window.of(store.embeddings))
        for at in range(0, len(versions), 500)
        for item in store.chunks_of(*versions[at : at + 500])
    ]
    began = time.perf_counter()
    for at in range(0, len(texts), 64):
        part = texts[at : at + 64]
        store.embeddings.embed_passages(part, [()] * len(part))
    return len(texts) / (time.perf_counter() - began)


def _sync(application: Application, folder: Path) -> float:
    began = time.perf_counter()
    application.ingestor.sync_folder(folder)
    return time.perf_counter() - began


def _hash(folder: Path) -> float:
    began = time.perf_counter()
    for home, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(home, name)
            os.stat(path)
            with open(path, "rb") as stream:
                hashlib.sha256(stream.read())
    return time.perf_counter() - began


def _write(folder: Path, count: int) -> None:
    """Two short paragraphs a file, about fifty words, each file another text."""
    for number in range(count):
        path = folder / f"part-{number // 200:03}" / f"note-{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# Notice {number}\n\nNotice {number} says that an applicant of group {number % 97} must pay the fee of "
            f"{number % 311} florins before the interview in room {number % 53}, and must bring the letter with the "
            f"number {number * 7}.\n\nWhoever cannot come on day {number % 28 + 1} may ask office {number % 19} for "
            "another day, in writing and before the appointment.\n"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_files", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--data", type=Path, default=DATA)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
