from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.blocks import Block, BlockKind
from ingest.questions import faq_blocks, is_faq, number_units
from ingest.rows import Table

P, H, Q, A, L = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUESTION, BlockKind.ANSWER, BlockKind.LIST_ITEM


def paragraph(text: str) -> Block:
    return Block(P, text)


def test_a_heading_that_asks_and_its_answer_are_one_unit() -> None:
    blocks = number_units(
        [
            Block(H, "Can I work?", level=2),
            paragraph("Yes."),
            Block(L, "part time"),
            Block(H, "Fees", level=2),
            paragraph("None."),
        ]
    )
    assert [(b.kind, b.unit) for b in blocks] == [(Q, 1), (A, 1), (L, 1), (H, None), (P, None)]


def test_a_heading_that_asks_without_an_answer_stays_a_heading() -> None:
    blocks = number_units([Block(H, "Questions?", level=1), Block(H, "Fees", level=2), paragraph("None.")])
    assert [b.kind for b in blocks] == [H, H, P]


@pytest.mark.parametrize("written", [["Q: Can I work?", "A: Yes, you can."], ["Q: Can I work? A: Yes, you can."]])
def test_marked_questions_lose_their_marks(written: list[str]) -> None:
    blocks = number_units(map(paragraph, written))
    assert [(b.kind, b.text, b.unit) for b in blocks] == [(Q, "Can I work?", 1), (A, "Yes, you can.", 1)]


def test_prose_that_begins_with_a_letter_is_no_question() -> None:
    blocks = number_units([paragraph("Q visas are for exchange programmes."), paragraph("A visa costs $185.")])
    assert [b.kind for b in blocks] == [P, P]


def test_question_columns_are_found_in_any_case() -> None:
    assert is_faq(Table((("ID", "QUESTION", "Answer"), ("1", "a", "b"))))
    assert not is_faq(Table((("Topic", "Answer"), ("1", "a"))))


def test_each_row_of_a_faq_keeps_its_country_source_and_list() -> None:
    table = Table(
        (
            ("question", "answer", "jurisdiction", "source_url"),
            ("What do I need?", "You need:\n- a passport\n- a photo", "gb", "https://www.gov.uk/visa"),
            ("No answer?", "", "", ""),
        )
    )
    blocks = faq_blocks(table)
    assert [(b.kind, b.text) for b in blocks] == [
        (Q, "What do I need?"),
        (A, "You need:"),
        (L, "a passport"),
        (L, "a photo"),
    ]
    assert {(b.jurisdiction, b.source_url) for b in blocks} == {("GB", "https://www.gov.uk/visa")}


def test_a_bad_value_names_its_row() -> None:
    table = Table((("Question", "Answer", "Country"), ("Why?", "Because.", "Atlantis!")))
    with pytest.raises(UnreadableDocument, match=r"row 2: jurisdiction: 'Atlantis!'"):
        faq_blocks(table)
