"""Work in the background goes on after an error and ends when it is told to."""

from __future__ import annotations

import threading

import pytest
from structlog.testing import capture_logs

from core.errors import AssistantError, NotFound
from core.repeating import Repeating


@pytest.mark.parametrize("error", [NotFound("gone"), RuntimeError("broken")])
def test_an_error_is_logged_and_neither_the_other_work_nor_the_next_round_is_lost(error: Exception) -> None:
    done = threading.Semaphore(0)

    def fails() -> None:
        raise error

    with capture_logs() as lines:
        work = Repeating("sweep", fails, done.release, every_s=0.001)
        work.start()
        assert all(done.acquire(timeout=10) for _ in range(3))
        work.stop(timeout_s=10)
    level = "warning" if isinstance(error, AssistantError) else "error"
    assert {(line["event"], line["work"], line["log_level"]) for line in lines} == {
        ("repeating.failed", "sweep", level)
    }


def test_what_runs_is_waited_for_and_nothing_more_begins() -> None:
    begun, may_end, done = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        may_end.wait(10)
        done.append("first")

    work = Repeating("sweep", first, lambda: done.append("second"), every_s=0.001)
    work.start()
    assert begun.wait(10)
    threading.Timer(0.05, may_end.set).start()
    work.stop(timeout_s=10)
    assert done == ["first"]


def test_what_was_never_started_is_stopped_at_once() -> None:
    Repeating("sweep", every_s=1).stop(timeout_s=0)
