"""Whether the figures of a claim stand in its sources, by value, in the same direction and of the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chains.grounding.bounds import Bound
from chains.grounding.reasons import UnsupportedReason
from chains.grounding.values import Value, ValueKind, figures, same_value
from chains.grounding.wording import content_words

__all__ = ["check_figures"]

_TIE = 0.1
"""Likeness of surroundings by which two places of one figure count as the same place."""
_SWAPPED = 0.2
"""How much likelier another figure's surroundings must be before a figure counts as taken from there."""

_CUT = re.compile(
    r"[,;:.()](?!\d)|\b(?:if|when|unless|until|before|after|while|and|but|or|because|who|which|that)\b", re.IGNORECASE
)


def check_figures(claim: str, sources: Sequence[str], *, context: str, jurisdiction: str) -> UnsupportedReason | None:
    """What is wrong with the first figure that no source gives by value, with the same bound and of the same thing."""
    codes = [value for value in figures(context) if value.kind is ValueKind.CODE]
    for value in figures(claim):
        equal = [
            (_overlap(_surroundings(claim, value), _surroundings(source, other)), other)
            for source in sources
            for other in figures(source)
            if same_value(value, other, jurisdiction=jurisdiction)
        ]
        equal = [pair for pair in equal if pair[1].kind is value.kind] or equal
        if not equal and not any(same_value(value, code) for code in codes):
            return UnsupportedReason.FIGURE
        nearest = max((likeness for likeness, _ in equal), default=0.0) - _TIE
        if equal and not any(likeness >= nearest and _bounds_agree(value, other) for likeness, other in equal):
            return UnsupportedReason.BOUND
        if any(_is_swapped(value, claim, source) for source in sources):
            return UnsupportedReason.FIGURE
    return None


def _bounds_agree(claimed: Value, given: Value) -> bool:
    if claimed.bound == given.bound:
        return True
    if claimed.kind in (ValueKind.NUMBER, ValueKind.DATE):
        return {claimed.bound, given.bound} <= {Bound.EXACT, Bound.FROM} or {claimed.bound, given.bound} == {
            Bound.BY,
            Bound.AT_MOST,
        }
    return {claimed.bound, given.bound} == {Bound.BY, Bound.AT_MOST}


def _is_swapped(value: Value, claim: str, source: str) -> bool:
    """Whether the claim says of this figure what its source says of another figure of the same kind."""
    mine = _surroundings(claim, value)
    rivals = [other for other in figures(source) if other.kind is value.kind]
    own = [_overlap(mine, _surroundings(source, other)) for other in rivals if same_value(value, other)]
    others = [_overlap(mine, _surroundings(source, other)) for other in rivals if not same_value(value, other)]
    return bool(own and others) and max(others) > max(own) + _SWAPPED


def _surroundings(text: str, value: Value) -> frozenset[str]:
    """The words around a figure, as far as the next figure of its kind and within its own clause."""
    same = [other for other in figures(text) if other.kind is value.kind]
    low = max((other.end for other in same if other.end <= value.start), default=0)
    high = min((other.start for other in same if other.start >= value.end), default=len(text))
    before, after = _CUT.split(text[low : value.start])[-1], _CUT.split(text[value.end : high])[0]
    return frozenset(content_words(f"{before} {after}"))


def _overlap(mine: frozenset[str], other: frozenset[str]) -> float:
    return len(mine & other) / (len(mine | other) or 1)
