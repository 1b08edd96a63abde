from __future__ import annotations

from ingest.blocks import BlockKind
from ingest.plaintext import text_blocks

P, H, L = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM


def read(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in text_blocks(text)]


def test_wrapped_lines_become_paragraphs() -> None:
    text = (
        "You can apply online or on paper. If you apply on paper it will take\n"
        "longer, and you must send the original documents by mail to the right\n"
        "office.\n\nProcessing times depend on the country where you live and change often\nduring the year.\n"
    )
    assert [kind for kind, _ in read(text)] == [P, P]
    assert read(text)[1][1].endswith("change often during the year.")


def test_a_word_that_was_cut_at_the_line_end_is_whole_again() -> None:
    text = (
        "Officers decide whether the immi-\ngration documents are complete and\n"
        "whether a permit can be re-\nissued to the same person by the office\nof immigration.\n"
    )
    whole = read(text)[0][1]
    assert "the immigration documents" in whole
    assert "can be re-issued" in whole


def test_headings_are_told_by_underline_number_and_place() -> None:
    text = "Fees\n====\n\nYou pay online.\n\n2.1 How to pay\n\nUse a card that works abroad, and keep the receipt.\n"
    blocks = text_blocks(text)
    assert [(b.kind, b.level) for b in blocks] == [(H, 1), (P, None), (H, 3), (P, None)]


def test_lists_keep_markers_and_depth() -> None:
    blocks = text_blocks("Bring:\n\n- a passport\n  - with two free pages\n- a photo\n\n1. Apply.\n2. Pay.\n")
    listed = [(b.marker, b.level, b.text) for b in blocks if b.kind is L]
    assert listed[:3] == [("-", 1, "a passport"), ("-", 2, "with two free pages"), ("-", 1, "a photo")]
    assert listed[3:] == [("1.", 1, "Apply."), ("2.", 1, "Pay.")]


def test_short_lines_below_a_colon_are_its_list() -> None:
    kinds = [kind for kind, _ in read("This does not promise that:\nyou will get a job\nyou will get a licence\n")]
    assert kinds == [P, L, L]


def test_lines_that_are_paragraphs_stay_apart() -> None:
    line = "This line is a paragraph of its own, much longer than any hand would wrap, " * 4
    assert len(read(f"{line}\n{line}\n{line}\n")) == 3


def test_bullets_and_numbers_on_lines_of_their_own_find_their_text() -> None:
    text = "They carry:\n•\ntickets for the journey;\n•\nthe list of passengers; •\nboarding passes.\n\n"
    blocks = text_blocks(
        text + "7.\nDetention costs\n\nTransporters have no direct liability for the costs of detention.\n"
    )
    assert [b.text for b in blocks if b.kind is L] == [
        "tickets for the journey;", "the list of passengers;", "boarding passes.",
    ]  # fmt: skip
    assert "7. Detention costs" in [b.text for b in blocks]


def test_a_section_number_at_the_very_end_is_read() -> None:
    assert [text for _, text in read("You pay online.\n\n8 Fees\n")][0] == "You pay online."
