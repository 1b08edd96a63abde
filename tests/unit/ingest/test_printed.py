from __future__ import annotations

from ingest.blocks import Block, BlockKind
from ingest.layout import PrintedLine
from ingest.printed import PrintedPage, PrintedTable, printed_content
from ingest.rows import Table


def line(text: str, *, top: float, bold: bool = False, right: float = 400) -> PrintedLine:
    x1 = 40 + 5 * len(text)
    return PrintedLine(text, 40, x1, top, top + 10, 10, bold=bold, left=40, right=max(x1, right))


def said(*pages: PrintedPage) -> list[tuple[BlockKind, str]]:
    return [(part.kind, part.text) for part in printed_content(pages) if isinstance(part, Block)]


def test_a_bold_word_that_ends_a_sentence_is_no_heading() -> None:
    lines = (
        line("You have thirty days from the day on which you get your letter to give", top=100),
        line("biometrics", top=112, bold=True),
        line("Fees", top=150, bold=True),
        line("You pay online, and you keep the receipt that you get.", top=162),
    )
    assert said(PrintedPage(1, lines)) == [
        (BlockKind.PARAGRAPH, f"{lines[0].text} biometrics"),
        (BlockKind.HEADING, "Fees"),
        (BlockKind.PARAGRAPH, lines[3].text),
    ]


def test_a_table_that_goes_on_takes_its_header_along() -> None:
    first = PrintedTable(100, (40, 400), Table((("Permit", "Fee"), ("Study", "$150"))))
    second = PrintedTable(60, (40, 401), Table((("Work", "$155"),)))
    parts = list(printed_content([PrintedPage(1, (), (first,)), PrintedPage(2, (), (second,))]))
    assert parts == [(first.cells, 1), (Table((("Permit", "Fee"), ("Work", "$155"))), 2)]
