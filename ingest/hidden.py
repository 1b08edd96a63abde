"""What makes text hidden from readers, and which hidden text an editor must be told of."""

from __future__ import annotations

import re

from ingest.blocks import Block, BlockKind
from ingest.suspicion import gives_orders

__all__ = ["hidden_block", "is_prose", "is_white", "same_colour"]

_SENTENCE_END = re.compile(r"[.!?。！？؟।](?:[\"'”’)\]]*(?:\s|$)|(?=[^\x00-\x7f]))")
_NEAR = 12  # of 255: nobody tells these apart on a screen
_NAMES = {"white": "ffffff", "snow": "fffafa", "ivory": "fffff0", "black": "000000", "transparent": "ffffff"}


def hidden_block(text: str, *, min_words: int, min_sentences: int = 1, page: int | None = None) -> Block | None:
    """A block of its own for hidden text that gives orders or reads like prose; None for what is mere furniture."""
    text = " ".join(text.split())
    if gives_orders(text) or is_prose(text, min_words=min_words, min_sentences=min_sentences):
        return Block(BlockKind.PARAGRAPH, text, page=page, hidden=True)
    return None


def is_prose(text: str, *, min_words: int, min_sentences: int = 1) -> bool:
    """Whether it has whole sentences, as labels and menus have not."""
    return len(text.split()) >= min_words and len(_SENTENCE_END.findall(text)) >= min_sentences


def same_colour(one: str, other: str) -> bool:
    """Whether two colours of CSS can hardly be told apart; False for what is not a plain colour."""
    first, second = _channels(one), _channels(other)
    return first is not None and second is not None and _differ_little(first, second)


def is_white(colour: str) -> bool:
    """Whether a colour of CSS or of Office can hardly be told from paper."""
    return same_colour(colour, "white")


def _differ_little(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _channels(colour: str) -> tuple[int, ...] | None:
    colour = colour.strip().lower()
    parts = re.fullmatch(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3}).*\)", colour)
    if parts is not None:
        return tuple(map(int, parts.groups()))
    digits = _NAMES.get(colour, colour.removeprefix("#"))
    if not re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", digits):
        return None
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))
