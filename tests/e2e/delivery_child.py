"""Processes that take a request for a person and deliver it, and die where they are told to."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, NoReturn

from dbos import DBOS
from sqlalchemy.exc import OperationalError

from api.application import Application
from api.bootstrap import build_application
from assistance import workflows
from assistance.records import NewRequest
from core.settings import Settings
from tests.conftest import make_settings
from tests.e2e.forking import arm, fork_for_each_job
from tests.e2e.knowledge import EMBEDDINGS, LineParser
from tests.e2e.turns import ASKER
from tests.scripted_channel import FileChannel

__all__ = ["Delivery", "Work"]

_RECOVERY_S = 30.0
_POLL_S = 0.02


class Work(StrEnum):
    """What a process does until it dies or ends."""

    REQUEST = "request"
    DELIVER = "deliver"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job; `failing` is what the database cannot do once, and `keeps` whether somebody looks after what failed."""

    work: Work
    data_dir: str
    knowledge_base: str
    database_url: str | None = None
    crash_at: str | None = None
    topic: str = "sales"
    failing: Literal["open", "settle"] = "open"
    keeps: bool = False

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        return make_settings(
            Path(self.data_dir),
            knowledge_base=Path(self.knowledge_base),
            database_url=self.database_url,
        )

    @property
    def request(self) -> NewRequest:
        """The request that is made when a process dies."""
        return NewRequest(self.topic, "Please help me.", idempotency_key="help")

    @property
    def slack(self) -> FileChannel:
        return FileChannel(Path(self.data_dir) / "slack.txt")

    @property
    def email(self) -> FileChannel:
        return FileChannel(Path(self.data_dir) / "email.txt", "email")


def main() -> None:
    workflows._POLL_S = 0.05
    fork_for_each_job(_run)


def _run(line: str) -> None:
    job = Delivery(**json.loads(line))
    _WORKS[Work(job.work)](job)


def _request(job: Delivery) -> None:
    """Ask for a person as the server does, and live until it is delivered."""
    application = _started(job)
    arm(job.crash_at)
    application.assistance.desk.accept(ASKER, job.request)
    _wait_until_delivered(application)
    application.stop()


def _deliver(job: Delivery) -> None:
    """Start as the server does, and live until everything is delivered."""
    arm(job.crash_at)
    application = _started(job)
    _wait_until_delivered(application)
    application.stop()


def _fail(job: Delivery) -> None:
    """Ask for a person while the database is away, so that the workflow of the first attempt fails."""
    application = _started(job)
    ledger = application.assistance.ledger
    works = getattr(ledger, job.failing)

    def fails(*_: object) -> NoReturn:
        setattr(ledger, job.failing, works)
        raise OperationalError("", {}, Exception("the database is away"))

    setattr(ledger, job.failing, fails)
    receipt, _ = application.assistance.desk.accept(ASKER, job.request)
    due = ledger.next_due(receipt.id)
    assert due is not None
    _wait_for_failure(f"deliver-{due.delivery_id}-0")
    if job.keeps:
        application.assistance.keeper.sweep(everything=True)
        _wait_until_delivered(application)
    application.stop()


def _wait_for_failure(workflow_id: str) -> None:
    deadline = time.monotonic() + _RECOVERY_S
    while (found := DBOS.get_workflow_status(workflow_id)) is None or found.status != "ERROR":
        if time.monotonic() > deadline:
            raise TimeoutError(f"{workflow_id} did not fail within {_RECOVERY_S:g} s: {found}")
        time.sleep(_POLL_S)


def _wait_until_delivered(application: Application) -> None:
    deadline = time.monotonic() + _RECOVERY_S
    while waiting := application.assistance.ledger.requests_due():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not delivered after {_RECOVERY_S:g} s: {waiting}")
        time.sleep(_POLL_S)


def _started(job: Delivery) -> Application:
    channels = {"slack": job.slack, "email": job.email}
    application = build_application(job.settings, embeddings=EMBEDDINGS, parser=LineParser(), channels=channels)
    application.start(sync=False)
    return application


_WORKS = {Work.REQUEST: _request, Work.DELIVER: _deliver, Work.FAIL: _fail}


if __name__ == "__main__":
    main()
