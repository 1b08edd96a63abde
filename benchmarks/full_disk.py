"""A disk that fills up during a sync: what is said, what is left, and whether the sync completes once there is space.

`python -m benchmarks.full_disk` mounts a small memory disk for the data folder, which takes the rights of root.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from api.application import Application
from api.bootstrap import build_application
from benchmarks.corpus import KNOWLEDGE_BASE, questions
from core.errors import OutOfSpace
from core.settings import Settings
from core.telemetry import configure_logging
from core.types import Question

_QUESTIONS = 20


def main() -> int:
    arguments = _arguments()
    configure_logging(Settings(log_level="ERROR"))
    console = Console(soft_wrap=True)
    cache: Path = arguments.models.resolve()
    with tempfile.TemporaryDirectory() as home, _small_disk(Path(home), arguments.megabytes) as disk:
        settings = Settings(
            data_dir=disk / "data", knowledge_base=KNOWLEDGE_BASE, model_cache_dir=cache, log_level="ERROR"
        )
        outcomes = [_fill(settings, console), _open_full(settings, console)]
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        outcomes.append(_complete(settings, console))
    return 0 if all(outcomes) else 1


def _fill(settings: Settings, console: Console) -> bool:
    """Sync until the disk is full: whether that was said, and what is there is whole and goes on answering."""
    application = build_application(settings, durable=False)
    try:
        application.knowledge.sync()
    except OutOfSpace as error:
        console.print(f"said: {error.detail}")
        return _look(application, console)
    finally:
        application.stop()
    console.print("the disk did not fill up; give a smaller one with --megabytes")
    return False


def _open_full(settings: Settings, console: Console) -> bool:
    """Start on the full disk: whether it says in one line why it cannot."""
    command = [sys.executable, "-m", "api", "--data-dir", str(settings.data_dir), "documents"]
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    said = started.stderr.strip().splitlines()[-1:]
    console.print(f"said at a start: {' '.join(said)}")
    return started.returncode == 0 or "the disk is full" in " ".join(said)


def _look(application: Application, console: Console) -> bool:
    consistency = application.store.consistency()
    answered = sum(_answers(application, question) for question in questions(_QUESTIONS))
    counts = application.store.counts()
    console.print(
        f"  {counts.documents} documents, {counts.chunks} passages; whole: {consistency.is_whole}; "
        f"{answered} of {_QUESTIONS} questions came back"
    )
    return consistency.is_whole and answered == _QUESTIONS


def _complete(settings: Settings, console: Console) -> bool:
    application = build_application(settings, durable=False)
    try:
        report = application.knowledge.sync()
        again = application.knowledge.sync()
        fresh = len(report.added) + len(report.replaced)
        console.print(
            f"with space again: {fresh} indexed, {len(report.kept)} kept; a second time: {len(again.kept)} kept"
        )
        done = not report.unreadable and len(again.kept) == fresh + len(report.kept)
        return _look(application, console) and done
    finally:
        application.stop()


def _answers(application: Application, question: str) -> bool:
    """Whether a question has a reply; on a full disk it could not be kept, so the chain alone is asked."""
    return application.chain.invoke(Question(question, as_of=application.today())) is not None


@contextmanager
def _small_disk(home: Path, megabytes: int) -> Iterator[Path]:
    disk = home / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.full_disk", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=24, help="size of the disk until it is made larger")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of the exported model")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
