import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from core.errors import OutOfSpace
from core.space import is_out_of_space, space_errors


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
        ValueError('An IO error occurred: "No space left on device (os error 28)"'),
    ],
)
def test_a_full_disk_is_recognised_in_every_stores_words(error: Exception) -> None:
    with (
        pytest.raises(OutOfSpace, match="the disk is full: nothing was kept") as raised,
        space_errors("nothing was kept"),
    ):
        raise error
    assert raised.value.__cause__ is error


def test_a_cause_counts_and_another_error_passes() -> None:
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = OSError(errno.ENOSPC, "full")
    assert is_out_of_space(wrapped)
    with pytest.raises(KeyError), space_errors("nothing was kept"):
        raise KeyError("another")
