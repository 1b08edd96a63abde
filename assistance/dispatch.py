"""Making attempts when they are due: the interface of the durable way, and the direct way of tests and commands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import Protocol

import structlog

from assistance.courier import Courier
from assistance.ledger import Due, Ledger

__all__ = ["DirectDispatch", "Dispatch"]

log = structlog.get_logger(__name__)

_WORKERS = 2


class Dispatch(Protocol):
    """Has attempts made. `open` is called once before the first, `close` after the last."""

    def open(self) -> None: ...

    def go_on(self, request_id: str) -> None:
        """See to it that the next attempt for this request is made; harmless when that is under way already."""
        ...

    def forget(self, delivery_ids: Sequence[str]) -> None:
        """Keep nothing of deliveries that are erased; of one that is under way once it has ended."""
        ...

    def tidy(self) -> None:
        """Forget what was under way when it was to be forgotten and has ended since."""
        ...

    def close(self) -> None: ...


class DirectDispatch:
    """Makes what is due now, in this process; what is due later waits for the next look of `Keeper`, or a start."""

    def __init__(self, courier: Courier, ledger: Ledger, *, now: Callable[[], datetime]) -> None:
        self._courier = courier
        self._ledger = ledger
        self._now = now
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="delivery")
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def open(self) -> None:
        """Nothing needs to be opened."""

    def go_on(self, request_id: str) -> None:
        with self._lock:
            if request_id in self._busy:
                return
            self._busy.add(request_id)
        try:
            self._pool.submit(copy_context().run, self._deliver, request_id)
        except RuntimeError:  # closed: the row is kept, and the next start goes on with it
            self._forget(request_id)

    def forget(self, delivery_ids: Sequence[str]) -> None:
        """Nothing is kept of them."""

    def tidy(self) -> None:
        """Nothing is left to forget."""

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _deliver(self, request_id: str) -> None:
        try:
            while (due := self._next(request_id)) is not None and due.at <= self._now():
                self._courier.attempt(due.delivery_id, due.attempt)
        except Exception as error:
            log.error("delivery.stopped", help_request_id=request_id, error=type(error).__name__)
            self._forget(request_id)

    def _next(self, request_id: str) -> Due | None:
        # Looked up while nobody else can begin, so that what was added meanwhile is either seen here or begun anew.
        with self._lock:
            due = self._ledger.next_due(request_id)
            if due is None or due.at > self._now():
                self._busy.discard(request_id)
            return due

    def _forget(self, request_id: str) -> None:
        with self._lock:
            self._busy.discard(request_id)
