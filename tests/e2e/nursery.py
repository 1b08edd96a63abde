"""Runs jobs in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self

from core.crash import CRASH_AT
from tests.conftest import ROOT
from tests.e2e.forking import job_line

__all__ = ["KILLED", "Nursery"]

KILLED = -9


class Job(Protocol):
    def encode(self) -> str:
        """Itself as one line."""
        ...


class Nursery:
    """One process, of `module`, that has everything imported and forks for each job; `log` gets their complaints."""

    def __init__(self, module: str = "tests.e2e.crash_child", *, log: Path | None = None) -> None:
        environment = {name: value for name, value in os.environ.items() if name != CRASH_AT}
        # A fork takes no threads along, so there must be none that matter.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", module]
        with ExitStack() as opened:
            errors = None if log is None else opened.enter_context(log.open("ab"))
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors,
            )  # fmt: skip

    def run(self, job: Job, *, kill_after_s: float | None = None) -> int:
        """Wait for a job, which is killed after a time where one is given; its exit code, or `KILLED`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(job_line(job.encode(), kill_after_s=kill_after_s))
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(30)
