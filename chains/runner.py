"""Works on turns in a bounded pool; a client that goes away does not stop a turn, Stop does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import structlog

from chains.conversation import Conversations
from chains.events import Event, Settled
from chains.stored import Ask, Turn
from chains.tables import TurnStatus
from core.errors import Conflict, Overloaded
from core.metrics import REPLIES, REPLY_SECONDS, TURNS_RUNNING
from core.tracing import span
from core.types import Abstention, Reply

__all__ = ["TurnRunner", "TurnStream"]

log = structlog.get_logger(__name__)

Listener = Callable[["Event | None"], None]


class TurnStream:
    """The events of one turn for any number of listeners, each of which gets all of them, then None."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        """As it was accepted, or as it was settled."""
        self.error: Exception | None = None
        self._events: list[Event | None] = []
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def listen(self, listener: Listener) -> None:
        """Call `listener` with what has happened and with what will, from the thread in which it happens."""
        with self._lock:
            for event in self._events:
                listener(event)
            self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def stop(self) -> None:
        """Ask the turn to end at its next step."""
        self._stop.set()

    def stopped(self) -> bool:
        return self._stop.is_set()

    def publish(self, event: Event | None) -> None:
        with self._lock:
            self._events.append(event)
            for listener in self._listeners:
                listener(event)


class TurnRunner:
    """Takes as many questions as `workers` can work on and `queue` may wait, `places` in all; more are refused."""

    def __init__(self, conversations: Conversations, *, workers: int, queue: int) -> None:
        self._conversations = conversations
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="turn")
        self.places = workers + queue
        self._free = threading.BoundedSemaphore(self.places)
        self._running: dict[str, TurnStream] = {}
        self._lock = threading.Lock()

    def ask(self, principal: str, ask: Ask) -> TurnStream:
        """Accept a question and begin to work on it; raises `Overloaded` before anything was accepted.

        A repeated idempotency key gives the stream of the turn that is there; raises `Conflict` when another process
        is still working on that one.
        """
        if not self._free.acquire(blocking=False):
            raise Overloaded("more questions are waiting than can be answered soon; try again in a moment")
        try:
            turn, created = self._conversations.accept(principal, ask)
        except BaseException:
            self._free.release()
            raise
        if created:
            return self._start(turn)
        self._free.release()
        return self._rejoin(turn)

    def stream(self, turn_id: str) -> TurnStream | None:
        """The stream of a turn that is being worked on here."""
        with self._lock:
            return self._running.get(turn_id)

    def is_busy(self) -> bool:
        """Whether a question is being worked on, or waits for it."""
        return bool(self._running)

    def close(self) -> None:
        """Stop taking questions and let the accepted ones end."""
        self._pool.shutdown(wait=True)

    def _start(self, turn: Turn) -> TurnStream:
        stream = TurnStream(turn)
        with self._lock:
            self._running[turn.id] = stream
        TURNS_RUNNING.inc()
        self._pool.submit(copy_context().run, self._work, stream)
        return stream

    def _rejoin(self, turn: Turn) -> TurnStream:
        if running := self.stream(turn.id):
            return running
        if turn.status is TurnStatus.ACCEPTED:
            raise Conflict(f"this question is already being answered; read it at /turns/{turn.id} in a moment")
        stream = TurnStream(turn)
        stream.publish(None)
        return stream

    def _work(self, stream: TurnStream) -> None:
        began = time.perf_counter()
        try:
            with span("turn", {"assistant.turn_id": stream.turn.id}):
                for event in self._conversations.answer(stream.turn, cancelled=stream.stopped):
                    if isinstance(event, Settled):
                        _count(event.reply, time.perf_counter() - began)
                        stream.turn = stream.turn.settled(event.reply)
                    stream.publish(event)
        except Exception as error:
            log.exception("turn.failed", turn_id=stream.turn.id)
            stream.error = error
        finally:
            with self._lock:
                self._running.pop(stream.turn.id, None)
            self._free.release()
            TURNS_RUNNING.dec()
            stream.publish(None)


def _count(reply: Reply, seconds: float) -> None:
    REPLIES.labels(reply.reason.value if isinstance(reply, Abstention) else reply.mode.value).inc()
    REPLY_SECONDS.observe(seconds)
