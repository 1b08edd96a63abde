"""How much memory other processes take at their peak."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import psutil

__all__ = ["PeakMemory"]

_EVERY_S = 0.01


class PeakMemory:
    """Watches the processes that this one started while it is open; `mib` is the most they had in memory together."""

    def __init__(self) -> None:
        self.mib = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.mib = max(self.mib, sum(map(_resident, psutil.Process().children(recursive=True))) / (1 << 20))
            if self._done.wait(_EVERY_S):
                return


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0  # it ended while we asked
