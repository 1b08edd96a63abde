from __future__ import annotations

from ingest.blocks import Block, BlockKind
from ingest.canonical import canonicalise
from ingest.statements import statements

P, H, Q, L, R = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUESTION, BlockKind.LIST_ITEM, BlockKind.ROW


def quotable(*blocks: Block) -> list[str]:
    canonical = canonicalise(blocks)
    return [canonical.text[start:end] for start, end in statements(canonical)]


def item(text: str, *, level: int = 1) -> Block:
    return Block(L, text, level=level, marker="-", lead_in="You need:")


def test_sentences_are_quotable_and_headings_and_questions_are_not() -> None:
    blocks = (
        Block(H, "Fees", level=1),
        Block(Q, "Is it free?", unit=1),
        Block(P, "No. Is it dear? You pay five dollars."),
    )
    assert quotable(*blocks) == ["You pay five dollars."]


def test_a_short_list_is_quotable_whole_and_by_item() -> None:
    assert quotable(Block(P, "Apply early. You need:"), item("a passport"), item("a photo")) == [
        "You need:\n- a passport\n- a photo",
        "a passport",
        "a photo",
    ]  # fmt: skip


def test_apply_early_is_too_short_but_three_words_are_a_statement() -> None:
    assert quotable(Block(P, "Apply very early.")) == ["Apply very early."]


def test_a_long_list_is_quotable_by_item_only() -> None:
    items = [item(f"document number {n} from the office") for n in range(20)]
    assert quotable(Block(P, "You need:"), *items) == [block.text for block in items]


def test_an_item_with_items_of_its_own_leads_in() -> None:
    found = quotable(Block(P, "You need:"), item("proof of money for"), item("tuition", level=2), item("rent", level=2))
    assert "proof of money for" not in found
    assert "proof of money for\n  - tuition\n  - rent" in found


def test_a_lead_in_without_its_list_is_not_quotable() -> None:
    assert quotable(Block(P, "The documents that you need for this are:"), Block(P, "See the next page for them.")) == [
        "See the next page for them."
    ]


def test_a_lead_in_needs_no_colon() -> None:
    assert quotable(Block(P, "You can come to Canada to study if you"), item("are enrolled")) == [
        "You can come to Canada to study if you\n- are enrolled",
        "are enrolled",
    ]


def test_a_row_is_quotable_whole() -> None:
    assert quotable(Block(R, "Permit: Study; Fee: $150")) == ["Permit: Study; Fee: $150"]


def test_entries_of_a_menu_are_not_quotable() -> None:
    assert quotable(Block(P, "Get your documents ready")) == []
