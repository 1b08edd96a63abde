"""A training run that is killed anywhere leaves the old version or the new one, whole, and is finished by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from api.application import Application
from api.bootstrap import build_application
from core.crash import CRASH_POINTS
from core.settings import Settings
from retrieval.served import SHIPPED
from tests.conftest import ROOT, copied, make_settings
from tests.e2e.crash_child import Job, Work
from tests.e2e.knowledge import BEFORE, EMBEDDINGS, LineParser, opened_knowledge, write_folder
from tests.e2e.nursery import KILLED, Nursery
from tests.e2e.training import approve_all, check_whole_version, is_at_rest
from training.states import ExampleStatus

POINTS = [point for point in CRASH_POINTS if point.startswith("train.")]
ON_POSTGRES = ["train.promoting"]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with indexed documents and examples that wait for training."""
    folder = tmp_path_factory.mktemp("training")
    write_folder(folder / "kb", BEFORE)
    _prepare(_settings(folder / "data", folder / "kb"))
    return folder


@pytest.fixture
def settings(approved: Path, tmp_path: Path) -> Settings:
    return _settings(copied(approved / "data", tmp_path), approved / "kb")


def _settings(data: Path, knowledge_base: Path, database_url: str | None = None) -> Settings:
    return make_settings(data, knowledge_base=knowledge_base, database_url=database_url)


def _prepare(settings: Settings) -> None:
    with opened_knowledge(settings) as knowledge:
        knowledge.ingestor.sync_folder(settings.knowledge_base)
    application = _opened(settings)
    approve_all(application)
    application.stop()


def _opened(settings: Settings) -> Application:
    return build_application(settings, durable=False, embeddings=EMBEDDINGS, parser=LineParser())


def _job(work: Work, settings: Settings, *, crash_at: str | None = None) -> Job:
    knowledge_base = str(settings.knowledge_base)
    return Job(work, str(settings.data_dir), knowledge_base, settings.database_url, crash_at=crash_at)


def _look(settings: Settings, *, at_rest: bool = False) -> str:
    """Check what is there; the id of the version that answers."""
    application = _opened(settings)
    try:
        ids = [example.id for example in application.examples.with_status(*ExampleStatus)]
        assert len(ids) == 2
        check_whole_version(application, ids)
        assert is_at_rest(application) or not at_rest
        return application.versions.current_id()
    finally:
        application.stop()


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_shows_a_whole_version_and_the_next_start_finishes_it(
    nursery: Nursery, settings: Settings, point: str
) -> None:
    _die_and_recover(nursery, settings, point)


@pytest.mark.postgres
@pytest.mark.parametrize("point", ON_POSTGRES)
def test_the_same_holds_on_postgresql(
    nursery: Nursery, approved: Path, tmp_path: Path, postgres_url: str, point: str
) -> None:
    settings = _settings(tmp_path / "data", approved / "kb", postgres_url)
    _prepare(settings)
    _die_and_recover(nursery, settings, point)


def _die_and_recover(nursery: Nursery, settings: Settings, point: str) -> None:
    assert nursery.run(_job(Work.TRAIN, settings, crash_at=point)) == KILLED
    assert _look(settings) == ("v1" if point == "train.promoted" else SHIPPED.id)
    assert nursery.run(_job(Work.FINISH_TRAINING, settings)) == 0
    assert _look(settings, at_rest=True) == "v1"


@pytest.mark.parametrize(("point", "answers"), [("model.activated", SHIPPED.id), ("model.reload", SHIPPED.id)])
def test_a_killed_return_to_an_older_version_has_happened_or_not(
    nursery: Nursery, settings: Settings, point: str, answers: str
) -> None:
    assert nursery.run(_job(Work.TRAIN, settings)) == 0
    assert nursery.run(_job(Work.ACTIVATE, settings, crash_at=point)) == KILLED
    application = _opened(settings)
    assert application.versions.look_again().id == answers
    assert application.versions.activate("v1", "trainer").is_current
    application.stop()
    _look(settings)


@pytest.mark.postgres
def test_of_two_runs_started_at_one_instant_by_two_processes_one_runs_and_one_is_told(
    approved: Path, tmp_path: Path, postgres_url: str
) -> None:
    _prepare(_settings(tmp_path / "data", approved / "kb", postgres_url))
    at = time.time() + 2
    code = _START.format(url=postgres_url, at=at)
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, text=True, stdout=PIPE) for _ in range(2)]
    number, refused = sorted(process.communicate(timeout=60)[0].strip() for process in both)
    # PostgreSQL gives a number to the one that is refused, too: either of the first two may run.
    assert number in ("1", "2")
    assert refused.startswith(f"There is a pending train data: run {number},")


_START = """
import time
from core.database import Database
from training.examples import Examples
from training.runs import RunUnderway, TrainingRuns
database = Database({url!r})
runs = TrainingRuns(database, Examples(database), None, None, None)
time.sleep(max(0, {at} - time.time()))
try:
    print(runs.start("somebody").id)
except RunUnderway as underway:
    print(underway)
"""
