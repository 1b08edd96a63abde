import pytest

from evals.statistics import (
    aurc,
    bootstrap_interval,
    calibration,
    expected_calibration_error,
    kappa,
    mcnemar_exact,
    paired_bootstrap,
    risk_at_coverage,
)


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [1.0] * 70 + [0.0] * 30
    low, high = bootstrap_interval(values)
    assert 0.55 < low < 0.7 < high < 0.85
    assert bootstrap_interval(values) == (low, high)


def test_more_cases_give_a_narrower_interval() -> None:
    few, many = (bootstrap_interval([1.0, 0.0] * n) for n in (10, 500))
    assert many[1] - many[0] < few[1] - few[0]


def test_a_constant_difference_is_no_chance_and_none_is() -> None:
    assert paired_bootstrap([0.1] * 50).p < 0.01
    assert paired_bootstrap([0.1, -0.1] * 50).p > 0.5
    assert paired_bootstrap([0.0] * 50).p == 1.0


@pytest.mark.parametrize(
    ("worse", "better", "p"), [(0, 0, 1.0), (5, 5, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (1, 9, 0.021484375)]
)
def test_mcnemar_is_the_two_sided_binomial(worse: int, better: int, p: float) -> None:
    assert mcnemar_exact(worse, better) == pytest.approx(p)


def test_kappa_takes_off_what_chance_would_agree_on() -> None:
    assert kappa([True, True, False, False], [True, True, False, False]) == 1.0
    assert kappa([True, True, False, False], [True, False, True, False]) == 0.0
    assert kappa([True, True], [True, True]) is None
    with pytest.raises(ValueError, match="cannot be compared"):
        kappa([True], [])


def test_risk_rises_when_the_wrong_come_last() -> None:
    assert risk_at_coverage([0.9, 0.5, 0.7], [False, True, False]) == pytest.approx([0.0, 0.0, 1 / 3])
    assert risk_at_coverage([0.5, 0.5], [True, False]) == [0.5, 0.5]


def test_sure_of_what_is_wrong_costs_more() -> None:
    honest, proud = aurc([0.9, 0.1], [False, True]), aurc([0.1, 0.9], [False, True])
    assert honest is not None
    assert proud is not None
    assert honest < proud
    assert aurc([], []) is None


def test_calibration_is_the_distance_between_said_and_was() -> None:
    said, was = [0.9] * 10, [True] * 6 + [False] * 4
    assert expected_calibration_error(said, was) == pytest.approx(0.3)
    (only,) = calibration([*said, 1.0], [*was, True])
    assert only.count == 11
    assert only.share == pytest.approx(7 / 11)
    assert expected_calibration_error([], []) is None
