from pathlib import Path

import pytest
import yaml

from core.errors import InvalidInput
from evals.baseline import drift, fallen_behind, load_baseline, write_baseline
from evals.dataset import Slice
from evals.outcome import Verdict
from evals.thresholds import Thresholds, failed_thresholds, load_thresholds, met_by, propose
from tests.unit.evals.making import outcome

RIGHT = [outcome("a", slices=("figure",)), outcome("b", slices=("absent",), answerable=False)]
ONE_WRONG = [RIGHT[0], outcome("b", Verdict.WRONG, slices=("absent",), answerable=False)]


def _thresholds(tmp_path: Path, text: str) -> Thresholds:
    path = tmp_path / "thresholds.yaml"
    path.write_text(text)
    return load_thresholds(path)


def test_the_gate_closes_on_wrong_answers(tmp_path: Path) -> None:
    thresholds = _thresholds(tmp_path, "wrong: {most: 0.4}\ncorrect: {least: 0.5}\n")
    assert failed_thresholds(RIGHT, thresholds) == []
    assert failed_thresholds(ONE_WRONG, thresholds) == ["wrong is 0.500, at most 0.4 is allowed"]


def test_a_slice_has_bounds_of_its_own(tmp_path: Path) -> None:
    thresholds = _thresholds(tmp_path, "wrong: {most: 0.6}\nslices: {absent: {wrong: {most: 0.2}}}\n")
    assert failed_thresholds(ONE_WRONG, thresholds) == ["absent: wrong is 1.000, at most 0.2 is allowed"]


def test_a_figure_without_a_value_does_not_pass(tmp_path: Path) -> None:
    thresholds = _thresholds(tmp_path, "section_recall: {least: 0.1}\n")
    assert "no value" in failed_thresholds(RIGHT, thresholds)[0]


def test_a_bounded_slice_without_cases_is_an_error(tmp_path: Path) -> None:
    thresholds = _thresholds(tmp_path, "slices: {language: {wrong: {most: 0.2}}}\n")
    with pytest.raises(InvalidInput, match="language"):
        failed_thresholds(RIGHT, thresholds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("brilliance: {least: 1}\n", "brilliance"),
        ("slices: {brilliant: {wrong: {most: 1}}}\n", "brilliant"),
        ("slices: {absent: {brilliance: {most: 1}}}\n", "brilliance"),
        ("wrong: 0.2\n", "wrong"),
        ("wrong: {}\n", "wrong"),
        ("wrong: {mots: 0.2}\n", "mots"),
        ("against_baseline: {brilliance: 1}\n", "brilliance"),
        ("[wrong]\n", "list"),
        ("wrong: {most: 0.2\n", "YAML"),
    ],
)
def test_a_bound_on_nothing_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        _thresholds(tmp_path, text)


def test_what_a_run_proposes_it_passes_and_a_worse_one_does_not(tmp_path: Path) -> None:
    group = [outcome(str(n), slices=(Slice.FIGURE,), scores={"ndcg@10": 1.0}) for n in range(20)]
    thresholds = _thresholds(tmp_path, yaml.safe_dump(propose(group, margin=0.02)))
    assert failed_thresholds(group, thresholds) == []
    worse = [*group[2:], outcome("0", Verdict.WRONG, slices=(Slice.FIGURE,)), outcome("1", Verdict.WRONG)]
    assert failed_thresholds(worse, thresholds) != []


def test_bounds_that_a_run_does_not_meet_can_be_left_out(tmp_path: Path) -> None:
    thresholds = _thresholds(tmp_path, "wrong: {most: 0.1}\nfailed: {most: 0}\nslices: {form: {wrong: {most: 0}}}\n")
    kept = met_by(ONE_WRONG, thresholds)
    assert [bound.figure for bound in kept.overall] == ["failed"]
    assert failed_thresholds(ONE_WRONG, kept) == []


def test_the_shipped_thresholds_can_be_read() -> None:
    assert load_thresholds().overall


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert load_baseline(path) is None
    write_baseline(ONE_WRONG, path)
    baseline = load_baseline(path)
    assert baseline is not None
    assert baseline.verdicts == {"a": Verdict.CORRECT, "b": Verdict.WRONG}
    assert baseline.figures["wrong"] == 0.5
    assert "p95_ms" not in baseline.figures


def test_a_broken_baseline_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text('{"figures": {}, "slices": {}, "verdicts": {"a": "brilliant"}}')
    with pytest.raises(InvalidInput, match="brilliant"):
        load_baseline(tmp_path / "baseline.json")


def test_the_drift_since_the_baseline(tmp_path: Path) -> None:
    write_baseline(RIGHT, tmp_path / "baseline.json")
    baseline = load_baseline(tmp_path / "baseline.json")
    assert baseline is not None
    found = drift([*ONE_WRONG[1:], outcome("new", Verdict.WRONG)], baseline)
    assert (found.worse, found.better, found.new, found.gone, found.harm) == (("b",), (), ("new",), ("a",), 1.0)


def test_falling_behind_the_baseline_closes_the_gate(tmp_path: Path) -> None:
    write_baseline([*RIGHT, outcome("c", scores={"ndcg@10": 0.9})], tmp_path / "baseline.json")
    baseline = load_baseline(tmp_path / "baseline.json")
    assert baseline is not None
    allowed = {"harm": 0.01, "ndcg@10": 0.05}
    assert fallen_behind([*RIGHT, outcome("c", scores={"ndcg@10": 0.86})], baseline, allowed) == []
    assert fallen_behind([*RIGHT, outcome("c", scores={"ndcg@10": 0.8})], baseline, allowed) == [
        "ndcg@10 is 0.800, the baseline has 0.900 and 0.05 may be lost"
    ]
    assert "worse are 1 cases, as b" in fallen_behind(ONE_WRONG, baseline, allowed)[0]
