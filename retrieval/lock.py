"""One owner for an embedded store: a lock file that also tells others whom to ask."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from core.errors import StoreBusy

__all__ = ["LockHolder", "StoreLock"]

_ATTEMPTS = 10
_PAUSE_S = 0.05
"""A reader of the lock holds it for an instant, so one refusal proves nothing; half a second of them does."""

_RECORD_BYTES = 512


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The process that has the store open, and the address it serves on once it has announced one."""

    pid: int
    address: str | None


class StoreLock:
    """An exclusive lock on `path`; the system drops it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise `StoreBusy` within a second when another process has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        for _ in range(_ATTEMPTS):
            if _try_lock(descriptor, fcntl.LOCK_EX):
                self._descriptor = descriptor
                self._write(address=None)
                return
            time.sleep(_PAUSE_S)
        os.close(descriptor)
        raise StoreBusy(self._refusal())

    def announce(self, address: str) -> None:
        """Tell other processes where this one serves, so that they can ask it instead."""
        self._write(address=address)

    def holder(self) -> LockHolder | None:
        """Who has the lock, or None when nobody does; any process may ask."""
        if not self._path.exists():
            return None
        descriptor = os.open(self._path, os.O_RDONLY)
        try:
            if self._descriptor is None and _try_lock(descriptor, fcntl.LOCK_SH):
                return None
            return _read(descriptor)
        finally:
            os.close(descriptor)

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, *, address: str | None) -> None:
        assert self._descriptor is not None, "only the holder of the lock writes into it"
        record = json.dumps({"pid": os.getpid(), "address": address}).encode()
        # One write of a fixed size: a reader never sees half a record, or the tail of a longer one.
        os.pwrite(self._descriptor, record.ljust(_RECORD_BYTES), 0)

    def _refusal(self) -> str:
        holder = self.holder()
        pid = f"process {holder.pid}" if holder else "another process"
        remedy = f"ask it at {holder.address}, or stop it" if holder and holder.address else "stop it"
        return f"the store in {str(self._path.parent)!r} is open in {pid}; {remedy}, or use another DATA_DIR"


def _try_lock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> LockHolder | None:
    try:
        record = json.loads(os.pread(descriptor, _RECORD_BYTES, 0))
    except json.JSONDecodeError:
        return None  # the holder has just taken the lock and not written yet
    return LockHolder(pid=record["pid"], address=record["address"])
