"""A circuit breaker: after some failures in a row a service is left alone for a while, then tried by one caller."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Breaker"]


class Breaker:
    """Counts outcomes of calls that its callers make themselves; no lock is held while a call runs.

    Closed until `failures` in a row, then open for `rest_s` seconds, then half-open: one caller may try.
    """

    # pybreaker 1.4 runs the call under its own lock (CircuitBreaker.call), which would let one answer stream at a time.

    def __init__(self, *, failures: int = 5, rest_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._tried_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether a call would be refused now."""
        with self._lock:
            return self._waiting_s() > 0

    def admit(self) -> float:
        """Ask to call: 0 when admitted, else the seconds after which to ask again."""
        with self._lock:
            waiting = self._waiting_s()
            if waiting <= 0 and self._tried_at is not None:
                self._tried_at = self._clock()  # the one trial; others wait for its outcome
            return max(0.0, waiting)

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._tried_at = 0, None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._tried_at = self._clock()

    def _waiting_s(self) -> float:
        return 0.0 if self._tried_at is None else self._tried_at + self._rest_s - self._clock()
