"""Durable delivery: every attempt is a workflow on its channel's queue, with ids alone in the engine's records."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import count

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from assistance.courier import Courier
from assistance.ledger import Ledger
from core.crash import crash_point
from core.telemetry import current_request_id, within_request

__all__ = ["DurableDispatch"]

_POLL_S = 0.5
"""How often a queue is looked at; half a second is little against the time in which a person reads."""

_UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")
_ELSEWHERE = "none"
"""The queue of channels that are not set up any more: what was routed there has to be told."""

_Next = tuple[str, str, int, float]
"""Channel, delivery, number of the attempt, and when, in seconds since 1970."""


class DurableDispatch:
    """A queue for each channel bounds how many messages go there at once and in a minute. Build it before the engine
    starts, `open` it after.

    An attempt that has to wait lies in the engine until it is due and takes no place in the queue. Its workflow's id is
    made of the delivery and the number of the attempt, so that it is made once however often it is asked for.
    """

    def __init__(
        self, courier: Courier, ledger: Ledger, *, channels: Collection[str], executor: str, concurrency: int,
        per_minute: int, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._channels = channels
        self._executor = executor
        self._concurrency = concurrency
        self._per_minute = per_minute
        self._now = now
        self._deliver = self._register(courier)

    def open(self) -> None:
        """Declare the queues to the engine."""
        for channel in (*self._channels, _ELSEWHERE):
            DBOS.register_queue(
                self._queue(channel), worker_concurrency=self._concurrency, polling_interval_sec=_POLL_S,
                limiter={"limit": self._per_minute, "period": 60.0}, on_conflict="always_update",
            )  # fmt: skip

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

    def close(self) -> None:
        """The engine lets running attempts end."""

    def _register(self, courier: Courier) -> Callable[[str, int, str | None], None]:
        @DBOS.workflow(name="deliver")
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

    def _queue(self, channel: str) -> str:
        # With the executor's name: a process sends what it accepted, through the channels that it has.
        return f"assistance-{self._executor}-{channel if channel in self._channels else _ELSEWHERE}"


def _workflow_id(delivery_id: str, attempt: int, again: int) -> str:
    return f"deliver-{delivery_id}-{attempt}" + (f"-{again}" if again else "")


def _has_ended(workflow_id: str) -> bool:
    found = DBOS.get_workflow_status(workflow_id)
    return found is not None and found.status not in _UNDER_WAY
