"""Rounds of killing a process that approves, trains, changes versions and answers, all at once."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from benchmarks.kill_database import fresh_database
from benchmarks.kill_training_child import DOCUMENTS, Life
from benchmarks.kill_training_look import FAULTS, FIGURES, Look
from tests.e2e.nursery import KILLED, Nursery
from tests.integration.training import RULES

__all__ = ["TrainingRound"]

_EARLY = 0.2
"""The share of kills while the process still starts; the others come while it works."""
_WORK_S = 6.0
"""Seconds in which a process that has started is killed."""
_RECOVERY_KILLED = 0.5
"""The share of rounds in which the process that recovers is killed too."""
_ROUNDS_EACH = 12
"""Rounds until everything begins anew, so that the questions that answer do not become more and more."""


class TrainingRound:
    """Learn, kill, look; often kill the recovery too, look; let another one finish and train once more, look again."""

    kills = "training kills"
    figures = FIGURES
    faults = ("recoveries that failed", "processes that ended by themselves", *FAULTS)

    def __init__(self, home: Path, *, postgres: str | None = None) -> None:
        self._home = home / "train"
        self._postgres = postgres
        self._stack, self._world = ExitStack(), ExitStack()
        self._rounds = 0

    def __enter__(self) -> Self:
        self._nursery = self._stack.enter_context(Nursery("benchmarks.kill_training_child"))
        self._begin_anew()
        return self

    def __exit__(self, *details: object) -> None:
        self._world.close()
        self._stack.close()

    def _begin_anew(self) -> None:
        self._world.close()
        self._database_url = self._world.enter_context(fresh_database(self._postgres))
        shutil.rmtree(self._home, ignore_errors=True)
        (self._home / DOCUMENTS).mkdir(parents=True)
        (self._home / DOCUMENTS / "rules.md").write_text(RULES, encoding="utf-8")
        application = self._life(0.0, learns=False).open(durable=False)
        application.knowledge.sync()
        application.stop()
        self._look = self._world.enter_context(closing(Look(application.settings, self._home)))
        if self._live(random.Random(self._rounds), learns=False) != 0:
            raise RuntimeError("nothing can be trained, and nobody has killed anything yet")

    def run(self, chance: random.Random) -> Counter[str]:
        """What was found, by its name."""
        self._rounds += 1
        if self._rounds % _ROUNDS_EACH == 0:
            self._begin_anew()
        found: Counter[str] = Counter()
        learnt = self._live(chance, learns=True, kill_after_s=self._moment(chance))
        found["processes that ended by themselves"] += learnt != KILLED
        found[self.kills] += learnt == KILLED
        found += self._look.as_left()
        if chance.random() < _RECOVERY_KILLED:
            recovered = self._live(chance, learns=False, kill_after_s=self._moment(chance))
            found["recoveries that failed"] += recovered not in (KILLED, 0)
            found[self.kills] += recovered == KILLED
            found += self._look.as_left()
        found["recoveries that failed"] += self._live(chance, learns=False) != 0
        return found + self._look.when_settled()

    def _moment(self, chance: random.Random) -> float:
        start_s = self._look.started_s()
        return chance.random() * start_s if chance.random() < _EARLY else start_s + chance.random() * _WORK_S

    def _live(self, chance: random.Random, *, learns: bool, kill_after_s: float | None = None) -> int:
        return self._nursery.run(self._life(chance.random(), learns=learns), kill_after_s=kill_after_s)

    def _life(self, seed: float, *, learns: bool) -> Life:
        return Life(str(self._home), seed, learns, self._database_url)
