from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.textfiles import decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_reads_every_unicode_form(encoding: str) -> None:
    text = "Überprüfung der Gebühr: 155 $\n" * 3
    assert decode(text.encode(encoding)) == text


def test_reads_what_the_page_declares() -> None:
    page = '<meta charset="iso-8859-15"><p>Gebühr: 10 €</p>'
    assert decode(page.encode("iso-8859-15")) == page


def test_drops_a_character_that_a_cut_went_through() -> None:
    assert decode("Gebühr".encode()[:4]) == "Geb"


def test_refuses_bytes_that_are_no_text() -> None:
    with pytest.raises(UnreadableDocument, match="not text"):
        decode(bytes(range(32)) * 40)
