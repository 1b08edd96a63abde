from __future__ import annotations

import pytest

from ingest.direction import logical


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("You pay 150 $ (once).", "You pay 150 $ (once)."),
        ("םולש", "שלום"),
        ('.(2026) ח"ש 160.50 איה הרגאה', 'האגרה היא 160.50 ש"ח (2026).'),
        ("The word םולש םלוע means peace.", "The word עולם שלום means peace."),
        ("eTA הרזשא", "אשזרה eTA"),
        ("\ufe8d\ufee1\ufef8", "لأما"),
    ],
)
def test_printed_lines_come_in_reading_order(printed: str, read: str) -> None:
    assert logical(printed) == read
