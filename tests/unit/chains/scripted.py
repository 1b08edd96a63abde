"""A chain that says what it is told to, so that turns can be tested without documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chains.answer import AnswerChain
from chains.events import Doing, Event, Settled, Status
from core.types import Abstention, AbstentionReason, Question

REFUSED = Abstention(AbstentionReason.NOT_COVERED, "Not covered.", ("Ask a person.",), 0.1)


class ScriptedChain(AnswerChain):
    """Gives a status, calls `during`, then settles with a refusal; remembers what it was asked."""

    def __init__(self, during: Callable[[], None] = lambda: None, *, refused: Abstention = REFUSED) -> None:
        self.asked: list[Question] = []
        self._during = during
        self._refused = refused

    def events(self, question: Question, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        self.asked.append(question)
        yield Status(Doing.LOOKING)
        self._during()
        if not cancelled():
            yield Settled(self._refused)
