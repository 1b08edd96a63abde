"""A request for a person that was accepted is delivered, however often the process is killed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from assistance.states import DeliveryStatus, Status
from assistance.tables import DeliveryRow, RequestRow
from core.crash import CRASH_POINTS
from core.database import Database
from tests.conftest import copied
from tests.e2e.crash_child import Job, Work, office_of
from tests.e2e.nursery import KILLED, Nursery

POINTS = [point for point in CRASH_POINTS if point.startswith(("request.", "delivery."))]
TAKEN_TWICE = ("delivery.sent",)
"""Between the sending and the writing nobody can know whether the channel has it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A data folder and a process name of its own."""

    nursery: Nursery
    job: Job

    def ask(self, point: str | None = None) -> int:
        return self.nursery.run(replace(self.job, work=Work.REQUEST, crash_at=point))

    def start(self, point: str | None = None) -> int:
        return self.nursery.run(replace(self.job, work=Work.DELIVER, crash_at=point))

    def taken(self) -> list[str]:
        """The id of each message that the channel took."""
        return [delivery_id for delivery_id, _ in office_of(self.job).lines()]

    def rows(self) -> tuple[list[str], list[str]]:
        """The status of each request and of each delivery."""
        database = Database(self.job.settings.sqlalchemy_url)
        with database.read() as connection:
            found = [list(connection.scalars(select(table.status))) for table in (RequestRow, DeliveryRow)]
        database.close()
        return found[0], found[1]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture(scope="module")
def prepared(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was started once, with nothing in it."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "kb").mkdir()
    assert nursery.run(Job(Work.DELIVER, str(folder / "data"), str(folder / "kb"))) == 0
    return folder / "data"


@pytest.fixture
def case(nursery: Nursery, prepared: Path, tmp_path: Path) -> Case:
    return Case(nursery, Job(Work.REQUEST, str(copied(prepared, tmp_path)), str(prepared.parent / "kb")))


@pytest.fixture
def case_on_postgres(case: Case, postgres_url: str) -> Case:
    # The engine's tables are shared by all tests of the server: only the executor's name keeps them apart.
    return replace(case, job=replace(case.job, database_url=postgres_url, executor=uuid4().hex))


@pytest.mark.parametrize("point", POINTS)
def test_an_accepted_request_is_delivered_by_the_next_start(case: Case, point: str) -> None:
    _die_and_start(case, point)


@pytest.mark.postgres
@pytest.mark.parametrize("point", ["request.accepted", "delivery.sent"])
def test_the_same_holds_on_postgresql(case_on_postgres: Case, point: str) -> None:
    _die_and_start(case_on_postgres, point)


def _die_and_start(case: Case, point: str) -> None:
    accepted = point != "request.before_accept"
    assert case.ask(point) == KILLED
    assert len(case.rows()[0]) == accepted
    assert case.ask() == 0  # a start, and the same key again, which must make no second request
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert len(case.taken()) == 1 + (point in TAKEN_TWICE)
    assert len(set(case.taken())) == 1


def test_each_kill_doubles_a_message_once_at_most_and_under_its_id(case: Case) -> None:
    assert case.ask("delivery.sent") == KILLED
    assert case.start("delivery.sent") == KILLED
    assert case.start() == 0
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert len(case.taken()) == 3
    assert len(set(case.taken())) == 1


def test_what_waits_for_its_next_attempt_is_not_forgotten(case: Case) -> None:
    busy = office_of(case.job).busy
    busy.touch()
    assert case.ask("delivery.settled") == KILLED
    assert case.rows()[1] == [DeliveryStatus.RETRYING]
    busy.unlink()
    assert case.start() == 0
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert len(case.taken()) == 1
