"""Which of several things make a whole fail, found by leaving them out in halves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["culprits"]

T = TypeVar("T")


def culprits(suspects: Sequence[T], passes: Callable[[Sequence[T]], bool]) -> list[T]:
    """The fewest that have to be left out for the rest to pass, each found with some log2(n) tries.

    Of several that fail only together, the later ones are left out.
    """
    found: list[T] = []
    left = list(suspects)
    while left and not passes(left):
        one = _first(left, passes)
        found.append(left[one])
        del left[one]
    return found


def _first(suspects: Sequence[T], passes: Callable[[Sequence[T]], bool]) -> int:
    """The index at which the shortest beginning that fails ends."""
    low, high = 0, len(suspects)  # the first `low` pass, the first `high` fail
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if passes(suspects[:middle]) else (low, middle)
    return high - 1
