"""Work that runs ahead of its consumer, by a bounded number of items."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

__all__ = ["ahead"]

T = TypeVar("T")

_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


def ahead(items: Iterator[T], *, depth: int) -> Generator[T, None, None]:
    """The same items, made in a thread of their own that is at most `depth` items ahead; its errors are raised here.

    Closing the iterator stops the thread after the item at hand.
    """
    queue: Queue[_Item[T] | _End] = Queue(maxsize=depth)
    stopped = Event()
    thread = Thread(target=_produce, args=(items, queue, stopped), name="ingest-ahead", daemon=True)
    thread.start()
    try:
        while isinstance(entry := queue.get(), _Item):
            yield entry.value
        if entry.error is not None:
            raise entry.error
    finally:
        stopped.set()
        thread.join()


def _produce(items: Iterator[T], queue: Queue[_Item[T] | _End], stopped: Event) -> None:
    end = _End()
    try:
        for item in items:
            if not _put(queue, _Item(item), stopped):
                break
    except BaseException as error:
        end = _End(error)
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()
        _put(queue, end, stopped)


def _put(queue: Queue[_Item[T] | _End], entry: _Item[T] | _End, stopped: Event) -> bool:
    while not stopped.is_set():
        try:
            queue.put(entry, timeout=_POLL_S)
        except Full:
            continue
        return True
    return False
