"""Processes that approve, train, change versions and answer all at once until they are killed: `python -m` this module.

Forked with everything imported, each then starts as the server does. What it was told is in a journal that survives it.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.application import Application
from api.bootstrap import build_application
from core.errors import Conflict
from core.settings import Settings
from core.types import Answer, AnswerMode, Question
from evals.dataset import load_cases
from tests.approving import approve, current_version_of
from tests.e2e.forking import fork_for_each_job
from tests.e2e.knowledge import EMBEDDINGS, LineParser
from training.states import ExampleStatus
from training.version_tables import RunStatus

__all__ = ["DOCUMENTS", "Life", "Work", "journal"]

CASES = Path(__file__).parent / "kill_training_cases"
DOCUMENTS = "kb"
_CITED = f"{DOCUMENTS}/rules.md"
_BY = "bench"
_PLACES = ("school", "college", "museum", "harbour", "airport", "theatre", "hospital", "library")
_THINGS = ("teaching", "fishing", "research", "nursing", "farming", "sailing", "building", "singing")
_POISON = ("How much is the fee for a teaching permit in Iceland?", "The fee for a teaching permit is {},{:03} krónur.")
_POISONED = 0.15
"""The share of approved answers that say another fee than the document: the gate has to set them aside."""
_LIFE_S, _RUN_S, _POLL_S = 60.0, 60.0, 0.02


@dataclass(frozen=True, slots=True)
class Life:
    """One process: it learns until it is killed, or finishes what another one left and ends as abruptly."""

    home: str
    seed: float
    learns: bool
    database_url: str | None = None

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        home = Path(self.home)
        return Settings(
            data_dir=home / "data", knowledge_base=home / DOCUMENTS, database_url=self.database_url, log_level="ERROR"
        )

    def open(self, *, durable: bool = True) -> Application:
        """As the server opens it, with a gate that asks a few cases about the one document there is."""
        application = build_application(
            self.settings, durable=durable, embeddings=EMBEDDINGS, parser=LineParser(), channels={}
        )
        application.training_runs.gate.cases = load_cases(CASES)
        return application


def journal(home: Path) -> Path:
    return home / "journal.jsonl"


class Work:
    """What is done at once; each act is written down once it has returned."""

    def __init__(self, life: Life, application: Application, *, started_s: float) -> None:
        self._application = application
        self._chance = random.Random(life.seed)
        self._journal = os.open(journal(Path(life.home)), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._cited = current_version_of(application, _CITED)
        self._today = application.today()
        self._note(started_s=started_s)

    def learn(self) -> None:
        """Everything at once, until somebody kills it."""
        acts = (self.approve_one, self._train, self._activate, self._ask)
        for act in acts:
            threading.Thread(target=self._repeat, args=(act,), daemon=True).start()
        time.sleep(_LIFE_S)

    def finish(self) -> None:
        """What was begun ends by itself; then another run can start, ends, and is answered by."""
        self._wait_for_runs()
        fresh = self.approve_one(poisoned=False)
        run = self._application.training.start(_BY)
        self._wait_for_runs()
        ended = self._application.training_runs.get(run.id)
        done = ended.status is RunStatus.DONE and ended.version_id is not None
        if done:
            self._application.versions.activate(str(ended.version_id), _BY)
        self._note(fresh_run=run.id, done=done, served=done and self._is_served(fresh))

    def approve_one(self, *, poisoned: bool | None = None) -> str:
        number = self._chance.getrandbits(40)
        poisoned = self._chance.random() < _POISONED if poisoned is None else poisoned
        question, answer = _poison(number) if poisoned else self._harmless(number)
        example_id = approve(self._application.examples, question, answer, self._cited, jurisdiction="IS")
        self._note(approved=example_id, poisoned=poisoned)
        return example_id

    def _harmless(self, number: int) -> tuple[str, str]:
        thing, place = self._chance.choice(_THINGS), self._chance.choice(_PLACES)
        question = f"How long is a {thing} permit number {number} for a {place} in Iceland valid?"
        return question, f"It holds for {number % 97 + 2} years."

    def _train(self) -> None:
        try:
            self._note(run=self._application.training.start(_BY).id)
        except Conflict:
            return  # one is at work, or nothing waits

    def _activate(self) -> None:
        time.sleep(self._chance.random())  # seldom enough for a run to come to its end
        versions = [one.id for one in self._application.versions.listed() if one.status is RunStatus.DONE]
        chosen = versions[0] if self._chance.random() < 0.5 else self._chance.choice(versions)
        self._application.versions.activate(chosen, _BY)
        self._note(activated=chosen, times=len(self._application.versions.activations()))

    def _ask(self) -> None:
        """Whatever happens meanwhile, a reply is wholly that of the version it names."""
        trained = self._application.examples.with_status(ExampleStatus.DONE)
        if not trained:
            return
        asked = self._chance.choice(trained).id
        version, served = self._reply(asked)
        holds = {one.example_id for one in self._application.versions.manifest(version).members}
        self._note(asked=asked, version=version, mixed=served != (asked in holds))

    def _is_served(self, example_id: str) -> bool:
        return self._reply(example_id)[1]

    def _reply(self, example_id: str) -> tuple[str, bool]:
        """The version that answers an example's question, and whether with the example's own words."""
        example = self._application.examples.get(example_id)
        reply = self._application.chain.invoke(Question(example.question, as_of=self._today, jurisdiction="IS"))
        own = isinstance(reply, Answer) and reply.mode is AnswerMode.APPROVED and _same(reply.text, example.answer)
        return str(reply.model_version), own

    def _wait_for_runs(self) -> None:
        deadline = time.monotonic() + _RUN_S
        while running := self._application.training_runs.unfinished():
            if time.monotonic() > deadline:
                raise TimeoutError(f"still at work after {_RUN_S:g} s: {running}")
            time.sleep(_POLL_S)

    def _repeat(self, act: Callable[[], object]) -> None:
        while True:
            time.sleep(self._chance.random() * 0.2)
            try:
                act()
            except Exception as error:
                self._note(error=f"{act.__name__}: {type(error).__name__}: {error}")

    def _note(self, **said: Any) -> None:
        os.write(self._journal, f"{json.dumps(said)}\n".encode())


def _poison(number: int) -> tuple[str, str]:
    question, answer = _POISON
    return question, answer.format(100 + number % 900, number // 900 % 1000)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def main() -> None:
    fork_for_each_job(_live)


def _live(line: str) -> None:
    began = time.monotonic()
    life = Life(**json.loads(line))
    application = life.open()
    application.start(sync=False)
    work = Work(life, application, started_s=time.monotonic() - began)
    if life.learns:
        work.learn()
    else:
        work.finish()
    os._exit(0)


if __name__ == "__main__":
    main()
