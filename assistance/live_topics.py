"""The topics as they are now: the file is read again when it changes, and a bad one changes nothing."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from assistance.configuration import BUILT_IN, parse_topics
from assistance.topics import Topics
from core.errors import ConfigurationError

__all__ = ["LiveTopics"]

log = structlog.get_logger(__name__)

_Mark = tuple[int, int, int, int]


class LiveTopics:
    """Follows one file. Raises `ConfigurationError` when the file is wrong at the start; later the last good one holds.

    Where there is no file at the start everything is `other` and waits in the inbox.
    """

    def __init__(
        self, path: Path, *, zone: str = "UTC", every_s: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._zone = zone
        self._every_s = every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._mark = _mark(path)
        self._hash = ""
        self._error: str | None = None
        self._topics = BUILT_IN
        if self._mark is None:
            log.warning("assistance.no_topics", path=str(path), hint="all requests wait in the inbox as 'other'")
        else:
            self._topics = self._read()

    @property
    def error(self) -> str | None:
        """What is wrong with the file as it lies there now; None when it is the one that holds."""
        self.current()
        return self._error

    def current(self) -> Topics:
        """The topics that hold; whoever took them goes on with them though the file changes."""
        if self._clock() - self._looked_at >= self._every_s and self._lock.acquire(blocking=False):
            try:
                self._look()
                self._looked_at = self._clock()
            finally:
                self._lock.release()
        return self._topics

    def _look(self) -> None:
        mark = _mark(self._path)
        if mark == self._mark:
            return
        try:
            self._topics = self._read()
            self._error = None
        except ConfigurationError as error:
            if self._error != error.detail:
                log.error("assistance.bad_topics", error=error.detail, hint="the last good file holds")
            self._error = error.detail
        self._mark = mark

    def _read(self) -> Topics:
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"the file of topics {str(self._path)!r} cannot be read ({error.strerror}); put it back"
            ) from error
        digest = hashlib.sha256(content).hexdigest()
        if digest == self._hash:
            return self._topics
        topics = parse_topics(content, zone=self._zone)
        self._hash = digest
        log.info("assistance.topics", topics=len(topics.by_id), sha256=digest[:12])
        return topics


def _mark(path: Path) -> _Mark | None:
    """What changes whenever the file does; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
