from __future__ import annotations

import io

import pdfplumber

from ingest.pdfpages import read_page
from tests.pdf_bytes import Print, pdf_bytes


def test_letters_are_what_the_library_makes_of_them_but_for_what_only_tagged_files_have() -> None:
    pdf = pdf_bytes([Print("You need a permit.", bold=True), Print("It costs $150.", y=650, size=9)])
    with pdfplumber.open(io.BytesIO(pdf)) as plain, pdfplumber.open(io.BytesIO(pdf)) as fast:
        theirs = plain.pages[0].chars
        lines = read_page(fast.pages[0]).lines
        ours = fast.pages[0].chars
    assert [line.text for line in lines] == ["You need a permit.", "It costs $150."]
    assert [line.bold for line in lines] == [True, False]
    assert ours == [{name: value for name, value in char.items() if name not in ("mcid", "tag")} for char in theirs]
