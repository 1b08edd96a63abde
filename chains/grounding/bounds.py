"""How a figure bounds: "at least" before it, "or less" after it."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["Bound", "bound_of"]


class Bound(StrEnum):
    """The direction in which a figure limits, in its own units or in time."""

    EXACT = "exact"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    MORE = "more than"
    LESS = "less than"
    ABOUT = "about"
    BEFORE = "before"
    BY = "by"
    AFTER = "after"
    FROM = "from"
    FURTHER = "further"


_FILLER = r"(?:\s+(?:a|an|the|of|is|are|period|total|age|for|than|in|any|one|last|next|first))*\s*\Z"
_BEFORE: tuple[tuple[Bound, str], ...] = (
    (
        Bound.AT_LEAST,
        r"not?\s+(?:less|fewer|shorter|younger|earlier|lower|under)\s+than|at\s+(?:the\s+)?least|"
        r"minimum|(?:not|never)\s+(?:be\s+)?(?:under|below)|at\s+(?:the\s+)?earliest",
    ),
    (
        Bound.AT_MOST,
        r"not?\s+(?:more|longer|greater|older|higher|over)\s+than|at\s+(?:the\s+)?most|up\s+to|"
        r"maximum|within|limited\s+to|(?:not|never)\s+(?:exceed|over)|limit|as\s+(?:long|many|"
        r"much)\s+as",
    ),
    (Bound.BY, r"not?\s+later\s+than|(?<!followed )by|until|till|at\s+(?:the\s+)?latest"),
    (
        Bound.MORE,
        r"(?:more|longer|greater|older|higher|bigger|larger|further)\s+than|over|above|exceed(?:s|"
        r"ing)?|beyond",
    ),
    (Bound.LESS, r"(?:less|fewer|shorter|younger|lower|smaller)\s+than|under|below"),
    (Bound.ABOUT, r"about|around|approximately|roughly|nearly|almost|some|approx\.?"),
    (Bound.BEFORE, r"(?:before|prior\s+to|earlier\s+than|ahead\s+of)"),
    (Bound.AFTER, r"(?:after|later\s+than|following|past)"),
    (Bound.FURTHER, r"plus|additional|another|extra|further"),
    (Bound.FROM, r"(?:since|from|starting|beginning|as\s+of|effective|on\s+or\s+after)(?:\s+on)?"),
)
_AFTER: tuple[tuple[Bound, str], ...] = (
    (
        Bound.AT_LEAST,
        r"(?:or|and)\s+(?:more|over|older|above|longer|later|upwards?|higher)|"
        r"(?:at\s+(?:the\s+)?least|minimum)",
    ),
    (
        Bound.AT_MOST,
        r"(?:or|and)\s+(?:less|fewer|under|younger|shorter|below|earlier|lower)|"
        r"(?:at\s+(?:the\s+)?most|maximum)",
    ),
)
_BEFORE_RE = tuple((bound, re.compile(rf"\b(?:{words}){_FILLER}", re.IGNORECASE)) for bound, words in _BEFORE)
_AFTER_RE = tuple((bound, re.compile(rf"[\s,-]*(?:{words})\b", re.IGNORECASE)) for bound, words in _AFTER)

_WINDOW = 48
"""Characters looked at before a figure: the longest phrase above with its filler, "no later than the end of the"."""


def bound_of(text: str, start: int, end: int) -> tuple[Bound, tuple[int, int]]:
    """The direction in which the figure at `start:end` of a text bounds, and where it stands with the words for it."""
    for bound, pattern in _AFTER_RE:
        if match := pattern.match(text, end):
            return bound, (start, match.end())
    low = max(0, start - _WINDOW)
    for bound, pattern in _BEFORE_RE:
        if match := pattern.search(text, low, start):
            return bound, (match.start(), end)
    return Bound.EXACT, (start, end)
