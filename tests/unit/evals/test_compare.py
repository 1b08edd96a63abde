from pathlib import Path

import pytest

from core.errors import InvalidInput
from evals.compare import compare
from evals.outcome import Verdict, read_outcomes, write_outcomes
from tests.unit.evals.making import outcome

BEFORE = [outcome(f"c{n}", slices=("figure",), scores={"ndcg@10": 1.0}) for n in range(10)]


def test_equal_runs_do_not_differ() -> None:
    found = compare(BEFORE, BEFORE)
    assert (found.lost, found.won, found.p, found.changes) == (0, 0, 1.0, ())
    assert not any(one.is_certain for one in found.differences)


def test_a_worse_run_is_told_with_its_cases_the_most_harmful_first() -> None:
    after = [outcome("c0", Verdict.INCOMPLETE), *(outcome(f"c{n}", Verdict.WRONG) for n in range(1, 8)), *BEFORE[8:]]
    found = compare(BEFORE, after)
    assert (found.lost, found.won) == (8, 0)
    assert found.p == pytest.approx(2 / 2**8)
    assert [change.id for change in found.changes][-1] == "c0"
    harm = next(one for one in found.differences if (one.group, one.score) == ("all", "harm"))
    assert harm.is_worse
    assert harm.is_certain


def test_only_common_cases_are_compared() -> None:
    found = compare(BEFORE, [*BEFORE[:5], outcome("new", Verdict.WRONG)])
    assert (found.cases, found.lost) == (5, 0)
    assert "new" in found.missing
    with pytest.raises(InvalidInput, match="no case in common"):
        compare(BEFORE, [outcome("new")])


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_outcomes(tmp_path / "run.json", BEFORE, figures={"wrong": 0.0})
    assert read_outcomes(tmp_path / "run.json") == BEFORE


def test_a_score_that_is_no_number_is_neither_written_nor_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        write_outcomes(tmp_path / "run.json", [outcome("a", scores={"facts": float("nan")})])
    write_outcomes(tmp_path / "run.json", [outcome("a", scores={"facts": 0.5})])
    (tmp_path / "run.json").write_text((tmp_path / "run.json").read_text().replace("0.5", "NaN"))
    with pytest.raises(InvalidInput, match="no number"):
        read_outcomes(tmp_path / "run.json")


@pytest.mark.parametrize("text", ["", "{}", '{"cases": [{"id": "a"}]}'])
def test_a_file_without_results_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(InvalidInput, match="holds no results"):
        read_outcomes(tmp_path / "run.json")
