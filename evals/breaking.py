"""How the running system is broken for a while: at its questions, its searches, its replies and what they read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from core.types import Answer, Passage, Question, Reply
from evals.regressions import Subject
from evals.replacing import replaced
from retrieval.query import Query
from retrieval.reader import StoreReader

__all__ = [
    "Broken", "answers", "asking", "reading_otherwise", "reordered", "replying", "searching", "tokenising_otherwise",
]  # fmt: skip

Broken = AbstractContextManager[None]


def asking(subject: Subject, change: Callable[[Question], Question]) -> Broken:
    """Every question is changed before anything looks at it."""
    events = subject.chain.events
    return replaced((subject.chain, "events", lambda question, **more: events(change(question), **more)))


def searching(
    subject: Subject, *, before: Callable[[Query], Query] | None = None,
    after: Callable[[list[Passage]], list[Passage]] | None = None,
) -> Broken:  # fmt: skip
    """Every query is changed before the search, or its passages after it."""
    search = subject.retriever.search

    def broken(query: Query) -> list[Passage]:
        passages = search(before(query) if before else query)
        return after(passages) if after else passages

    return replaced((subject.retriever, "search", broken))


def replying(subject: Subject, change: Callable[[Reply], Reply]) -> Broken:
    """Every reply is changed on its way out."""
    invoke = subject.chain.invoke
    return replaced((subject.chain, "invoke", lambda *given, **more: change(invoke(*given, **more))))


def answers(subject: Subject, change: Callable[[Answer], Reply]) -> Broken:
    return replying(subject, lambda reply: change(reply) if isinstance(reply, Answer) else reply)


def reordered(passages: list[Passage], order: Sequence[int]) -> list[Passage]:
    """The passages in another order; the scores stay at their places, best first."""
    return [replace(passages[at], score=passage.score) for at, passage in zip(order, passages, strict=True)]


@contextmanager
def tokenising_otherwise(*changes: tuple[object, str, object]) -> Iterator[None]:
    """Terms that were kept from before would hide the change, and those of the change would outlive it."""
    modules = [module for name, module in [*sys.modules.items()] if name.startswith(("chains.", "retrieval."))]
    kept = [value for module in modules for value in vars(module).values() if hasattr(value, "cache_clear")]
    for function in kept:
        function.cache_clear()
    with replaced(*changes):
        yield
    for function in kept:
        function.cache_clear()


@contextmanager
def reading_otherwise(subject: Subject, *changes: tuple[object, str, object]) -> Iterator[None]:
    """What may be seen is decided by statements that were built with `changes` in place."""
    with replaced(*changes):
        other = StoreReader(subject.store._database)
    with replaced((subject.store, "visible", other.visible)):
        yield
