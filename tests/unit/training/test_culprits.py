"""Which of several make a whole fail."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from training.culprits import culprits


@pytest.mark.parametrize("bad", [set(), {0}, {99}, {3, 4}, {0, 50, 99}, set(range(100))])
def test_finds_exactly_those_that_fail_by_themselves(bad: set[int]) -> None:
    assert set(culprits(range(100), lambda some: not bad & set(some))) == bad


def test_of_two_that_fail_only_together_one_is_left_out() -> None:
    assert culprits(range(20), lambda some: not {4, 11} <= set(some)) == [11]


def test_one_culprit_among_five_hundred_takes_some_ten_tries() -> None:
    tries = 0

    def passes(some: Sequence[int]) -> bool:
        nonlocal tries
        tries += 1
        return 321 not in some

    assert culprits(range(500), passes) == [321]
    assert tries <= 12
