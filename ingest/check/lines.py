"""On which line of a file a piece of its text stands, found by the words themselves."""

from __future__ import annotations

import re
from bisect import bisect_right

__all__ = ["Lines"]

_WORD = re.compile(r"\w+")
_FIRST_WORDS = (8, 4, 2)
"""Marks and addresses within a sentence part it in the file: its first words are then enough."""


class Lines:
    """The lines of one source text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", source))]
        words = list(_WORD.finditer(source))
        self._places = [word.start() for word in words]
        self._words = f" {' '.join(word.group() for word in words)} ".lower()
        self._at = [match.start() for match in re.finditer(r" (?=\S)", self._words)]

    def at(self, offset: int) -> int:
        """The line of a character of the source."""
        return bisect_right(self._starts, offset)

    def of(self, text: str, *, after: int = 1) -> int | None:
        """The first line from `after` on where `text` begins, else the first anywhere, None when it is nowhere."""
        words = _WORD.findall(text.lower())
        start = self._word_at(after)
        for count in _FIRST_WORDS:
            wanted = f" {' '.join(words[:count])} "
            for begin in (start, 0):
                found = self._words.find(wanted, begin) if words else -1
                if found >= 0:
                    return self.at(self._places[bisect_right(self._at, found) - 1])
        return None

    def _word_at(self, line: int) -> int:
        """Where the words of `line` begin in the string of all words."""
        offset = self._starts[min(line, len(self._starts)) - 1]
        index = bisect_right(self._places, offset - 1)
        return self._at[index] if index < len(self._at) else len(self._words)
