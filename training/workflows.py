"""Training runs as durable workflows: a restart goes on where a crash stopped, and no run is left at work for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog
from dbos import DBOS, SetWorkflowID

from core.durable import workflow
from core.errors import Conflict, InvalidInput, NotFound
from core.telemetry import current_request_id, within_request
from training.gate import Judged
from training.manifest import DamagedVersion
from training.runs import TrainingRun, TrainingRuns

__all__ = ["Training", "register_training", "training_here"]

log = structlog.get_logger(__name__)

_ATTEMPTS = 10
_APART_S, _SLOWER = 2.0, 1.5
"""Seconds before a step that failed is tried again; each wait is half as long again as the one before."""
_SCHEDULE = "train"
_BY_SCHEDULE = "schedule"
_REBUILDS = 3

_Begin = Callable[[int], None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Training:
    """`start` accepts a run and begins it, `sweep` begins what a crash left, `schedule` sets or takes off the plan."""

    start: Callable[[str], TrainingRun]
    sweep: Callable[[], int]
    schedule: Callable[[str | None], None]


def training_here(runs: TrainingRuns) -> Training:
    """The same without an engine: a run is worked on by whoever starts it, to its end."""

    def start(by: str) -> TrainingRun:
        runs.give_up_overdue()
        run = runs.start(by)
        runs.work(run.id)
        return runs.get(run.id)

    return Training(start, lambda: 0, lambda _: None)


def register_training(runs: TrainingRuns) -> Training:
    """Register the workflows. Call `sweep` and `schedule` once after the engine has started."""
    begin = _register_run(runs)

    def start(by: str) -> TrainingRun:
        runs.give_up_overdue()
        run = runs.start(by)
        begin(run.id)
        return run

    def sweep() -> int:
        runs.give_up_overdue()
        unfinished = runs.unfinished()
        for run_id in unfinished:
            begin(run_id)
        return len(unfinished)

    return Training(start, sweep, _register_schedule(runs, begin))


def _register_run(runs: TrainingRuns) -> _Begin:
    """The workflow of a run: its steps may run twice, and are told ids only."""
    take = _step("take_examples", runs.take)
    ingest = _step("ingest_pairs", runs.ingest)
    build = _step("build_candidate", runs.build)
    fail = _step("fail_run", runs.fail)

    def _judge(run_id: int, documents: dict[str, str]) -> dict[str, Any]:
        return asdict(runs.judge(run_id, documents))

    def _settle(run_id: int, documents: dict[str, str], judged: dict[str, Any]) -> bool:
        return runs.settle(run_id, documents, Judged(**judged))

    judge = _step("judge_candidate", _judge)
    settle = _step("settle_run", _settle)

    @workflow("train")
    def train(run_id: int, asked_by: str | None = None) -> None:
        with within_request(asked_by):
            try:
                carry_out(run_id)
            except Exception as error:
                fail(run_id, f"{type(error).__name__}: {error}")

    def carry_out(run_id: int) -> None:
        documents = ingest(run_id, take(run_id))
        for _ in range(_REBUILDS):
            build(run_id, documents)
            if settle(run_id, documents, judge(run_id, documents)):
                return
        fail(run_id, "another version became current each time this one was ready; start another run")

    def begin(run_id: int) -> None:
        # One that is known was begun by an earlier sweep: the engine itself goes on with it. The moment tells it from
        # the run of that number of a database that was made anew while the engine's records stayed.
        with SetWorkflowID(f"train-{run_id}-{runs.get(run_id).created_at.timestamp():.6f}"):
            DBOS.start_workflow(train, run_id, current_request_id())

    return begin


def _register_schedule(runs: TrainingRuns, begin: _Begin) -> Callable[[str | None], None]:
    def _accept() -> int | None:
        runs.give_up_overdue()
        try:
            return runs.start(_BY_SCHEDULE).id
        except Conflict as nothing_to_do:
            log.info("training.not_due", reason=nothing_to_do.detail)
            return None

    accept = _step("accept_scheduled", _accept)

    @workflow("train_on_schedule")
    def train_on_schedule(_scheduled_at: datetime, _context: object) -> None:
        if (run_id := accept()) is not None:
            begin(run_id)

    def schedule(cron: str | None) -> None:
        DBOS.delete_schedule(_SCHEDULE)
        if cron:
            DBOS.create_schedule(schedule_name=_SCHEDULE, workflow_fn=train_on_schedule, schedule=cron)

    return schedule


def _step(name: str, work: Callable[..., _T]) -> Callable[..., _T]:
    """`work` as a step that is tried ten times, unless trying again cannot help."""

    def may_pass(error: BaseException) -> bool:
        return not isinstance(error, (InvalidInput, NotFound, DamagedVersion))

    def run(*arguments: Any) -> _T:
        return work(*arguments)

    return DBOS.step(
        name=name, retries_allowed=True, max_attempts=_ATTEMPTS, interval_seconds=_APART_S, backoff_rate=_SLOWER,
        should_retry=may_pass,
    )(run)  # fmt: skip
