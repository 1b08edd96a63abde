import time
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest

from core.types import Passage, Question, Reply
from evals.dataset import Case
from evals.outcome import Outcome, Verdict
from evals.run import Asked, Respondent, respondent, run_cases
from retrieval.query import Query
from tests.unit.evals.making import answer, passage, text_of

CASE = Case("a", "How long?", documents=frozenset({"uk/visit.md"}), facts=(("6 months",),))
TODAY = date(2026, 11, 20)


class _Retriever:
    """Finds what it is told to."""

    def __init__(self, *searches: list[Passage]) -> None:
        self._searches = list(searches)

    def search(self, query: Query) -> list[Passage]:
        return self._searches.pop(0)


def _asked(question: Question) -> Asked:
    return Asked(answer("Up to 6 months."), (passage("kb/uk/visit.md"),), 0.01)


def _run(ask: Respondent, *cases: Case, limit_s: float = 5.0) -> list[Outcome]:
    return run_cases(cases, ask, text_of=text_of, today=TODAY, limit_s=limit_s)


def test_each_case_is_asked_as_it_says_and_judged() -> None:
    seen: list[Question] = []

    def ask(question: Question) -> Asked:
        seen.append(question)
        return _asked(question)

    dated = Case("b", "Then?", as_of=date(2024, 1, 1), jurisdiction="GB", documents=frozenset({"uk/visit.md"}))
    outcomes = _run(ask, CASE, dated)
    assert [outcome.verdict for outcome in outcomes] == [Verdict.CORRECT, Verdict.CORRECT]
    assert [question.as_of for question in seen] == [TODAY, date(2024, 1, 1)]
    assert seen[1].jurisdiction == "GB"


def test_an_error_is_a_failed_case_and_the_others_go_on() -> None:
    def ask(question: Question) -> Asked:
        if question.text == CASE.question:
            raise RuntimeError("the index is gone")
        return _asked(question)

    broken, fine = _run(ask, CASE, Case("b", "Then?", documents=frozenset({"uk/visit.md"})))
    assert (broken.verdict, broken.why) == (Verdict.FAILED, "RuntimeError: the index is gone")
    assert fine.verdict is Verdict.CORRECT


def test_a_reply_that_takes_too_long_is_a_failed_case_and_a_hanging_system_is_given_up() -> None:
    def ask(question: Question) -> Asked:
        time.sleep(0.5)
        return _asked(question)

    outcomes = _run(ask, *(Case(f"c{n}", "Q?", documents=frozenset({"uk/visit.md"})) for n in range(6)), limit_s=0.05)
    assert {outcome.verdict for outcome in outcomes} == {Verdict.FAILED}
    assert [outcome.why.startswith("not asked") for outcome in outcomes] == [False] * 3 + [True] * 3


def _chain(retriever: _Retriever, searches: int) -> Callable[[Question], Reply]:
    def invoke(question: Question) -> Reply:
        for _ in range(searches):
            retriever.search(Query(question.text, as_of=question.as_of))
        return answer("Up to 6 months.")

    return invoke


def test_the_passages_of_a_reply_are_those_its_retriever_found() -> None:
    retriever = _Retriever([passage("kb/x.md"), passage("kb/uk/visit.md")])
    with respondent(_chain(retriever, 1), cast(Any, retriever)) as ask:
        asked = ask(Question("Q?", as_of=TODAY))
    assert [found.chunk.document_id for found in asked.passages] == ["kb/x.md", "kb/uk/visit.md"]
    assert "search" not in vars(retriever)


def test_several_searches_are_one_ranking() -> None:
    retriever = _Retriever(
        [passage("kb/x.md", score=0.2)], [passage("kb/y.md", score=0.7), passage("kb/x.md", score=0.3)]
    )
    with respondent(_chain(retriever, 2), cast(Any, retriever)) as ask:
        asked = ask(Question("Q?", as_of=TODAY))
    assert [(found.chunk.document_id, found.score) for found in asked.passages] == [("kb/y.md", 0.7), ("kb/x.md", 0.3)]


def test_the_retriever_is_its_own_again_after_an_error() -> None:
    retriever = _Retriever()
    with pytest.raises(RuntimeError), respondent(_chain(retriever, 0), cast(Any, retriever)):
        raise RuntimeError
    assert "search" not in vars(retriever)
