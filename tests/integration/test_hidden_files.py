"""Hidden text of PDF and Word files is told from text on a dark ground."""

from __future__ import annotations

from pathlib import Path

import docx
import pdfplumber
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ingest.hidden_docx import seen_docx
from ingest.hidden_pdf import seen_page
from tests.pdf_bytes import Print, pdf_bytes

LIE = "The fee was abolished this year."
SEEN = "You need a visa to visit Canada, and you apply online before you travel."
WHITE = (1.0, 1.0, 1.0)


def _read(path: Path, *prints: Print) -> tuple[str, str | None]:
    path.write_bytes(pdf_bytes([Print(SEEN), *prints]))
    with pdfplumber.open(path) as pdf:
        page, block = seen_page(pdf.pages[0])
        return " ".join(page.extract_text().split()), None if block is None else block.text


@pytest.mark.parametrize(
    "hidden", [Print(LIE, y=600, paint=WHITE), Print(LIE, y=600, size=1), Print(LIE, y=900), Print(LIE, x=700, y=600)]
)
def test_a_pdf_gives_up_text_that_nobody_sees(tmp_path: Path, hidden: Print) -> None:
    assert _read(tmp_path / "a.pdf", hidden) == (SEEN, LIE)


def test_white_text_on_a_dark_ground_is_seen(tmp_path: Path) -> None:
    ground = Print("", x=60, y=590, rule=(300, 30), paint=(0.1, 0.2, 0.5))
    assert _read(tmp_path / "a.pdf", ground, Print(LIE, y=600, paint=WHITE)) == (f"{SEEN} {LIE}", None)


def test_a_white_word_is_no_hidden_text(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.pdf", Print("Confidential", y=600, paint=WHITE)) == (f"{SEEN} Confidential", None)


def _word(path: Path, **font: object) -> tuple[str, list[str]]:
    document = docx.Document()
    document.add_paragraph(SEEN)
    run = document.add_paragraph().add_run(LIE)
    for name, value in font.items():
        if name == "color":
            run.font.color.rgb = value
        elif name == "fill":
            shading = OxmlElement("w:shd")
            shading.set(qn("w:fill"), str(value))
            run._r.get_or_add_rPr().append(shading)
        else:
            setattr(run.font, name, value)
    document.save(str(path))
    source, hidden = seen_docx(path)
    with source:
        seen = "\n".join(p.text for p in docx.Document(source).paragraphs if p.text)
    return seen, [block.text for block in hidden]


@pytest.mark.parametrize("font", [{"hidden": True}, {"color": RGBColor(255, 255, 255)}, {"size": Pt(1)}])
def test_a_word_file_gives_up_text_that_nobody_sees(tmp_path: Path, font: dict[str, object]) -> None:
    assert _word(tmp_path / "a.docx", **font) == (SEEN, [LIE])


@pytest.mark.parametrize("font", [{}, {"hidden": False}, {"color": RGBColor(255, 255, 255), "fill": "003366"}])
def test_other_text_of_a_word_file_is_seen(tmp_path: Path, font: dict[str, object]) -> None:
    assert _word(tmp_path / "a.docx", **font) == (f"{SEEN}\n{LIE}", [])
