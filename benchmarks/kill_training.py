"""Random `kill -9` of training runs and of returns to older versions: `python -m benchmarks.kill_training`."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from api.bootstrap import Application, build_application
from core.settings import Settings
from core.telemetry import configure_logging
from core.types import AnswerMode, Question
from tests.approving import approve, current_version_of
from tests.e2e.crash_child import Job, Work
from tests.e2e.knowledge import BEFORE, EMBEDDINGS, LineParser, opened_knowledge, write_folder
from tests.e2e.nursery import KILLED, Nursery
from training.states import ExampleStatus

_KILL_WITHIN_S = 2.0
_PLACES = ("school", "college", "museum", "harbour", "airport", "theatre", "hospital", "library")
_THINGS = ("teaching", "fishing", "research", "nursing", "farming", "sailing", "building", "singing")


class Rounds:
    """Approve, train, kill, look, let the next start finish it, look again."""

    def __init__(self, home: Path, nursery: Nursery, chance: random.Random) -> None:
        write_folder(home / "kb", BEFORE)
        self._settings = Settings(data_dir=home / "data", knowledge_base=home / "kb", log_level="ERROR")
        self._nursery = nursery
        self._chance = chance
        self._known: dict[str, str] = {}
        self._asked = 0
        self.tally: Counter[str] = Counter()
        with opened_knowledge(self._settings) as knowledge:
            knowledge.ingestor.sync_folder(home / "kb")

    def one(self) -> None:
        self._approve()
        work = Work.ACTIVATE if self._known and self._chance.random() < 0.2 else Work.TRAIN
        killed = self._run(work, kill_after_s=self._chance.random() * _KILL_WITHIN_S) == KILLED
        self.tally["kills"] += killed
        self._look()
        self.tally["not finished"] += self._run(Work.FINISH_TRAINING) != 0
        self._finish_and_look()
        self.tally["rounds"] += 1

    def _approve(self) -> None:
        application = self._open()
        cited = current_version_of(application, "kb/keep.md")
        for _ in range(2):
            thing, place = self._chance.choice(_THINGS), self._chance.choice(_PLACES)
            question = f"How long is a {thing} permit number {self._asked} for a {place} in Iceland valid?"
            example_id = approve(
                application.examples, question, f"It holds for {self._asked + 1} years.", cited, jurisdiction="IS"
            )
            self._known[example_id] = question
            self._asked += 1
        application.stop()

    def _look(self) -> None:
        """As the crash left it: the version that answers is whole, and every example waits or is in it once."""
        application = self._open()
        model = application.versions.look_again()
        members = application.versions.manifest(model.id).members
        self.tally["half versions"] += {one.document_version for one in members} != model.pairs
        stored = {item.chunk.version_id for item in application.store.chunks_of(*model.pairs)}
        self.tally["half versions"] += stored != model.pairs
        self._count(application)
        application.stop()

    def _finish_and_look(self) -> None:
        application = self._open()
        if application.examples.pending():
            application.training.start("bench")
        newest = application.versions.listed()[0]
        application.versions.activate(newest.id, "bench")
        self.tally["stuck runs"] += len(application.training_runs.unfinished())
        self._count(application)
        done = {one.id for one in application.examples.with_status(ExampleStatus.DONE)}
        self.tally["examples lost"] += len(self._known.keys() - done)
        last = next(reversed(self._known.values()))
        reply = application.chain.invoke(Question(last, as_of=application.today(), jurisdiction="IS"))
        self.tally["not served"] += reply.mode is not AnswerMode.APPROVED
        application.stop()

    def _count(self, application: Application) -> None:
        kept = {one.id for one in application.examples.with_status(*ExampleStatus)}
        self.tally["examples lost"] += len(self._known.keys() - kept)
        times = Counter(one for version in application.versions.listed() for one in version.added)
        self.tally["trained twice"] += sum(count > 1 for count in times.values())

    def _run(self, work: Work, *, kill_after_s: float | None = None) -> int:
        folders = (str(self._settings.data_dir), str(self._settings.knowledge_base))
        return self._nursery.run(Job(work, *folders, kill_after_s=kill_after_s))

    def _open(self) -> Application:
        application = build_application(self._settings, durable=False, embeddings=EMBEDDINGS, parser=LineParser())
        application.training_runs.gate.cases = []
        return application


def main() -> int:
    options = _options()
    configure_logging(Settings(log_level="ERROR"))
    deadline = time.monotonic() + options.minutes * 60
    with TemporaryDirectory() as home, Nursery() as nursery:
        rounds = Rounds(Path(home), nursery, random.Random(options.seed))
        while rounds.tally["kills"] < options.kills and time.monotonic() < deadline:
            rounds.one()
    for name, count in rounds.tally.items():
        Console().print(f"{name}: {count}")
    harmless = ("kills", "rounds")
    return int(any(count for name, count in rounds.tally.items() if name not in harmless))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_training", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60.0, help="end earlier when they are over")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
