"""How the status of an HTTP answer is told apart: later, or never."""

from __future__ import annotations

__all__ = ["is_transient_status"]

_TRANSIENT = frozenset({408, 425, 429})


def is_transient_status(status: int) -> bool:
    """Whether the same request may succeed later: timeout, too early, too many, or the server's own failure."""
    return status in _TRANSIENT or status >= 500
