"""A request for a person that was accepted is delivered, however often the process is killed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from assistance.states import DeliveryStatus, Status
from assistance.tables import DeliveryRow, RequestRow
from core.crash import CRASH_POINTS
from core.database import Database
from tests.conftest import copied
from tests.e2e.delivery_child import Delivery, Work
from tests.e2e.nursery import KILLED, Nursery

POINTS = [point for point in CRASH_POINTS if point.startswith(("request.", "delivery."))]
TAKEN_TWICE = ("delivery.sent",)
"""Between the sending and the writing nobody can know whether the channel has it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A data folder and a process name of its own."""

    nursery: Nursery
    job: Delivery

    def ask(self, point: str | None = None) -> int:
        return self.nursery.run(replace(self.job, work=Work.REQUEST, crash_at=point))

    def start(self, point: str | None = None) -> int:
        return self.nursery.run(replace(self.job, work=Work.DELIVER, crash_at=point))

    def fail(self, failing: Literal["open", "settle"], *, keeps: bool) -> int:
        """Ask while the database is away once."""
        return self.nursery.run(replace(self.job, work=Work.FAIL, failing=failing, keeps=keeps))

    def taken(self) -> list[str]:
        """The id of each message that Slack took."""
        return [delivery_id for delivery_id, _ in self.job.slack.lines()]

    def taken_by_email(self) -> list[str]:
        return [delivery_id for delivery_id, _ in self.job.email.lines()]

    def rows(self) -> tuple[list[str], list[str]]:
        """The status of each request and of each delivery."""
        database = Database(self.job.settings.sqlalchemy_url)
        with database.read() as connection:
            requests = list(connection.scalars(select(RequestRow.status)))
            deliveries = list(connection.scalars(select(DeliveryRow.status).order_by(DeliveryRow.position)))
        database.close()
        return requests, deliveries


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery("tests.e2e.delivery_child") as running:
        yield running


@pytest.fixture(scope="module")
def prepared(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was started once, with nothing in it."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "kb").mkdir()
    assert nursery.run(Delivery(Work.DELIVER, str(folder / "data"), str(folder / "kb"))) == 0
    return folder / "data"


@pytest.fixture
def case(nursery: Nursery, prepared: Path, tmp_path: Path) -> Case:
    return Case(nursery, Delivery(Work.REQUEST, str(copied(prepared, tmp_path)), str(prepared.parent / "kb")))


@pytest.fixture
def case_on_postgres(case: Case, postgres_url: str) -> Case:
    return replace(case, job=replace(case.job, database_url=postgres_url))


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
    busy = case.job.slack.busy
    busy.touch()
    assert case.ask("delivery.settled") == KILLED
    assert case.rows()[1] == [DeliveryStatus.RETRYING]
    busy.unlink()
    assert case.start() == 0
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert len(case.taken()) == 1


def _with_a_fallback(case: Case) -> Case:
    """A case whose topic goes to Slack, which is gone for good, and then to e-mail."""
    case.job.slack.gone.touch()
    return replace(case, job=replace(case.job, topic="visa"))


FALLEN_BACK = ([Status.HANDED_OVER], [DeliveryStatus.DEAD, DeliveryStatus.DELIVERED])


def test_where_the_first_channel_is_gone_the_second_gets_it(case: Case) -> None:
    case = _with_a_fallback(case)
    assert case.ask() == 0
    assert case.rows() == FALLEN_BACK
    assert (case.taken(), len(case.taken_by_email())) == ([], 1)


@pytest.mark.parametrize(
    ("point", "times"), [("delivery.before_send", 1), ("delivery.sent", 2), ("delivery.settled", 1)]
)
def test_a_kill_between_two_channels_and_one_within_the_second_lose_nothing(case: Case, point: str, times: int) -> None:
    _die_between_channels(_with_a_fallback(case), point, times)


@pytest.mark.postgres
def test_between_two_channels_the_same_holds_on_postgresql(case_on_postgres: Case) -> None:
    _die_between_channels(_with_a_fallback(case_on_postgres), "delivery.sent", 2)


def _die_between_channels(case: Case, point: str, times: int) -> None:
    assert case.ask("delivery.settled") == KILLED
    assert case.rows() == ([Status.WAITING], [DeliveryStatus.DEAD, DeliveryStatus.QUEUED])
    assert case.start(point) == KILLED
    assert case.start() == 0
    assert case.rows() == FALLEN_BACK
    assert (case.taken(), len(case.taken_by_email()), len(set(case.taken_by_email()))) == ([], times, 1)


@pytest.mark.parametrize(("failing", "times"), [("open", 1), ("settle", 2)])
def test_an_attempt_whose_workflow_failed_is_made_again_under_another(
    case: Case, failing: Literal["open", "settle"], times: int
) -> None:
    assert case.fail(failing, keeps=True) == 0
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert (len(case.taken()), len(set(case.taken()))) == (times, 1)


def test_an_attempt_whose_workflow_failed_is_made_by_the_next_start(case: Case) -> None:
    assert case.fail("open", keeps=False) == 0
    assert case.rows() == ([Status.WAITING], [DeliveryStatus.QUEUED])
    assert case.taken() == []
    assert case.start() == 0
    assert case.rows() == ([Status.HANDED_OVER], [DeliveryStatus.DELIVERED])
    assert len(case.taken()) == 1
