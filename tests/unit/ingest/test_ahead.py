from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest.ahead import ahead


def test_gives_the_same_items_in_order() -> None:
    assert list(ahead(iter(range(50)), depth=3)) == list(range(50))


def test_is_never_further_ahead_than_allowed() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    items = ahead(numbers(), depth=2)
    for number in items:
        assert len(made) <= number + 1 + 2 + 2  # taken, waiting, and the one at hand


def test_an_error_is_raised_after_the_items_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    items = ahead(broken(), depth=2)
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_closing_it_ends_the_thread() -> None:
    before = threading.active_count()
    items = ahead(iter(range(1000)), depth=2)
    next(items)
    items.close()
    assert threading.active_count() == before
