"""A full disk, told in words: each store says it in its own way."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import OutOfSpace

__all__ = ["is_out_of_space", "space_errors"]

_SAYINGS = ("disk is full", "no space left", "disk quota", "could not extend file")
"""SQLite, the operating system in any library's words, a quota, and PostgreSQL."""


@contextmanager
def space_errors(consequence: str) -> Iterator[None]:
    """Raise `OutOfSpace`, with what it means and what to do, in place of any error of a full disk; others pass."""
    try:
        yield
    except Exception as error:
        if is_out_of_space(error):
            raise OutOfSpace(f"the disk is full: {consequence}") from error
        raise


def is_out_of_space(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, stands for a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(saying in str(error).lower() for saying in _SAYINGS):
            return True
        error = error.__cause__ or error.__context__
    return False
