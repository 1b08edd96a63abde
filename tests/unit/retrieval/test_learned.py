from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval.features import FEATURES
from retrieval.learned import ARTIFACT, VERSION, RankingModel, load_ranking


def artifact(folder: Path, **changes: object) -> Path:
    path = folder / "ranking.json"
    content = {"version": VERSION, "weights": dict.fromkeys(FEATURES, 1.0), "spread": 0.1} | changes
    path.write_text(json.dumps(content))
    return path


def test_a_model_is_read_from_its_artifact(tmp_path: Path) -> None:
    model = load_ranking(artifact(tmp_path))
    assert model is not None
    assert model.weights.tolist() == [1.0] * len(FEATURES)


@pytest.mark.parametrize(
    "changes", [{"version": VERSION + 1}, {"weights": {"fused": 1.0}}, {"spread": None}, {"weights": None}]
)
def test_an_artifact_that_does_not_fit_is_left_aside(tmp_path: Path, changes: dict[str, object]) -> None:
    assert load_ranking(artifact(tmp_path, **changes)) is None


def test_a_missing_or_broken_artifact_is_left_aside(tmp_path: Path) -> None:
    assert load_ranking(tmp_path / "none.json") is None
    (tmp_path / "broken.json").write_text("{")
    assert load_ranking(tmp_path / "broken.json") is None


def test_the_best_passage_gets_the_best_fused_score_and_the_others_fall_off() -> None:
    model = RankingModel(np.array([0.0, 1.0]), spread=0.1)
    rows = np.array([[0.0, 1.0], [0.0, 3.0], [0.0, -20.0]])
    assert model.scores(rows, np.array([0.9, 0.6, 0.5])).tolist() == pytest.approx([0.7, 0.9, 0.0])


def test_the_shipped_model_fits_and_only_speaks_for_passages() -> None:
    model = load_ranking(ARTIFACT)
    assert model is not None
    assert (model.weights >= 0).all()
    assert model.weights[FEATURES.index("fused")] > 0
    assert 0 < model.spread < 1


def test_the_shipped_model_rests_on_sets_that_may_train_it() -> None:
    provenance = json.loads(ARTIFACT.read_text(encoding="utf-8"))["provenance"]
    assert {one["name"] for one in provenance["sets"]} <= {
        "doc2dial", "conditionalqa", "conditionalqa-visa-sentences", "clapnq", "wordings",
    }  # fmt: skip
    assert all(one["licence"] for one in provenance["sets"])
