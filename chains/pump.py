"""A blocking stream under a clock: it is read in a thread of its own, so that no server can hold its caller up."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from core.errors import ModelUnavailable

__all__ = ["Limits", "TooSlow", "timed"]

T = TypeVar("T")

_LOOK_S = 0.05
"""How often a waiting caller looks whether it was cancelled; a person feels no delay below 0.1 s."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until the first piece, between two pieces, and for all of it."""

    first_s: float
    stall_s: float
    whole_s: float


class TooSlow(ModelUnavailable):
    """A limit of time passed; asking again at once would only make a person wait as long again."""


class _End:
    """Put after the last piece."""


def timed(
    open_stream: Callable[[], Iterable[T]],
    limits: Limits,
    *,
    cancelled: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[T]:
    """The stream's pieces as they come; raises its error, or TooSlow when a limit passes; ends when cancelled."""
    pieces: queue.SimpleQueue[T | Exception | _End] = queue.SimpleQueue()
    abandoned = threading.Event()
    run = contextvars.copy_context().run
    threading.Thread(target=run, args=(_pump, open_stream, pieces, abandoned), name="model-stream", daemon=True).start()
    end = clock() + limits.whole_s
    due = min(clock() + limits.first_s, end)
    try:
        while not cancelled():
            piece = _next(pieces, due - clock())
            if clock() >= due:
                raise TooSlow(_late(limits, whole=due == end))
            if piece is None:
                continue
            if isinstance(piece, _End):
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
            due = min(clock() + limits.stall_s, end)
    finally:
        abandoned.set()


def _pump(
    open_stream: Callable[[], Iterable[T]], pieces: queue.SimpleQueue[T | Exception | _End], abandoned: threading.Event
) -> None:
    try:
        for piece in open_stream():
            if abandoned.is_set():
                return
            pieces.put(piece)
    except Exception as error:  # handed to the caller's thread, which raises it
        pieces.put(error)
    else:
        pieces.put(_End())


def _next(pieces: queue.SimpleQueue[T | Exception | _End], left_s: float) -> T | Exception | _End | None:
    try:
        return pieces.get(timeout=max(0.0, min(_LOOK_S, left_s)))
    except queue.Empty:
        return None


def _late(limits: Limits, *, whole: bool) -> str:
    if whole:
        return f"The language model did not finish its answer in time; {limits.whole_s:.1f} s were left (LLM_TIMEOUT_S)"
    return f"The language model fell silent for {limits.stall_s:.1f} s or more; LLM_STALL_S sets the limit"
