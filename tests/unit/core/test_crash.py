from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.crash import CRASH_AT, CRASH_POINTS, crash_point


def test_does_nothing_unless_its_name_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CRASH_AT, "store.staged")
    crash_point("store.published")


def test_kills_the_process_at_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CRASH_AT, "store.staged")
    code = "from core.crash import crash_point; crash_point('store.staged'); print('alive')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")


def test_every_crash_point_in_the_code_is_listed() -> None:
    root = Path(__file__).parents[3]
    packages = ("api", "assistance", "chains", "core", "ingest", "retrieval", "training")
    sources = [file.read_text() for package in packages for file in (root / package).rglob("*.py")]
    used = {name for source in sources for name in re.findall(r'crash_point\("([^"]+)"\)', source)}
    assert used == set(CRASH_POINTS)
