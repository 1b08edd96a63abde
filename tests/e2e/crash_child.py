"""Processes that work on a real store and on real turns, and die where they are told to: `python -m` this module."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select

from api.app import create_app
from api.application import Application
from api.bootstrap import build_application
from assistance.telegram_tables import UpdateRow
from chains.countries import countries_in
from chains.person_wanted import person_wanted_in
from chains.stored import Ask
from core.settings import Settings
from ingest import workflows
from ingest.report import Progress
from tests.conftest import make_settings
from tests.e2e.forking import arm, fork_for_each_job
from tests.e2e.knowledge import EMBEDDINGS, LineParser, opened_knowledge
from tests.e2e.turns import ASKER, asks
from tests.telegram_server import BOT_TOKEN

__all__ = ["Job", "Work"]

_RECOVERY_S = 30.0
_TRAINING_S = 30.0
_POLL_S = 0.02


class Work(StrEnum):
    """What a process does until it dies or ends."""

    SYNC = "sync"
    REINDEX = "reindex"
    WORKFLOW = "workflow"
    RESUME = "resume"
    ASK = "ask"
    RECOVER = "recover"
    TRAIN = "train"
    FINISH_TRAINING = "finish training"
    ACTIVATE = "activate"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Job:
    """`crash_at` is armed once `settled` documents are; `asked` questions are asked, each with a key of its own."""

    work: Work
    data_dir: str
    knowledge_base: str = ""
    database_url: str | None = None
    crash_at: str | None = None
    settled: int = 0
    asked: int = 1
    bot_url: str | None = None

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        return make_settings(
            Path(self.data_dir),
            knowledge_base=Path(self.knowledge_base),
            database_url=self.database_url,
            telegram_bot=self.bot_url is not None,
            telegram_token=BOT_TOKEN,
            telegram_api_url=self.bot_url or "",
        )


def main() -> None:
    person_wanted_in("A word", "en")
    countries_in("A word")
    fork_for_each_job(_run, late_imports=("api.telegram.parts", "channels.telegram"))


def _run(line: str) -> None:
    job = Job(**json.loads(line))
    _WORKS[Work(job.work)](job)


def _sync(job: Job) -> None:
    done = 0

    def note(_: Progress) -> None:
        nonlocal done
        done += 1
        if done == job.settled:
            arm(job.crash_at)

    with opened_knowledge(job.settings) as knowledge:
        if job.settled == 0:
            arm(job.crash_at)
        knowledge.ingestor.sync_folder(Path(job.knowledge_base), progress=note)


def _reindex(job: Job) -> None:
    with opened_knowledge(job.settings) as knowledge:
        arm(job.crash_at)
        knowledge.upkeep.rebuild()


def _workflow(job: Job) -> None:
    """Sync as the server does, durably, one document a step."""
    workflows._DOCUMENTS_A_STEP = 1
    application = _started(job)
    steps = 0
    index = application.store.index

    def counted(*version_ids: str) -> None:
        nonlocal steps
        steps += 1
        if steps > job.settled:
            arm(job.crash_at)
        index(*version_ids)

    application.store.index = counted  # type: ignore[method-assign]
    application.knowledge.sync()
    application.stop()


def _resume(job: Job) -> None:
    """Start as the server does, but sync nothing: what is indexed then, the engine has resumed."""
    application = _started(job)
    deadline = time.monotonic() + _RECOVERY_S
    while application.ingestor.plan(Path(job.knowledge_base)).touched:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the engine did not finish the sync within {_RECOVERY_S:g} s")
        time.sleep(_POLL_S)
    application.stop()


def _ask(job: Job) -> None:
    application = _started(job)
    arm(job.crash_at)
    for ask in asks(job.asked):
        _ask_and_wait(application, ask)
    application.stop()


def _ask_and_wait(application: Application, ask: Ask) -> None:
    ended = threading.Event()
    application.runner.ask(ASKER, ask).listen(lambda event: ended.set() if event is None else None)
    assert ended.wait(_RECOVERY_S)


def _recover(job: Job) -> None:
    arm(job.crash_at)
    asyncio.run(_serve_until_all_is_settled(build_application(job.settings, embeddings=EMBEDDINGS)))


async def _serve_until_all_is_settled(application: Application) -> None:
    """Start as the server does, from within its event loop."""
    app = create_app(application)
    deadline = time.monotonic() + _RECOVERY_S
    async with app.router.lifespan_context(app):
        while unfinished := application.conversations.unfinished():
            if time.monotonic() > deadline:
                raise TimeoutError(f"unfinished after {_RECOVERY_S:g} s: {unfinished}")
            await asyncio.sleep(_POLL_S)


def _train(job: Job) -> None:
    """Start a run as the server does and wait for its end."""
    application = _started(job)
    arm(job.crash_at)
    application.training.start("trainer")
    _wait_for_training(application)
    application.versions.look_again()
    application.stop()


def _finish_training(job: Job) -> None:
    """Start as the server does: what a crash left is trained then, without anybody asking."""
    arm(job.crash_at)
    application = _started(job)
    _wait_for_training(application)
    application.stop()


def _activate(job: Job) -> None:
    application = _started(job)
    arm(job.crash_at)
    application.versions.activate("v0", "trainer")
    application.stop()


def _bot(job: Job) -> None:
    """Be the bot as the server is it, until everything that was written to it is handled."""
    application = _started(job)
    arm(job.crash_at)
    assert application.telegram is not None
    application.telegram.start(lambda: True)
    deadline = time.monotonic() + _RECOVERY_S
    handled = select(func.count(UpdateRow.handled_at)).having(func.count() == func.count(UpdateRow.handled_at))
    while True:
        with application.database.read() as connection:
            if connection.scalar(handled) == job.settled:
                break
        if time.monotonic() > deadline:
            raise TimeoutError(f"{job.settled} updates were not handled within {_RECOVERY_S:g} s")
        time.sleep(_POLL_S)
    application.stop()


def _wait_for_training(application: Application) -> None:
    deadline = time.monotonic() + _TRAINING_S
    while running := application.training_runs.unfinished():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still at work after {_TRAINING_S:g} s: {running}")
        time.sleep(_POLL_S)


def _started(job: Job) -> Application:
    application = build_application(job.settings, embeddings=EMBEDDINGS, parser=LineParser(), channels={})
    application.training_runs.gate.cases = []  # what the shipped ones ask about is not indexed here
    application.start(sync=False)
    return application


_WORKS = {
    Work.SYNC: _sync,
    Work.REINDEX: _reindex,
    Work.WORKFLOW: _workflow,
    Work.RESUME: _resume,
    Work.ASK: _ask,
    Work.RECOVER: _recover,
    Work.TRAIN: _train,
    Work.FINISH_TRAINING: _finish_training,
    Work.ACTIVATE: _activate,
    Work.BOT: _bot,
}


if __name__ == "__main__":
    main()
