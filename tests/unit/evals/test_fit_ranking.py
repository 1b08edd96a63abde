"""What the ranking learns from shortlists that are made up for it."""

from __future__ import annotations

import numpy as np
import pytest

from evals.fit.listwise import fitted
from evals.fit.shortlists import Shortlist
from evals.neutral import Split
from retrieval.features import AMONG_QUESTIONS, FEATURES
from retrieval.learned import LearnedOrder

_SEED = 20261130
_FUSED, _SENTENCE, _HEADING = (FEATURES.index(name) for name in ("fused", "sentence", "heading"))


def made(
    number: int, *, answers_by: int, far: float = 1.0, against: bool = False, unit: float = 1.0, among: float = 0.0
) -> list[Shortlist]:
    """Shortlists where the passage with most of the feature `answers_by`, up to `far`, answers; or with least of it.

    Headings are told in `unit`.
    """
    chance = np.random.default_rng(_SEED)
    lists = []
    for at in range(number):
        rows = np.zeros((8, len(FEATURES) + 1))
        rows[:, [_FUSED, _SENTENCE, _HEADING]] = chance.random((8, 3))
        counted = np.minimum(rows[:, answers_by], far) + 1e-3 * chance.random(8)
        answers = np.arange(8) == int(np.argmin(counted) if against else np.argmax(counted))
        rows[:, _HEADING] *= unit
        rows[:, AMONG_QUESTIONS] = among
        fused = rows[:, _FUSED]
        lists.append(Shortlist("made", str(at), Split.DEVELOPMENT, False, rows, fused, answers, 1, None))
    return lists


def rise(order: LearnedOrder, feature: int, low: float = 0.05, high: float = 0.95, *, among: float = 0.0) -> float:
    """By how much more the higher value of a feature says for a passage than the lower."""
    rows = np.zeros((2, len(FEATURES) + 1))
    rows[:, feature], rows[:, AMONG_QUESTIONS] = (low, high), among
    below, above = order.sums(rows)
    return float(above - below)


def test_a_feature_that_tells_what_answers_is_learned() -> None:
    order = fitted([made(300, answers_by=_SENTENCE)])
    assert rise(order, _SENTENCE) > 5 * rise(order, _HEADING)


def test_what_counts_does_not_depend_on_the_unit_of_a_feature() -> None:
    plain, large = (fitted([made(300, answers_by=_HEADING, unit=unit)]) for unit in (1.0, 40.0))
    assert rise(plain, _HEADING) > 1.0
    assert rise(large, _HEADING, 2.0, 38.0) == pytest.approx(rise(plain, _HEADING), rel=0.01)


def test_a_curve_is_flat_where_more_of_a_feature_tells_nothing() -> None:
    order = fitted([made(300, answers_by=_SENTENCE, far=0.5)])
    assert rise(order, _SENTENCE, 0.05, 0.5) > 2 * rise(order, _SENTENCE, 0.5, 0.95)


def test_no_feature_ever_speaks_against_a_passage() -> None:
    order = fitted([made(300, answers_by=_SENTENCE, against=True)])
    assert not order.prose.slopes[_SENTENCE].any()


def test_where_distance_is_dear_the_fused_score_alone_counts_and_on_a_straight_line() -> None:
    order = fitted([made(300, answers_by=_SENTENCE), made(300, answers_by=_FUSED)], caution=1e6)
    assert rise(order, _SENTENCE) == pytest.approx(0.0, abs=1e-3)
    assert order.prose.slopes[_FUSED] == pytest.approx(
        np.full_like(order.prose.slopes[_FUSED], rise(order, _FUSED) / 0.9)
    )
    assert rise(order, _FUSED) > 1.0


def test_help_pages_have_curves_of_their_own() -> None:
    order = fitted([made(300, answers_by=_SENTENCE), made(300, answers_by=_HEADING, among=1.0)])
    assert rise(order, _SENTENCE) > 5 * rise(order, _HEADING)
    assert rise(order, _HEADING, among=1.0) > 5 * rise(order, _SENTENCE, among=1.0)


def test_a_set_counts_by_the_root_of_its_size() -> None:
    small, large = made(40, answers_by=_HEADING), made(40, answers_by=_SENTENCE) * 9
    order = fitted([small, large])
    by_size = fitted([[*small, *large]])
    assert rise(order, _HEADING) / rise(order, _SENTENCE) > 1.5 * rise(by_size, _HEADING) / rise(by_size, _SENTENCE)
