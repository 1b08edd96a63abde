"""Which kind of permit or visa a text is about, since the rules of one kind answer no question about another."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["kinds_in", "leaves_kind_open", "named_kind", "other_kind"]

_SAME: dict[str, str] = {
    "student": "study", "tourist": "visitor", "visit": "visitor", "spouse": "partner", "spousal": "partner",
    "marriage": "partner", "fiancé": "fiance", "fiancée": "fiance", "post-graduation work": "graduate",
}  # fmt: skip
_BROADER: dict[str, str] = {"skilled worker": "work"}
"""What is said of every work visa is said of a skilled worker's too; not the other way round."""
_NAMES = (
    r"post-graduation work|study|student|open work|work|visitor|visit|tourist|transit|partner|spouse|spousal"
    r"|marriage|fianc[eé]e?|family|graduate|skilled worker|bridging|protection|resident|super|long-stay|short-stay"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)
_KIND = re.compile(rf"\b((?:(?:{_NAMES})(?:,? (?:or|and) |/|, ))*(?:{_NAMES}))[ -](?:permit|visa)s?\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(visitor|student|tourist|partner|spouse|fianc[eé]e?|graduate|skilled worker)s?\b", re.IGNORECASE
)


_OF_ANY_KIND = re.compile(
    r"\b(?:my|our|his|her|their|your|an?|the|this|that|any|which|what|for|of|on|with)\s+(?:permit|visa)s?\b(?! \d)",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def kinds_in(text: str) -> frozenset[str]:
    """The kinds of permit or visa that `text` names, each under one name."""
    found = (name.casefold() for match in _KIND.finditer(text) for name in _NAME.findall(match.group(1)))
    return frozenset(_SAME.get(kind, kind).removeprefix("open ") for kind in found)


def named_kind(title: str) -> tuple[str, str] | None:
    """The one kind that a title is about, and the words for it, as in "Work permits in Canada"; None for another."""
    if len(kinds_in(title)) != 1:
        return None
    found = _KIND.search(title)
    assert found is not None
    return next(iter(kinds_in(title))), found.group().lower().removesuffix("s")


def leaves_kind_open(question: str) -> bool:
    """Whether it asks of a permit or visa without a word that says which: "my permit", "a visa for Canada"."""
    return _OF_ANY_KIND.search(question) is not None and not kinds_in(question) and not _people_in(question)


def other_kind(text: str, *, asked: frozenset[str]) -> bool:
    """Whether `text` names kinds of permit or visa and none of those that were asked about, nor whom they are for."""
    if not asked:
        return False
    named = kinds_in(text)
    meant = asked.union(_BROADER[kind] for kind in asked if kind in _BROADER)
    return bool(named) and not meant & named and not asked & _people_in(text)


@lru_cache(maxsize=8192)
def _people_in(text: str) -> frozenset[str]:
    """The kinds whose holders `text` speaks of: "a visitor cannot work without a work permit" is about visitors."""
    return frozenset(_SAME.get(word, word) for word in map(str.casefold, _PEOPLE.findall(text)))
