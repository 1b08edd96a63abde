from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval.features import FEATURES
from retrieval.learned import ARTIFACT, VERSION, Curves, Floats, LearnedOrder, RankingModel, load_ranking

CURVE = {"knots": [0.5, 1.0], "slopes": [1.0, 2.0, 0.0]}
CURVES = dict.fromkeys(FEATURES, CURVE)


def artifact(folder: Path, **changes: object) -> Path:
    path = folder / "ranking.json"
    content = {"version": VERSION, "curves": {"prose": CURVES, "questions": CURVES}, "spread": 0.1} | changes
    path.write_text(json.dumps(content))
    return path


def both(curve: object) -> dict[str, object]:
    return {"curves": {"prose": CURVES, "questions": dict.fromkeys(FEATURES, curve)}}


def test_a_model_is_read_from_its_artifact(tmp_path: Path) -> None:
    model = load_ranking(artifact(tmp_path))
    assert model is not None
    for curves in (model.order.prose, model.order.questions):
        assert curves.knots.tolist() == [CURVE["knots"]] * len(FEATURES)
        assert curves.slopes.tolist() == [CURVE["slopes"]] * len(FEATURES)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": VERSION + 1},
        {"curves": None},
        {"curves": {"prose": CURVES}},
        {"curves": {"prose": CURVES, "questions": {"fused": CURVE}}},
        {"curves": {"prose": CURVES, "questions": CURVES | {"fused": {"knots": [0.5], "slopes": [1.0, 2.0]}}}},
        both(CURVE | {"slopes": [1.0, 2.0]}),
        both({"knots": 0.5, "slopes": 1.0}),
        both({"knots": [[0.5], [1.0]], "slopes": CURVE["slopes"]}),
        both({"knots": CURVE["knots"]}),
        both(CURVE | {"knots": [1.0, 0.5]}),
        both(CURVE | {"slopes": [1.0, -2.0, 0.0]}),
        both(CURVE | {"slopes": [1.0, None, 0.0]}),
        both(CURVE | {"knots": [0.5, float("nan")]}),
        both(CURVE | {"slopes": [1.0, 10**400, 0.0]}),
        {"spread": None},
        {"spread": 0.0},
        {"spread": float("nan")},
        {"spread": float("inf")},
    ],
)
def test_an_artifact_that_does_not_fit_is_left_aside(tmp_path: Path, changes: dict[str, object]) -> None:
    assert load_ranking(artifact(tmp_path, **changes)) is None


def test_a_missing_or_broken_artifact_is_left_aside(tmp_path: Path) -> None:
    assert load_ranking(tmp_path / "none.json") is None
    (tmp_path / "broken.json").write_text("{")
    assert load_ranking(tmp_path / "broken.json") is None


def straight(*weights: float) -> Curves:
    """Curves of all features without a bend; of those that are not given, nothing counts."""
    told = np.array([*weights, *[0.0] * (len(FEATURES) - len(weights))])
    return Curves(np.zeros((len(FEATURES), 0)), told[:, None])


def rows_of(*firsts: float, among: float = 0.0) -> Floats:
    """Rows with these values of the first feature, 1 of the second and nothing of the others."""
    rows = np.zeros((len(firsts), len(FEATURES) + 1))
    rows[:, 0], rows[:, 1], rows[:, -1] = firsts, 1.0, among
    return rows


def test_the_best_passage_gets_the_best_fused_score_and_the_others_fall_off() -> None:
    model = RankingModel(LearnedOrder(straight(1.0, 5.0), straight()), spread=0.1)
    scores = model.scores(rows_of(1.0, 3.0, -20.0), np.array([0.9, 0.6, 0.5]))
    assert scores.tolist() == pytest.approx([0.7, 0.9, 0.0])


@pytest.mark.parametrize(("among", "expected"), [(0.0, [2.0, 4.0]), (1.0, [10.0, 20.0]), (0.25, [4.0, 8.0])])
def test_what_is_mixed_takes_its_shares_of_both_curves(among: float, expected: list[float]) -> None:
    order = LearnedOrder(straight(2.0), straight(10.0))
    assert order.sums(rows_of(1.0, 2.0, among=among)).tolist() == pytest.approx(expected)


def test_a_curve_rises_by_its_slopes_before_between_and_after_its_knots() -> None:
    curves = Curves(np.array([[0.5, 1.0]]), np.array([[1.0, 2.0, 0.0]]))
    values = np.array([[-1.0], [0.0], [0.5], [0.75], [1.0], [9.0]])
    assert curves.sums(values).tolist() == pytest.approx([-1.0, 0.0, 0.5, 1.0, 1.5, 1.5])


def test_curves_of_several_features_add_up_whatever_their_knots() -> None:
    curves = Curves(np.array([[0.5, 1.0], [-2.0, -2.0]]), np.array([[1.0, 2.0, 0.0], [3.0, 7.0, 0.5]]))
    first = [float(np.interp(value, [-9, 0.5, 1, 9], [-9, 0.5, 1.5, 1.5])) for value in (0.2, 0.8)]
    second = [float(np.interp(value, [-9, -2, 9], [-27, -6, -0.5])) for value in (-3.0, 1.0)]
    rows = np.array([[0.2, -3.0], [0.8, 1.0]])
    assert curves.sums(rows).tolist() == pytest.approx([first[0] + second[0], first[1] + second[1]])


def test_the_shipped_model_fits_and_only_speaks_for_passages() -> None:
    model = load_ranking(ARTIFACT)
    assert model is not None
    for curves in (model.order.prose, model.order.questions):
        assert curves.slopes[FEATURES.index("fused")].all()
    assert 0 < model.spread < 1


def test_the_shipped_model_rests_on_sets_that_may_train_it() -> None:
    provenance = json.loads(ARTIFACT.read_text(encoding="utf-8"))["provenance"]
    assert {one["name"] for one in provenance["sets"]} <= {
        "doc2dial", "conditionalqa", "conditionalqa-visa-sentences", "clapnq", "wordings",
    }  # fmt: skip
    assert all(one["licence"] for one in provenance["sets"])
