"""How long another server asks to be left alone: `Retry-After` as seconds or as a date."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["LONGEST_S", "retry_after_s", "wait_s"]

LONGEST_S = timedelta(days=7).total_seconds()
"""A server that asks for a longer wait is taken for one that made a mistake."""


def retry_after_s(value: str | None, *, now: datetime) -> float | None:
    """Seconds from `now`, never negative and a week at most; None when nothing was said that can be read.

    RFC 9110, section 10.2.3.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_S)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_S)


def wait_s(value: str | None) -> int | None:
    """Whole seconds from now, rounded up; None when nothing was said that can be read."""
    seconds = retry_after_s(value, now=datetime.now(UTC))
    return None if seconds is None else math.ceil(seconds)
