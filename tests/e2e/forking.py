"""A process that forks for each job, with everything imported: the imports take longer than the work."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

from core.crash import CRASH_AT
from core.settings import Settings
from core.telemetry import configure_logging

__all__ = ["arm", "fork_for_each_job", "job_line"]

_LATE_IMPORTS = ("alembic.command", "babel.numbers", "chromadb.api.rust")
"""What the application imports when it first needs it, which every fork would do anew."""


def job_line(job: str, *, kill_after_s: float | None) -> str:
    """One line of the standard input of such a process."""
    return f"{'' if kill_after_s is None else kill_after_s}\t{job}\n"


def arm(crash_at: str | None) -> None:
    """Have this process die at that point from now on; nowhere for None."""
    if crash_at is not None:
        os.environ[CRASH_AT] = crash_at


def fork_for_each_job(run: Callable[[str], None], *, late_imports: Iterable[str] = ()) -> None:
    """Run each job of standard input in a fork and say how that ended, as `subprocess` counts it.

    With a time the fork is killed that many seconds after it was made, wherever it is.
    """
    configure_logging(Settings(log_level="ERROR"))
    for name in (*_LATE_IMPORTS, *late_imports):
        importlib.import_module(name)
    for line in sys.stdin:
        kill_after_s, _, job = line.rstrip("\n").partition("\t")
        child = os.fork()
        if child == 0:
            _run(run, job)
        if kill_after_s:
            time.sleep(float(kill_after_s))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(run: Callable[[str], None], job: str) -> None:
    code = 1
    sys.stdout = sys.stderr  # what is logged is no answer
    try:
        run(job)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)
