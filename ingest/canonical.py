"""The canonical text of a version: what was read, in one form, with the place of every block in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.blocks import LISTED, Block, BlockKind
from ingest.suspicion import Suspicion, suspicion_of

__all__ = ["Canonical", "Placed", "canonicalise", "without_unseen"]

_INDENT = "  "
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")
_KEPT = "\n\u200c\u200d"  # Persian and Indic words are spelled with the two joiners


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and its text's place: `start` includes a list item's marker, `content` does not.

    `suspicion` is what the text gave away before it was cleaned of characters that nobody sees.
    """

    block: Block
    start: int
    content: int
    end: int
    suspicion: Suspicion | None = None


@dataclass(frozen=True, slots=True)
class Canonical:
    """Text in Unicode NFC with `\\n` line ends; offsets are code points."""

    text: str
    placed: tuple[Placed, ...]


def canonicalise(blocks: Iterable[Block]) -> Canonical:
    """The blocks as one text: items and rows on lines of their own, an empty line between others."""
    parts: list[str] = []
    placed: list[Placed] = []
    at = 0
    for block in blocks:
        content = _clean(block.text, keep_lines=block.kind is BlockKind.CODE)
        if not content:
            continue
        separator = _separator(placed[-1].block, block) if placed else ""
        marker = _marker(block)
        start = at + len(separator)
        parts += [separator, marker, content]
        at = start + len(marker) + len(content)
        clean = replace(block, text=content)
        placed.append(Placed(clean, start, start + len(marker), at, _lost_suspicion(block.text, content)))
    return Canonical("".join(parts), tuple(placed))


def without_unseen(text: str) -> str:
    """`text` without the characters that nobody sees, but for line ends and what spells words."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _DROPPED)


def _clean(text: str, *, keep_lines: bool) -> str:
    if not keep_lines:
        text = " ".join(text.split())
        if text.isascii() and text.isprintable():
            return text
    text = without_unseen(text.expandtabs(4))
    lines = [line.rstrip() if keep_lines else " ".join(line.split()) for line in text.splitlines()]
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _lost_suspicion(raw: str, clean: str) -> Suspicion | None:
    return None if raw.isascii() or " ".join(raw.split()) == " ".join(clean.split()) else suspicion_of(raw)


def _separator(before: Block, block: Block) -> str:
    if block.kind in LISTED and block.unit == before.unit and (before.kind is block.kind or block.lead_in):
        return "\n"
    return "\n\n"


def _marker(block: Block) -> str:
    if block.kind is not BlockKind.LIST_ITEM:
        return ""
    return f"{_INDENT * (max(1, block.level or 1) - 1)}{block.marker or '-'} "
