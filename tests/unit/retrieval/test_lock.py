from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import StoreBusy
from retrieval.lock import LockHolder, StoreLock

_HOLD = """
import sys
from pathlib import Path
from retrieval.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]))
lock.acquire()
lock.announce("http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.lock"


def _other_process(path: Path) -> subprocess.Popen[str]:
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_second_process_is_refused_within_a_second_and_told_whom_to_ask(path: Path) -> None:
    with _other_process(path) as other:
        began = time.monotonic()
        with pytest.raises(StoreBusy, match=rf"process {other.pid}; ask it at http://127.0.0.1:8000"):
            StoreLock(path).acquire()
        assert time.monotonic() - began < 1
        assert StoreLock(path).holder() == LockHolder(other.pid, "http://127.0.0.1:8000")
        other.kill()


def test_a_killed_process_leaves_the_lock_free(path: Path) -> None:
    with _other_process(path) as other:
        other.kill()
    lock = StoreLock(path)
    assert lock.holder() is None
    lock.acquire()
    assert lock.holder() == LockHolder(os.getpid(), None)
    lock.release()


def test_a_released_lock_can_be_taken_again(path: Path) -> None:
    first, second = StoreLock(path), StoreLock(path)
    first.acquire()
    first.release()
    second.acquire()
    second.release()
    assert second.holder() is None


def test_a_shorter_announcement_replaces_a_longer_one(path: Path) -> None:
    lock = StoreLock(path)
    lock.acquire()
    lock.announce("http://a-rather-long-name.example:8000")
    lock.announce("http://b:1")
    assert lock.holder() == LockHolder(os.getpid(), "http://b:1")
    lock.release()


def test_nobody_holds_a_lock_that_was_never_taken(path: Path) -> None:
    assert StoreLock(path).holder() is None
