"""Runs jobs in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Self

from core.crash import CRASH_AT
from tests.conftest import ROOT
from tests.e2e.crash_child import Job

__all__ = ["KILLED", "Nursery"]

KILLED = -9


class Nursery:
    """One process that has everything imported and forks for each job."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != CRASH_AT}
        # A fork takes no threads along, so there must be none that matter.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.e2e.crash_child"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, job: Job) -> int:
        """Wait for a job; its exit code, or `KILLED`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(job.encode() + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(30)
