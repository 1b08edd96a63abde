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

    def pump() -> None:
        try:
            for piece in open_stream():
                if abandoned.is_set():
                    return
                pieces.put(piece)
        except Exception as error:  # handed to the caller's thread, which raises it
            pieces.put(error)
        else:
            pieces.put(_End())

    threading.Thread(target=contextvars.copy_context().run, args=(pump,), name="model-stream", daemon=True).start()
    began = last = clock()
    wait_s = limits.first_s
    try:
        while not cancelled():
            due = min(last + wait_s, began + limits.whole_s)
            try:
                piece = pieces.get(timeout=max(0.0, min(_LOOK_S, due - clock())))
            except queue.Empty:
                if clock() >= due:
                    raise TooSlow(_late(clock() - began, due >= began + limits.whole_s)) from None
                continue
            if isinstance(piece, _End):
                return
            if isinstance(piece, Exception):
                raise piece
            if clock() >= began + limits.whole_s:
                raise TooSlow(_late(clock() - began, True))
            yield piece
            last, wait_s = clock(), limits.stall_s
    finally:
        abandoned.set()


def _late(seconds: float, whole: bool) -> str:
    what = "did not finish its answer" if whole else "fell silent"
    return f"The language model {what} within {seconds:.1f} s; LLM_TIMEOUT_S and LLM_STALL_S set the limits"
