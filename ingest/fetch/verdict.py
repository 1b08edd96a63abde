"""Whether what a page says now may take the place of what it said before; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from ingest.blocks import Block, BlockKind
from ingest.fetch.naming import canonical
from ingest.fetch.problems import PageProblem, PageRefused

__all__ = ["NewState", "PageText", "find_problem"]

_SAYS_GONE = re.compile(
    r"\b404\b|\bnot found\b|can(?:no|['’])t be found|could ?n[o'’]?t (?:be found|find)|no longer (?:available|exists?)"
    r"|does(?: not|n['’]t) exist|introuvable|n['’]existe (?:pas|plus)|nicht gefunden|existiert nicht|no encontrad"
    r"|no existe",
    re.IGNORECASE,
)
_MAX_GONE_WORDS = 200  # a page about missing papers is longer than one that only says sorry and offers a search
_HEADLINES = 3


@dataclass(frozen=True, slots=True)
class PageText:
    """The main text of a page: its fingerprint, its length and its first headings."""

    content_hash: str
    words: int
    headlines: tuple[str, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> PageText:
        """Only what is read counts, so that a page which merely looks different is not a new one."""
        digest = hashlib.sha256()
        for block in blocks:
            digest.update(f"{block.kind}\0{block.level or ''}\0{block.marker or ''}\0{block.text}\n".encode())
        headings = tuple(block.text for block in blocks[:_HEADLINES] if block.kind is BlockKind.HEADING)
        return cls(digest.hexdigest(), sum(len(block.text.split()) for block in blocks), headings)


@dataclass(frozen=True, slots=True)
class NewState:
    """What was found: the text, where the last redirect led, and whether the page itself says that it is withdrawn."""

    text: PageText
    address: str
    is_withdrawn: bool = False


def find_problem(new: NewState, *, asked: str, accepted_at: str | None, words_before: int) -> PageRefused | None:
    """None when the new state may be taken; `accepted_at` is where `asked` led when it was last accepted."""
    text = new.text
    if httpx.URL(new.address).path in ("", "/") and httpx.URL(asked).path not in ("", "/"):
        return PageRefused(PageProblem.VANISHED, f"it leads to the home page {new.address}")
    if any(map(_SAYS_GONE.search, text.headlines)) and text.words <= _MAX_GONE_WORDS:
        return PageRefused(PageProblem.VANISHED, f"it says {text.headlines[0]!r}")
    if canonical(new.address) not in {canonical(known) for known in (asked, accepted_at) if known is not None}:
        return PageRefused(PageProblem.REDIRECTED, f"now at {new.address}")
    if new.is_withdrawn:
        return PageRefused(PageProblem.WITHDRAWN, "the page says so itself")
    if text.words * 2 < words_before:
        return PageRefused(PageProblem.SHRUNK, f"{text.words} words, before {words_before}")
    return None
