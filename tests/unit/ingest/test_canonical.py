from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block, BlockKind
from ingest.canonical import canonicalise

BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(BlockKind), st.text(max_size=60), level=st.integers(1, 3)), max_size=12
)


def test_items_stand_on_lines_of_their_own_under_their_lead_in() -> None:
    canonical = canonicalise(
        [
            Block(BlockKind.HEADING, "Study", level=1),
            Block(BlockKind.PARAGRAPH, "You need:"),
            Block(BlockKind.LIST_ITEM, "a passport", level=1, marker="-", lead_in="You need:"),
            Block(BlockKind.LIST_ITEM, "two photos", level=2, marker="1.", lead_in="You need:"),
            Block(BlockKind.PARAGRAPH, "Then apply."),
        ]
    )
    assert canonical.text == "Study\n\nYou need:\n- a passport\n  1. two photos\n\nThen apply."


def test_text_is_in_one_form() -> None:
    canonical = canonicalise([Block(BlockKind.PARAGRAPH, "e\u0301te\u0301\x00 \u00ad sur\u200b \r\n place")])
    assert canonical.text == "été sur place"


def test_code_keeps_its_lines() -> None:
    assert canonicalise([Block(BlockKind.CODE, "a\r\n  b\n\n\nc")]).text == "a\n  b\nc"


@given(BLOCKS)
def test_every_block_stands_where_it_is_said_to(blocks: list[Block]) -> None:
    canonical = canonicalise(blocks)
    assert all(canonical.text[p.content : p.end] == p.block.text for p in canonical.placed)
    assert all(a.end < b.start <= b.content for a, b in zip(canonical.placed, canonical.placed[1:], strict=False))


@given(BLOCKS)
def test_the_text_is_normal_and_holds_no_control(blocks: list[Block]) -> None:
    text = canonicalise(blocks).text
    assert unicodedata.is_normalized("NFC", text)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) == "Cc"]
