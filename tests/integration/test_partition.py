"""Every format through the real child process."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pptx
import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.blocks import BlockKind
from ingest.parser import Parser
from tests.integration.reading import read, said
from tests.pdf_bytes import Print, pdf_bytes

P, H, Q, A, L, R = (
    BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUESTION, BlockKind.ANSWER, BlockKind.LIST_ITEM, BlockKind.ROW,
)  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings()) as parser:
        yield parser


def test_markdown(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: T\n---\n# Study\n\nYou need:\n- a passport\n- a photo\n\n## Is it free?\n\nNo, it is not.\n\n"
        "| Permit | Fee |\n| --- | --- |\n| Study | $150 |\n"
    )
    blocks = read(parser, path)
    assert said(blocks) == [
        (H, "Study"), (P, "You need:"), (L, "a passport"), (L, "a photo"),
        (Q, "Is it free?"), (A, "No, it is not."), (R, "Permit: Study; Fee: $150"),
    ]  # fmt: skip
    assert [block.lead_in for block in blocks[2:4]] == ["You need:"] * 2
    assert [block.unit for block in blocks] == [None] * 4 + [1] * 3


def test_html(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body><nav>Menu</nav><main><h1>Work</h1><p><b>Can I work?</b></p><p>Yes, you can.</p>"
        "<ol><li>Apply<ul><li>online</li></ul></li><li>Pay</li></ol></main></body></html>"
    )
    blocks = read(parser, path)
    assert said(blocks) == [
        (H, "Work"),
        (Q, "Can I work?"),
        (A, "Yes, you can."),
        (L, "Apply"),
        (L, "online"),
        (L, "Pay"),
    ]
    assert [(b.marker, b.level) for b in blocks[3:]] == [("1.", 1), ("-", 2), ("2.", 1)]


def test_docx(parser: Parser, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Family", level=1)
    document.add_paragraph("You can bring your partner to the country.")
    document.add_paragraph("a marriage certificate", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Who", "Fee", "Child", "$75"), strict=True):
        cell.text = text
    document.save(str(tmp_path / "a.docx"))
    assert said(read(parser, tmp_path / "a.docx")) == [
        (H, "Family"), (P, "You can bring your partner to the country."), (L, "a marriage certificate"),
        (R, "Who: Child; Fee: $75"),
    ]  # fmt: skip


def test_pptx(parser: Parser, tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Arrival"
    slide.placeholders[1].text = "Show your passport to the officer at the border."
    deck.save(str(tmp_path / "a.pptx"))
    blocks = read(parser, tmp_path / "a.pptx")
    assert [(b.text, b.page) for b in blocks] == [
        ("Arrival", 1),
        ("Show your passport to the officer at the border.", 1),
    ]
    assert blocks[0].kind is H


def test_a_table_of_questions(parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('Question,Answer,Country\n"Is it free?","No, you pay $5.",CA\n')
    book = Workbook()
    book.active.append(["QUESTION", "ANSWER", "jurisdiction"])
    book.active.append(["Is it free?", "No, you pay $5.", "CA"])
    book.save(tmp_path / "a.xlsx")
    for name in ("a.csv", "a.xlsx"):
        blocks = read(parser, tmp_path / name)
        assert said(blocks) == [(Q, "Is it free?"), (A, "No, you pay $5.")]
        assert {(block.unit, block.jurisdiction) for block in blocks} == {(1, "CA")}


def test_mail(parser: Parser, tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "New fees", "office@example.org"
    message.set_content("The fee rises to $160.\n\nIt applies from May.")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    assert [block.text for block in read(parser, tmp_path / "a.eml")] == [
        "New fees", "From: office@example.org", "The fee rises to $160.", "It applies from May.",
    ]  # fmt: skip


def test_pdf_has_headings_paragraphs_and_pages(parser: Parser, tmp_path: Path) -> None:
    def page(number: int, *lines: Print) -> list[Print]:
        return [Print("Manual of permits", y=800, size=9), *lines, Print(f"Page {number} of 3", y=40, size=9)]

    first = [
        Print("Study permits", y=740, size=18),
        Print("You need a permit when you study longer than six months in the coun-", y=700),
        Print("try. You apply for it before you travel, and you pay the fee on the day.", y=686),
        Print("Exchange students need one as well.", y=640),
    ]
    second, third = [Print("The office answers in eight weeks.", y=740)], [Print("You can ask again.", y=740)]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes(page(1, *first), page(2, *second), page(3, *third)))
    assert [(b.kind, b.text, b.page) for b in read(parser, path)] == [
        (H, "Study permits", 1),
        (P, "You need a permit when you study longer than six months in the country. You apply for it before you "
            "travel, and you pay the fee on the day.", 1),
        (P, "Exchange students need one as well.", 1),
        (P, "The office answers in eight weeks.", 2),
        (P, "You can ask again.", 3),
    ]  # fmt: skip


def test_a_table_in_a_pdf_is_rows(parser: Parser, tmp_path: Path) -> None:
    texts = (("Permit", "Fee"), ("Study", "$150"), ("Work", "$155"))
    table = [
        item
        for row, cells in enumerate(texts)
        for column, text in enumerate(cells)
        for item in (
            Print("", x=72 + 150 * column, y=600 - 30 * row, rule=(150, 30)),
            Print(text, x=80 + 150 * column, y=610 - 30 * row),
        )
    ]
    above, below = Print("The fees of this year are these:", y=700), Print("You pay them online.", y=450)
    (tmp_path / "a.pdf").write_bytes(pdf_bytes([above, *table, below]))
    assert said(read(parser, tmp_path / "a.pdf")) == [
        (P, "The fees of this year are these:"),
        (R, "Permit: Study; Fee: $150"),
        (R, "Permit: Work; Fee: $155"),
        (P, "You pay them online."),
    ]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", pdf_bytes([Print("Secret")], encrypted=True), "encrypted"),
        ("a.pdf", pdf_bytes([]), "empty"),
        ("a.pdf", b"%PDF-1.4 and then nothing", "malformed"),
        ("a.pdf", bytes(range(256)) * 50, "malformed"),
        ("a.docx", bytes(range(256)) * 50, "malformed"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.pptx", b"PK\x03\x04 no zip", "malformed"),
        ("a.md", bytes(range(32)) * 50, "malformed"),
        ("a.html", b"<html><body><script>x</script></body></html>", "empty"),
        ("a.txt", b" \n\n ", "empty"),
        ("a.csv", b",,,\n,,,\n", "empty"),
        ("a.eml", b"", "malformed"),
    ],
)
def test_a_file_that_gives_no_text_has_a_reason(
    parser: Parser, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(parser, tmp_path / name)
    assert caught.value.reason == reason
