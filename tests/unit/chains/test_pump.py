import threading
from collections.abc import Iterator

import pytest

from chains.pump import Limits, TooSlow, timed

PATIENT = Limits(first_s=5, stall_s=5, whole_s=5)


def _never() -> bool:
    return False


def test_pieces_come_through_in_order() -> None:
    assert list(timed(lambda: iter("abc"), PATIENT, cancelled=_never)) == ["a", "b", "c"]


def test_an_error_is_raised_where_the_stream_is_read() -> None:
    def broken() -> Iterator[str]:
        yield "a"
        raise KeyError("lost")

    stream = timed(broken, PATIENT, cancelled=_never)
    assert next(stream) == "a"
    with pytest.raises(KeyError, match="lost"):
        next(stream)


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(0.05, 5, 5), "silent"), (Limits(5, 5, 0.05), "finish")],
)
def test_a_silent_stream_holds_nobody_up(limits: Limits, said: str) -> None:
    release = threading.Event()

    def silent() -> Iterator[str]:
        release.wait(10)
        yield "late"

    with pytest.raises(TooSlow, match=said):
        list(timed(silent, limits, cancelled=_never))
    release.set()


def test_who_cancels_waits_for_nothing() -> None:
    release = threading.Event()

    def silent() -> Iterator[str]:
        release.wait(10)
        yield "late"

    asked = iter([False, False])
    assert list(timed(silent, PATIENT, cancelled=lambda: next(asked, True))) == []
    release.set()
