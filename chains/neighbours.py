"""Sentences that cannot stand alone: those that lean on the one before, and those that limit it."""

from __future__ import annotations

import re

__all__ = ["leans_back", "limits_what_came_before"]

_LEANS_BACK = re.compile(
    r"^(?:it|its|this|that|these|those|they|them|their|he|she|such|both|otherwise|then|there|so|also)\b"
    r"|^(?:since|from|until|on|in|before|after) [^,.]{3,30}?,? (?:this|these|those|they)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"^(?:however|but|unless|except|only|otherwise|if not|this does not|this is not|you cannot|you must not)\b",
    re.IGNORECASE,
)


def leans_back(text: str) -> bool:
    """Whether the sentence is only understood after the one before it."""
    return _LEANS_BACK.match(text) is not None


def limits_what_came_before(text: str) -> bool:
    """Whether the sentence takes back a part of what the one before it says."""
    return _LIMITS.match(text) is not None
