"""Durable delivery: every attempt is a workflow on its channel's queue, with ids alone in the engine's records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from assistance.courier import Courier
from assistance.ledger import Ledger
from core.crash import crash_point
from core.durable import workflow
from core.telemetry import current_request_id, within_request

__all__ = ["DurableDispatch"]

_POLL_S = 0.5
"""How often a queue is looked at; half a second is little against the time in which a person reads."""

_RUNNING = "PENDING"
_UNDER_WAY = (_RUNNING, "ENQUEUED", "DELAYED")
_AT_ONCE = 100  # each asks the engine for ids that begin in one way
_ELSEWHERE = "none"
"""The queue of channels that are not set up any more: what was routed there has to be told."""

_NAME = "deliver"

_Next = tuple[str, str, int, float]
"""Channel, delivery, number of the attempt, and when, in seconds since 1970."""


class DurableDispatch:
    """A queue for each channel bounds how many messages go there at once and in a minute; the courier's gate bounds how
    many go out in all. Build it before the engine starts, `open` it after.

    An attempt that has to wait lies in the engine until it is due and takes no place in the queue. Its workflow's id is
    made of the delivery and the number of the attempt, so that it is made once however often it is asked for.
    """

    def __init__(
        self, courier: Courier, ledger: Ledger, *, channels: Collection[str], executor: str, concurrency: int,
        per_minute: int, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._courier = courier
        self._ledger = ledger
        self._channels = channels
        self._executor = executor
        self._concurrency = concurrency
        self._per_minute = per_minute
        self._now = now
        self._deliver = self._register(courier)
        self._leaving: set[str] = set()
        self._lock = threading.Lock()

    def open(self) -> None:
        """Declare the queues to the engine, and find what runs for a delivery that was erased before a crash."""
        for channel in (*self._channels, _ELSEWHERE):
            DBOS.register_queue(
                self._queue(channel), worker_concurrency=self._concurrency, polling_interval_sec=_POLL_S,
                limiter={"limit": self._per_minute, "period": 60.0}, on_conflict="always_update",
            )  # fmt: skip
        running = _found(name=_NAME, status=_RUNNING, executor_id=self._executor)
        known = self._ledger.known(_delivery_of(one) for one in running)
        self._leave(one for one in running if _delivery_of(one) not in known)

    def go_on(self, request_id: str) -> None:
        """Enqueue the next attempt; one that is under way already stays the only one."""
        following = self._next(request_id)
        if following is None:
            return
        _, delivery_id, attempt, _ = following
        # One that ended and left its attempt due has failed, as when the database was away: it gets another.
        again = next(number for number in count() if not _has_ended(_workflow_id(delivery_id, attempt, number)))
        self._enqueue(following, again)
        crash_point("request.handed_on")

    def forget(self, delivery_ids: Sequence[str]) -> None:
        """Delete what the engine keeps of deliveries that are erased; what is under way is deleted again by `tidy`, as
        a step that ends writes its outcome."""
        for at in range(0, len(delivery_ids), _AT_ONCE):
            prefixes = [_workflow_id(delivery_id, "") for delivery_id in delivery_ids[at : at + _AT_ONCE]]
            found = _found(name=_NAME, workflow_id_prefix=prefixes)
            self._leave(one for one, status in found.items() if status in _UNDER_WAY)
            DBOS.delete_workflows([one for one, status in found.items() if status != _RUNNING])

    def tidy(self) -> None:
        """Delete what was under way when it was to be forgotten and has ended since."""
        with self._lock:
            leaving = list(self._leaving)
        if not leaving:
            return
        running = _found(workflow_ids=leaving, status=_RUNNING)
        ended = [one for one in leaving if one not in running]
        DBOS.delete_workflows(ended)
        with self._lock:
            self._leaving.difference_update(ended)

    def close(self) -> None:
        """The engine lets running attempts end; those that wait for their turn are made after the next start."""
        self._courier.close()

    def _register(self, courier: Courier) -> Callable[[str, int, str | None], None]:
        @workflow(_NAME)
        def deliver(delivery_id: str, attempt: int, asked_by: str | None = None) -> None:
            with within_request(asked_by):
                request_id = make_attempt(delivery_id, attempt)
                if request_id is not None and (following := find_next(request_id)) is not None:
                    self._enqueue(following)

        @DBOS.step(name="make_attempt")
        def make_attempt(delivery_id: str, attempt: int) -> str | None:
            return courier.attempt(delivery_id, attempt)

        @DBOS.step(name="find_next")
        def find_next(request_id: str) -> _Next | None:
            return self._next(request_id)

        return deliver

    def _next(self, request_id: str) -> _Next | None:
        due = self._ledger.next_due(request_id)
        return None if due is None else (due.channel, due.delivery_id, due.attempt, due.at.timestamp())

    def _enqueue(self, following: _Next, again: int = 0) -> None:
        channel, delivery_id, attempt, at = following
        delay_s = at - self._now().timestamp()
        with (
            SetWorkflowID(_workflow_id(delivery_id, attempt, again)),
            SetEnqueueOptions(delay_seconds=delay_s if delay_s > 0 else None),
        ):
            DBOS.enqueue_workflow(self._queue(channel), self._deliver, delivery_id, attempt, current_request_id())

    def _leave(self, workflow_ids: Iterable[str]) -> None:
        with self._lock:
            self._leaving.update(workflow_ids)

    def _queue(self, channel: str) -> str:
        # With the executor's name: a process sends what it accepted, through the channels that it has.
        return f"assistance-{self._executor}-{channel if channel in self._channels else _ELSEWHERE}"


def _workflow_id(delivery_id: str, attempt: int | str, again: int = 0) -> str:
    return f"{_NAME}-{delivery_id}-{attempt}" + (f"-{again}" if again else "")


def _delivery_of(workflow_id: str) -> str:
    return workflow_id.split("-")[1]


def _found(**wanted: Any) -> dict[str, str]:
    """The status of each workflow that the engine finds, by its id."""
    rows = DBOS.list_workflows(**wanted, load_input=False, load_output=False)
    return {row.workflow_id: row.status for row in rows}


def _has_ended(workflow_id: str) -> bool:
    found = DBOS.get_workflow_status(workflow_id)
    return found is not None and found.status not in _UNDER_WAY
