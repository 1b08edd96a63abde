from __future__ import annotations

import pytest

from ingest.blocks import Block, BlockKind
from ingest.furniture import edge_key, is_contents_line, page_number, repeated, without_contents, without_furniture


def test_heads_and_feet_are_told_by_their_return() -> None:
    pages = [
        [f"ENF 3 Detention {n}", f"Text of page {n} {'abc'[n % 3] * n}", "2022-03-03", str(n)] for n in range(1, 8)
    ]
    furniture = repeated(pages)
    assert edge_key("ENF 3 Detention 99") in furniture
    assert edge_key("Text of page 3 aaa") not in furniture


def test_one_page_has_no_running_heads() -> None:
    assert repeated([["Title", "Text"]]) == frozenset()


@pytest.mark.parametrize("line", ["1 What this is about ........ 7", "Scope . . . . . . . xii", "A ____________ 12"])
def test_knows_a_line_of_contents(line: str) -> None:
    assert is_contents_line(line)


def test_a_pause_in_prose_is_no_line_of_contents() -> None:
    assert not is_contents_line("Wait ... and see the 7 rules")


@pytest.mark.parametrize(
    ("line", "number"), [("7", 7), ("- 7 -", 7), ("Page 7 of 12", 7), ("7/12", 7), ("7 days", None)]
)
def test_knows_a_page_number(line: str, number: int | None) -> None:
    assert page_number(line) == number


def test_pages_within_a_text_lose_heads_and_numbers() -> None:
    lines = [
        line
        for n in range(1, 7)
        for line in ("ENF 3 Manual", "2022-03-03", str(n), f"Rule {'x' * n} applies.", "More.", "x" * n, "y" * n)
    ]
    kept = without_furniture(lines)
    assert "Rule xxx applies." in kept
    assert not {"ENF 3 Manual", "2022-03-03", "3"} & set(kept)


def test_figures_in_a_text_that_was_never_paged_stay() -> None:
    lines = ["You need", "2", "photos", "and", "3", "forms"]
    assert without_furniture(lines) == lines


def test_a_list_of_the_documents_own_headings_leaves() -> None:
    def heading(text: str) -> Block:
        return Block(BlockKind.HEADING, text, level=2)

    entries = [Block(BlockKind.LIST_ITEM, text) for text in ("Fees", "Times")]
    fees, times = Block(BlockKind.PARAGRAPH, "None."), Block(BlockKind.PARAGRAPH, "Long.")
    blocks = [heading("On this page"), *entries, heading("Fees"), fees, heading("Times"), times]
    assert [block.text for block in without_contents(blocks)] == ["Fees", "None.", "Times", "Long."]
