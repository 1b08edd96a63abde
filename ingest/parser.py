"""Reads files in a child process, one at a time, within limits of time and memory."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

import structlog

from core.errors import AssistantError, UnreadableDocument
from ingest.blocks import Block
from ingest.formats import Format
from ingest.limits import ParseLimits
from ingest.reasons import UnreadableReason, unreadable
from ingest.wire import HEADER_BYTES, READY, Failure, Request, body_length, decode_reply, frame

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["Parser", "ParserUnavailable"]

log = structlog.get_logger(__name__)

_START_TIMEOUT_S = 120.0  # imports from a cold disk took 13 s
_CHUNK_BYTES = 1 << 16
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_FILES_PER_CHILD = 500  # then memory that leaked is given back
_KEPT_S = 300.0  # whoever edits one file soon edits the next
_ATTEMPTS = 2  # a child may be killed for another's memory, also while it starts: only who does it twice is to blame


class ParserUnavailable(AssistantError):
    """The child cannot be started, so no file can be read."""

    type = "parser-unavailable"
    title = "Documents cannot be read at the moment"


class Parser:
    """Starts its child at the first file, replaces it when it hangs, dies or has read its share; close it at the end.

    A child that has nothing to read keeps its memory: `rest` now and then ends it.

    Safe to use from several threads, which then take turns.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        files_per_child: int = _FILES_PER_CHILD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = ParseLimits.of(settings)
        self._files_per_child = files_per_child
        self._lock = Lock()
        self._child: _Child | None = None
        self._clock = clock
        self._used_at = clock()

    def parse(self, path: Path, file_format: Format) -> list[Block]:
        """The blocks of a file, never none; raises `UnreadableDocument` when it gives none."""
        request = Request(path.absolute(), file_format)
        with self._lock:
            for _ in range(_ATTEMPTS):
                try:
                    return self._ask(request)
                except _ChildDied as death:
                    log.warning("parser_child_died", path=str(path), exit_code=death.exit_code)
                    self._discard()
        raise unreadable(UnreadableReason.MALFORMED, "reading it made the parser crash")

    def start(self) -> None:
        """Start the child ahead of the first file."""
        with self._lock:
            self._ready_child()

    def rest(self) -> None:
        """End the child when nothing was read for five minutes; does not wait for one that reads."""
        if self._lock.acquire(blocking=False):
            try:
                if self._clock() - self._used_at > _KEPT_S:
                    self._discard()
            finally:
                self._lock.release()

    def close(self) -> None:
        with self._lock:
            self._discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: Request) -> list[Block]:
        child = self._ready_child()
        try:
            reply = decode_reply(child.ask(request.encode(), timeout_s=self._limits.timeout_s))
        except TimeoutError:
            self._discard()
            raise unreadable(UnreadableReason.TIMED_OUT, f"more than {self._limits.timeout_s:g} s") from None
        if isinstance(reply, Failure):
            if reply.spent:
                self._discard()
            raise _as_error(reply)
        return reply

    def _ready_child(self) -> _Child:
        self._used_at = self._clock()
        if self._child is not None and (self._child.files >= self._files_per_child or not self._child.alive):
            self._discard()
        if self._child is None:
            self._child = self._started()
        return self._child

    def _started(self) -> _Child:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return _Child(self._limits)
            except _ChildDied as death:
                if not death.killed or attempt == _ATTEMPTS:
                    raise ParserUnavailable(_not_started(self._limits, str(death))) from None
                log.warning("parser_child_died", path=None, exit_code=death.exit_code)
            except TimeoutError:
                raise ParserUnavailable(
                    _not_started(self._limits, f"it was not ready after {_START_TIMEOUT_S:g} s")
                ) from None
        raise AssertionError("the last attempt returns or raises")

    def _discard(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _as_error(failure: Failure) -> UnreadableDocument:
    reason = UnreadableReason(failure.reason)
    if failure.detail.startswith(reason.sentence):
        return UnreadableDocument(reason, failure.detail)
    return unreadable(reason, failure.detail)


class _ChildDied(Exception):
    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"its process ended with {exit_code}")
        self.exit_code = exit_code

    @property
    def killed(self) -> bool:
        return self.exit_code is not None and self.exit_code < 0


def _command(limits: ParseLimits) -> list[str]:
    return [sys.executable, "-m", "ingest.child", limits.encode()]


def _not_started(limits: ParseLimits, why: str) -> str:
    return f"the parser did not start: {why}; run {shlex.join(_command(limits))} to see more, or raise PARSE_MEMORY_MB"


class _Child:
    """One child process and the pipes to it; raises `TimeoutError` or `_ChildDied` when it does not get ready."""

    def __init__(self, limits: ParseLimits) -> None:
        self.files = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            _command(limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
            process_group=0,  # what the child starts ends with it
        )
        try:
            first = self._receive(_START_TIMEOUT_S)
            assert first == READY, first
        except BaseException:
            self.kill()
            raise

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, body: bytes, *, timeout_s: float) -> bytes:
        """The reply; raises `TimeoutError` or `_ChildDied`."""
        self.files += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(frame(body))
        except BrokenPipeError:
            raise _ChildDied(self._process.poll()) from None
        return self._receive(timeout_s)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _receive(self, timeout_s: float) -> bytes:
        deadline = time.monotonic() + timeout_s
        header = self._read(HEADER_BYTES, deadline)
        return self._read(body_length(header), deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        parts: list[bytes] = []
        while length > 0:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(self._process.stdout.fileno(), min(length, _CHUNK_BYTES))
            if not part:
                raise _ChildDied(self._process.wait())
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def _environment() -> dict[str, str]:
    """What the child needs and no more: files of strangers are read there, so keys stay out."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    packages = str(Path(__file__).parents[1])
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONPATH": packages, "DO_NOT_TRACK": "1", "PYTHONUTF8": "1"}
