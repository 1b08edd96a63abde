"""A question that was accepted is answered once, however often the process is killed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chains.conversation import Conversations
from chains.tables import TurnRow, TurnStatus
from core.crash import CRASH_POINTS
from core.database import Database
from tests.conftest import copied, make_settings
from tests.e2e.crash_child import Job, Work
from tests.e2e.knowledge import BEFORE, opened_knowledge, write_folder
from tests.e2e.nursery import KILLED, Nursery
from tests.e2e.turns import ASKER, asks
from tests.unit.chains.scripted import ScriptedChain

POINTS = [point for point in CRASH_POINTS if point.startswith("turn.")]
IN_RECOVERY = ["turn.before_settle", "turn.settled"]
SETTLED = (TurnStatus.ANSWERED, TurnStatus.ABSTAINED)
ATTEMPTS = 3
"""What a turn is given; whether the first, outside the recovery, counts among them is left open."""


@dataclass(frozen=True, slots=True)
class Case:
    """A data folder, a database and a process name of its own; `die` and `recover` are exit codes of processes."""

    nursery: Nursery
    job: Job

    def die(self, point: str, *, asked: int = 1) -> int:
        return self.nursery.run(replace(self.job, work=Work.ASK, crash_at=point, asked=asked))

    def recover(self, point: str | None = None) -> int:
        return self.nursery.run(replace(self.job, work=Work.RECOVER, crash_at=point))

    def recover_until_it_lives(self, point: str, *, at_most: int) -> int:
        """How many starts were killed."""
        for deaths in range(at_most + 1):
            if self.recover(point) == 0:
                return deaths
        raise AssertionError(f"the turn still kills its process after {at_most} starts")

    def statuses(self) -> list[TurnStatus]:
        with self._conversations() as conversations:
            turns = [
                turn for item in conversations.conversations(ASKER) for turn in conversations.turns(ASKER, item.id)
            ]
            assert all((turn.reply is not None) == (turn.status in SETTLED) for turn in turns)
            return sorted(turn.status for turn in turns)

    def repeat(self) -> bool:
        """Send the first question again with its key: whether that made another turn."""
        with self._conversations() as conversations:
            turn, created = conversations.accept(ASKER, asks(1)[0])
            again, created_again = conversations.accept(ASKER, asks(1)[0])
        assert (again.id, created_again) == (turn.id, False)
        return created

    def _conversations(self) -> _Opened:
        return _Opened(self.job)


class _Opened:
    """The conversations of a case, between two processes."""

    def __init__(self, job: Job) -> None:
        self._database = Database(job.settings.sqlalchemy_url)
        self._executor = job.settings.executor_id

    def __enter__(self) -> Conversations:
        return Conversations(self._database, ScriptedChain(), executor=self._executor)

    def __exit__(self, *_: object) -> None:
        self._database.close()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few documents, so that answering is real."""
    folder = tmp_path_factory.mktemp("turns")
    write_folder(folder / "kb", BEFORE)
    with opened_knowledge(make_settings(folder / "data")) as knowledge:
        knowledge.ingestor.sync_folder(folder / "kb")
    return folder / "data"


@pytest.fixture
def case(nursery: Nursery, indexed: Path, tmp_path: Path) -> Case:
    return Case(nursery, Job(Work.ASK, str(copied(indexed, tmp_path)), str(indexed.parent / "kb")))


@pytest.fixture
def case_on_postgres(nursery: Nursery, tmp_path: Path, postgres_url: str) -> Case:
    write_folder(tmp_path / "kb", {})
    folders = (str(tmp_path / "data"), str(tmp_path / "kb"))
    return Case(nursery, Job(Work.ASK, *folders, database_url=postgres_url))


@pytest.mark.parametrize("point", POINTS)
def test_a_turn_that_was_accepted_is_settled_by_the_next_start(case: Case, point: str) -> None:
    _die_and_recover(case, point)


@pytest.mark.postgres
@pytest.mark.parametrize("point", ["turn.accepted", "turn.before_settle"])
def test_the_same_holds_on_postgresql(case_on_postgres: Case, point: str) -> None:
    _die_and_recover(case_on_postgres, point)


def _die_and_recover(case: Case, point: str) -> None:
    accepted = point != "turn.before_accept"
    assert case.die(point) == KILLED
    assert len(case.statuses()) == accepted
    assert case.recover() == 0
    assert len(case.statuses()) == accepted
    assert set(case.statuses()) <= set(SETTLED)
    assert case.repeat() is not accepted


@pytest.mark.parametrize("point", IN_RECOVERY)
def test_a_recovery_that_is_killed_is_taken_up_again(case: Case, point: str) -> None:
    _die_in_recovery(case, point)


@pytest.mark.postgres
def test_a_recovery_that_is_killed_is_taken_up_again_on_postgresql(case_on_postgres: Case) -> None:
    _die_in_recovery(case_on_postgres, "turn.before_settle")


def _die_in_recovery(case: Case, point: str) -> None:
    assert case.die("turn.accepted") == KILLED
    assert case.recover(point) == KILLED
    assert case.recover() == 0
    assert set(case.statuses()) <= set(SETTLED)
    assert len(case.statuses()) == 1
    assert case.repeat() is False


def test_a_turn_that_kills_every_process_ends_as_failed(case: Case) -> None:
    _die_for_good(case)


@pytest.mark.postgres
def test_a_turn_that_kills_every_process_ends_as_failed_on_postgresql(case_on_postgres: Case) -> None:
    _die_for_good(case_on_postgres)


def _die_for_good(case: Case) -> None:
    assert case.die("turn.before_settle") == KILLED
    assert case.recover_until_it_lives("turn.before_settle", at_most=ATTEMPTS + 1) >= ATTEMPTS - 1
    assert case.statuses() == [TurnStatus.FAILED]
    assert case.repeat() is False
    assert case.recover() == 0
    assert case.statuses() == [TurnStatus.FAILED]


def test_what_was_settled_before_the_crash_stays_as_it_was(case: Case) -> None:
    assert case.nursery.run(replace(case.job, asked=2)) == 0
    before = _stamps(case)
    assert case.nursery.run(replace(case.job, asked=3, crash_at="turn.accepted")) == KILLED
    assert case.recover() == 0
    assert before.items() <= _stamps(case).items()


def _stamps(case: Case) -> dict[str, str]:
    database = Database(case.job.settings.sqlalchemy_url)
    with database.session() as session:
        rows = {row.id: f"{row.status} {row.settled_at} {row.reply}" for row in session.scalars(select(TurnRow))}
        assert session.scalar(select(func.count(TurnRow.id.distinct()))) == len(rows)
    database.close()
    return rows
