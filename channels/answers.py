"""How the status of an HTTP answer is told apart: later, or never."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from core.retry_after import retry_after_s

__all__ = ["is_transient_status", "wait_s"]

_TRANSIENT = frozenset({408, 425, 429})


def is_transient_status(status: int) -> bool:
    """Whether the same request may succeed later: timeout, too early, too many, or the server's own failure."""
    return status in _TRANSIENT or status >= 500


def wait_s(retry_after: str | None) -> int | None:
    """Whole seconds of a `Retry-After`, rounded up; None when nothing was said that can be read."""
    seconds = retry_after_s(retry_after, now=datetime.now(UTC))
    return None if seconds is None else math.ceil(seconds)
