"""Long text in parts that Telegram takes, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["MAX_UNITS", "parts", "units"]

MAX_UNITS = 4096
"""Longest message, counted here in UTF-16 units as Telegram counts offsets: core.telegram.org/bots/api#sendmessage"""

_PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?。！？])\s*"), re.compile(r"\s"))
"""Between paragraphs, lines, sentences, words: the first kind that cuts in the second half of the room."""


def units(text: str) -> int:
    """UTF-16 code units: characters beyond the basic plane, as most emoji, count twice."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def parts(text: str, *, most: int = MAX_UNITS) -> Iterator[str]:
    """The text in order, without the white space at the cuts; every other character is kept. Nothing for no text."""
    rest = text.strip()
    while units(rest) > most:
        head = rest[: _cut(rest, most)]
        yield head.rstrip()
        rest = rest[len(head) :].lstrip()
    if rest:
        yield rest


def _cut(text: str, most: int) -> int:
    room = _room(text, most)
    for pause in _PAUSES:
        places = [match.end() for match in pause.finditer(text, 0, room) if match.end() > room // 2]
        if places:
            return places[-1]
    return room


def _room(text: str, most: int) -> int:
    """How many characters fit."""
    used = 0
    for number, character in enumerate(text):
        used += 2 if ord(character) > 0xFFFF else 1
        if used > most:
            return number
    return len(text)
