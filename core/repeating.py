"""Work that is done again and again in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from core.errors import AssistantError

__all__ = ["Repeating"]

log = structlog.get_logger(__name__)


class Repeating:
    """A thread that does some work every so many seconds; an error is logged under its name and does not end it."""

    def __init__(self, name: str, *work: Callable[[], object], every_s: float) -> None:
        self._name = name
        self._work = work
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, timeout_s: float | None = None) -> None:
        """Begin nothing more and wait for what runs; safe where nothing was started."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            for work in self._work:
                if self._stop.is_set():
                    return
                self._do(work)

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except AssistantError as error:
            log.warning("repeating.failed", work=self._name, error=error.detail)
        except Exception:
            log.exception("repeating.failed", work=self._name)
