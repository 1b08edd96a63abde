from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.richtext import richtext_html


def body(*parts: str) -> str:
    page = richtext_html(("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}" + "".join(parts) + "}").encode())
    return page.removeprefix("<html><body>").removesuffix("</body></html>")


def test_paragraphs_and_letters_beyond_ascii() -> None:
    assert body(r"Geb\'fchr: 10 \u8364?\par Second.\par") == "<p>Gebühr: 10 €</p><p>Second.</p>"


def test_an_outline_level_is_a_heading() -> None:
    assert body(r"\pard\outlinelevel1 Fees\par\pard You pay.\par") == "<h2>Fees</h2><p>You pay.</p>"


def test_rows_become_a_table() -> None:
    rows = r"\trowd\cellx1\cellx2 Permit\cell Fee\cell\row Study\cell 150\cell\row "
    assert body(r"The fees:\par ", rows, r"\pard Pay online.\par") == (
        "<p>The fees:</p><table><tr><td>Permit</td><td>Fee</td></tr><tr><td>Study</td><td>150</td></tr></table>"
        "<p>Pay online.</p>"
    )


def test_list_items_keep_their_number() -> None:
    items = r"{\listtext\pard 1.\tab}Apply\par{\listtext\pard \'b7\tab}a photo\par"
    assert body(items) == "<ul><li>1. Apply</li></ul><ul><li>a photo</li></ul>"


def test_what_is_no_rtf_is_malformed() -> None:
    with pytest.raises(UnreadableDocument, match="does not begin as RTF"):
        richtext_html(b"Plain words.")
