"""Every seeded breakage can be applied to the built application, breaks it where it should, and leaves it whole."""

from __future__ import annotations

import pytest

from api.application import Application
from api.evaluating import Evaluated
from evals.breakages import BREAKAGES
from evals.dataset import Case, load_cases
from evals.figures import figures_of
from evals.outcome import Outcome
from evals.regressions import Breakage, Subject

_TELLING = {
    "quotes-off-by-one": "quotes_exact",
    "wrong-citations": "quotes_exact",
    "sentences-by-lot": "facts",
    "words-lost": "facts",
    "verifier-skipped": "facts",
    "wrong-country": "hit@1",
    "embeddings-shuffled": "ndcg@10",
    "ranking-reversed": "hit@1",
}
"""Breakages that a few cases show, and the figure that shows them."""


@pytest.fixture(scope="module")
def subject(knowledgeable: Application) -> Subject:
    return Subject(knowledgeable.chain, knowledgeable.retriever, knowledgeable.store)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case for case in load_cases() if case.id.startswith(("first-00", "first-04", "first-08"))]


@pytest.fixture(scope="module")
def sound(knowledgeable: Application, cases: list[Case]) -> list[Outcome]:
    return Evaluated(knowledgeable).run(cases)


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_breakage_breaks_and_is_undone(
    breakage: Breakage, knowledgeable: Application, subject: Subject, cases: list[Case], sound: list[Outcome]
) -> None:
    evaluated = Evaluated(knowledgeable)
    with breakage.apply(subject):
        broken = evaluated.run(cases)
    assert {outcome.id for outcome in broken} == {case.id for case in cases}
    assert figures_of(broken)["failed"] == 0
    if figure := _TELLING.get(breakage.name):
        assert (figures_of(broken)[figure] or 0.0) < (figures_of(sound)[figure] or 0.0)
    whole = evaluated.run(cases[:3])
    assert [outcome.text for outcome in whole] == [outcome.text for outcome in sound[:3]]


def test_no_two_breakages_have_one_name() -> None:
    assert len({breakage.name for breakage in BREAKAGES}) == len(BREAKAGES) >= 22


def test_replies_are_judged_with_their_passages_and_quotes(sound: list[Outcome]) -> None:
    figures = figures_of(sound)
    assert figures["failed"] == 0
    assert figures["quotes_exact"] == 1
    assert (figures["hit@5"] or 0) > 0.8
