from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from ingest.pdfium import drawn_page, page_count, plain_page, plain_pages
from tests.pdf_bytes import Print, pdf_bytes, pdf_of


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes([Print("You need a permit.")], [Print("It costs $150."), Print("Pay online.", y=650)]))
    return path


def test_pages_are_counted_and_a_broken_file_has_none(pdf: Path, tmp_path: Path) -> None:
    assert page_count(pdf) == 2
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    assert page_count(tmp_path / "b.pdf") is None


def test_lines_come_with_their_page(pdf: Path) -> None:
    assert [[line.text for line in page.lines] for page in plain_pages(pdf)] == [
        ["You need a permit."],
        ["It costs $150.", "Pay online."],
    ]
    page = plain_page(pdf, 2)
    assert page.number == 2
    assert page.lines[0].top < page.lines[1].top


def test_what_cannot_be_opened_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    with pytest.raises(UnreadableDocument) as caught:
        plain_pages(tmp_path / "b.pdf")
    assert caught.value.reason == "malformed"


def test_a_page_as_large_as_a_field_is_drawn_small(tmp_path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14400 14400] >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    (tmp_path / "a.pdf").write_bytes(pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", tree, page))
    picture, dpi = drawn_page(tmp_path / "a.pdf", 1)
    assert picture.width * picture.height <= 16_100_000
    assert dpi == pytest.approx(20, rel=0.01)
