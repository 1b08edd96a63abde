from __future__ import annotations

import pytest

from ingest.check.lines import Lines

_SOURCE = "# Title\n\nFirst words here.\nYou need a [visa](https://a.ca) to *visit* Canada.\n\nFirst words here.\n"


@pytest.mark.parametrize(
    ("text", "after", "line"),
    [
        ("Title", 1, 1),
        ("First words here.", 1, 3),
        ("First words here.", 4, 6),
        ("You need a visa to visit Canada.", 1, 4),
        ("Title", 5, 1),
        ("Nowhere to be found.", 1, None),
        ("", 1, None),
    ],
)
def test_finds_the_line_where_a_text_begins(text: str, after: int, line: int | None) -> None:
    assert Lines(_SOURCE).of(text, after=after) == line
