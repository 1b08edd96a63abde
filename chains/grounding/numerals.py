"""Numbers as people write them: digits, thousands, decimals and English words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

__all__ = ["NUMBER", "ORDINAL", "number", "ordinal"]

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}
_ORDINALS = {
    word: value + 1
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ]
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50}

_WORD = "|".join(sorted((*_SMALL, *_SCALES, "dozen"), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELT = rf"(?:{_WORD})(?:(?:[\s-]+(?:and\s+)?)(?:{_WORD}))*"
NUMBER = rf"(?:(?<![\w.,])(?:{_DIGITS})(?:\s?(?:k|m|bn|million|billion|thousand|hundred)\b)?|\b(?:{_SPELT})\b)"
ORDINAL = rf"\b(?:\d+(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})\b"

_SUFFIX = {"k": 1000, "m": 1_000_000, "bn": 1_000_000_000, **_SCALES}


def number(text: str) -> Decimal | None:
    """The value of a text that matches `NUMBER`; None when it is no number after all."""
    text = text.strip().lower()
    match = re.fullmatch(rf"({_DIGITS})\s?([a-z]+)?", text)
    if match:
        try:
            value = Decimal(re.sub(r"[,\u00a0\u202f ]", "", match.group(1)))
        except InvalidOperation:
            return None
        return value * _SUFFIX.get(match.group(2) or "", 1)
    return _spelt(re.split(r"[\s-]+", text))


def ordinal(text: str) -> int:
    """The rank that a text matching `ORDINAL` names."""
    lowered = text.lower()
    return _ORDINALS[lowered] if lowered in _ORDINALS else int(re.sub(r"\D", "", lowered))


def _spelt(parts: list[str]) -> Decimal | None:
    total, current, seen = 0, 0, False
    for part in parts:
        if part == "and":
            continue
        seen = True
        if part in _SMALL:
            current += _SMALL[part]
        elif part == "dozen":
            current = max(current, 1) * 12
        elif part == "hundred":
            current = max(current, 1) * 100
        elif part in _SCALES:
            total += max(current, 1) * _SCALES[part]
            current = 0
        else:
            return None
    return Decimal(total + current) if seen else None
