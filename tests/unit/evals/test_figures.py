import math

import pytest

from evals.figures import FIGURES, LOWER_IS_BETTER, by_slice, figures_of, reasons_of
from evals.outcome import Verdict
from tests.unit.evals.making import outcome

MIXED = [
    outcome("a", slices=("figure",), scores={"facts": 1.0, "hit@1": 1.0}),
    outcome("b", Verdict.WRONG, slices=("figure", "form"), confidence=0.9, scores={"facts": 0.0, "hit@1": 0.0}),
    outcome("c", Verdict.NEEDLESS_REFUSAL, confidence=0.2),
    outcome("d", answerable=False, slices=("absent",), confidence=0.1, found=False),
    outcome("e", Verdict.WRONG, answerable=False, slices=("absent",), confidence=0.6, found=False),
]


def test_shares_are_over_the_cases_they_concern() -> None:
    figures = figures_of(MIXED)
    assert figures["wrong"] == 0.4
    assert figures["correct_answers"] == pytest.approx(1 / 3)
    assert figures["correct_refusals"] == 0.5
    assert figures["refusal_precision"] == 0.5
    assert figures["hit@1"] == 0.5
    assert figures["harm"] == pytest.approx((1 + 0.25 + 1) / 5)


def test_a_figure_that_concerns_no_case_has_no_value() -> None:
    figures = figures_of(MIXED[:1])
    assert figures["correct_refusals"] is None
    assert figures["section_recall"] is None


def test_every_figure_is_given_and_known() -> None:
    assert set(figures_of(MIXED)) == set(FIGURES)
    assert set(FIGURES) >= LOWER_IS_BETTER
    with pytest.raises(ValueError, match="no outcomes"):
        figures_of([])


def test_the_surest_being_wrong_shows_in_the_risk() -> None:
    sure_and_wrong = [outcome("a", confidence=0.5), outcome("b", Verdict.WRONG, confidence=0.9)]
    sure_and_right = [outcome("a", confidence=0.9), outcome("b", Verdict.WRONG, confidence=0.5)]
    assert (figures_of(sure_and_wrong)["risk_at_half"], figures_of(sure_and_right)["risk_at_half"]) == (1.0, 0.0)


def test_a_case_stands_in_each_of_its_slices() -> None:
    assert {name: [one.id for one in group] for name, group in by_slice(MIXED).items()} == {
        "absent": ["d", "e"], "figure": ["a", "b"], "form": ["b"],
    }  # fmt: skip


def test_refusals_by_reason() -> None:
    precision, recall, cases = reasons_of(MIXED)["not_covered"]
    assert (precision, recall, cases) == (0.5, 0.5, 2)


def test_a_case_without_reply_counts_as_wrong() -> None:
    figures = figures_of([outcome("a", Verdict.FAILED, confidence=None)])
    assert (figures["failed"], figures["harm"], figures["correct"]) == (1.0, 1.0, 0.0)
    assert not any(isinstance(value, float) and math.isnan(value) for value in figures.values())
