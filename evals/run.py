"""MAIN FLOW: ask every case, see what was found on the way, and judge every reply."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.types import Passage, Question, Reply
from evals.dataset import Case
from evals.metrics import TextOf, assess, failure
from evals.outcome import Outcome
from evals.replacing import replaced

if TYPE_CHECKING:
    from retrieval.query import Query
    from retrieval.retriever import HybridRetriever

__all__ = ["CASE_LIMIT_S", "Asked", "Respondent", "respondent", "run_cases"]

CASE_LIMIT_S = 20.0
"""A reply takes some 20 ms without a language model; the limit is there for what hangs. Give more to a slow model."""
_ANSWERED_FROM = 10
_MOST_HANGING = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, the passages it was made from, best first, and the seconds it took."""

    reply: Reply
    passages: tuple[Passage, ...]
    seconds: float


Respondent = Callable[[Question], Asked]


@contextmanager
def respondent(answer: Callable[[Question], Reply], retriever: HybridRetriever) -> Iterator[Respondent]:
    """`answer`, which asks `retriever`, together with what the retriever gave; until the block ends.

    Each thread sees its own: one that hangs cannot add passages to a later case.
    """
    found = threading.local()
    search = retriever.search

    def recording(query: Query) -> list[Passage]:
        passages = search(query)
        found.searches = [*getattr(found, "searches", ()), passages]
        return passages

    def ask(question: Question) -> Asked:
        found.searches = []
        began = time.perf_counter()
        reply = answer(question)
        return Asked(reply, _merged(found.searches), time.perf_counter() - began)

    with replaced((retriever, "search", recording)):
        yield ask


def run_cases(
    cases: Sequence[Case],
    ask: Respondent,
    *,
    text_of: TextOf,
    today: date,
    tell: Callable[[Outcome], None] = lambda _: None,
    limit_s: float = CASE_LIMIT_S,
) -> list[Outcome]:
    """Ask each case, as of its own day or `today`, and judge it; `tell` hears of each outcome as it comes.

    A reply that fails, or takes more than `limit_s`, is a failed case. Where several hang the rest is not asked.
    """
    outcomes = []
    hanging = 0
    for case in cases:
        if hanging >= _MOST_HANGING:
            outcome = failure(case, f"not asked: {hanging} cases before it took too long", seconds=0.0)
        else:
            outcome = _outcome(case, ask, text_of=text_of, today=today, limit_s=limit_s)
            hanging += outcome.seconds >= limit_s
        outcomes.append(outcome)
        tell(outcome)
    return outcomes


def _outcome(case: Case, ask: Respondent, *, text_of: TextOf, today: date, limit_s: float) -> Outcome:
    question = Question(case.question, as_of=case.as_of or today, jurisdiction=case.jurisdiction, history=case.history)
    began = time.perf_counter()
    try:
        asked = _within(limit_s, lambda: ask(question))
    except TimeoutError:
        return failure(case, f"no reply within {limit_s:g} s", seconds=max(limit_s, time.perf_counter() - began))
    except Exception as error:
        return failure(case, f"{type(error).__name__}: {error}", seconds=min(limit_s / 2, time.perf_counter() - began))
    return assess(case, asked.reply, passages=asked.passages, seconds=asked.seconds, text_of=text_of)


def _within(seconds: float, work: Callable[[], Asked]) -> Asked:
    """What `work` gives; raises `TimeoutError` when it takes longer, and leaves it to end by itself."""
    results: list[Asked] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="eval-case", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


def _merged(searches: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """What was found for several countries is one ranking to the person who asked."""
    if len(searches) < 2:
        return tuple(passage for passages in searches for passage in passages[:_ANSWERED_FROM])
    best: dict[str, Passage] = {}
    for passage in (passage for passages in searches for passage in passages):
        kept = best.setdefault(passage.chunk.id, passage)
        if passage.score > kept.score:
            best[passage.chunk.id] = passage
    return tuple(sorted(best.values(), key=lambda passage: -passage.score)[:_ANSWERED_FROM])
