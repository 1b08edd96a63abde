from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.retry_after import retry_after_s

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WEEK_S = 7 * 24 * 3600


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 20 Nov 2026 12:05:00 GMT", 300),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("Friday, 20-Nov-26 12:05:00 GMT", 300),
        ("Fri, 20 Nov 2026 12:05:00 -0000", 300),
        ("99999999999999999999", WEEK_S),
        ("Fri, 20 Nov 2099 12:05:00 GMT", WEEK_S),
    ],
)
def test_reads_seconds_and_dates(value: str, seconds: float) -> None:
    assert retry_after_s(value, now=NOW) == seconds


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "Fri, 99 Nov 2026 12:05:00 GMT", "٣"])
def test_what_cannot_be_read_says_nothing(value: str | None) -> None:
    assert retry_after_s(value, now=NOW) is None
