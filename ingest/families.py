"""Patterns grouped by what they can begin with, so that ordinary text is passed over quickly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.disguise import fold

__all__ = ["Family", "begun_by", "family"]


@dataclass(frozen=True, slots=True)
class Family:
    """Patterns that can only match where one of `stems` stands: looking for these first saves most of the time."""

    stems: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]

    def matches(self, folded: str) -> bool:
        return any(stem in folded for stem in self.stems) and any(p.search(folded) for p in self.patterns)


def family(stems: str, *patterns: str) -> Family:
    """The patterns behind `stems`, which are parted by bars."""
    return Family(tuple(stems.split("|")), tuple(map(re.compile, patterns)))


def begun_by(words: str, pattern: str) -> Family:
    """A pattern that can only match where one of the alternatives `words` begins."""
    return Family(tuple(map(fold, _stems(words))), (re.compile(pattern),))


def _stems(pattern: str) -> list[str]:
    """What the alternatives of a pattern begin with, letter for letter; the empty text where that cannot be told."""
    stems = []
    for alternative in _alternatives(pattern):
        if (group := re.match(r"\(\?:", alternative)) and (end := _closing(alternative)):
            optional = alternative[end + 1 : end + 2] in ("?", "*")
            stems += [""] if optional else _stems(alternative[group.end() : end])
            continue
        alternative = re.sub(r"^(?:\(\?<!.*?\))+|\\b", "", alternative)
        literal = re.match(r"[^\\()\[?*+|.]*", alternative)
        assert literal is not None
        optional = alternative[literal.end() : literal.end() + 1] in ("?", "*")
        stems.append(literal.group()[:-1] if optional else literal.group())
    return stems


def _alternatives(pattern: str) -> list[str]:
    parts, depth = [""], 0
    for character in pattern:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _closing(group: str) -> int:
    depth = 0
    for at, character in enumerate(group):
        depth += (character == "(") - (character == ")")
        if not depth:
            return at
    return 0
