"""What every format is read into: an ordered list of blocks of text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LISTED", "Block", "BlockKind", "leads_in"]


class BlockKind(StrEnum):
    """What a block is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    ROW = "row"
    QUESTION = "question"
    ANSWER = "answer"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row, question or answer, in reading order.

    `level` counts from 1: the rank of a heading, or of a question that is one, and the depth of a list item.
    `marker` is what a list item begins with, "1." or "-". `lead_in` is the sentence a list or table hangs on. `unit`
    numbers a question-and-answer pair within its document. `jurisdiction` and `source_url` are those of its row.
    `hidden` text stands in the file, but nobody who opens it sees it.
    """

    kind: BlockKind
    text: str
    level: int | None = None
    page: int | None = None
    marker: str | None = None
    lead_in: str | None = None
    unit: int | None = None
    jurisdiction: str | None = None
    source_url: str | None = None
    hidden: bool = False


LISTED = (BlockKind.LIST_ITEM, BlockKind.ROW)
"""Kinds that hang on a sentence above them."""

_PROSE = (BlockKind.PARAGRAPH, BlockKind.ANSWER)
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")


def leads_in(block: Block, following: Block) -> bool:
    """Whether `block` is a sentence that only the list or table below it completes."""
    if following.kind not in LISTED or block.text.endswith(_SENTENCE_ENDS):
        return False
    if block.kind is BlockKind.LIST_ITEM:
        return following.kind is BlockKind.LIST_ITEM and (following.level or 1) > (block.level or 1)
    return block.kind in _PROSE
