"""Whether the sentences of a source carry a claim: its figures, its words, and what its clauses say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from chains.bounds import Bound
from chains.clauses import Clause, clauses
from chains.operators import GENERIC, Degree, Marker, Modality
from chains.values import Value, ValueKind, figures, same_value
from chains.wording import COUNTRIES, content_words

__all__ = ["UnsupportedReason", "unsupported"]


class UnsupportedReason(StrEnum):
    """The first thing in which a sentence goes beyond its quotes."""

    NO_QUOTE = "no_quote"
    QUOTE_NOT_FOUND = "quote_not_found"
    QUOTE_TOO_SHORT = "quote_too_short"
    NOT_A_STATEMENT = "not_a_statement"
    FIGURE = "figure"
    BOUND = "bound"
    COUNTRY = "country"
    WORDS = "words"
    POLARITY = "polarity"
    MODALITY = "modality"
    ACTOR = "actor"
    CONDITION = "condition"
    DEGREE = "degree"
    LANGUAGE = "language"


MIN_OWN_SHARE = 0.5
"""Share of a claim's words that its quotes themselves must hold; title and headings may carry the rest."""
MIN_CONDITION_SHARE = 0.6
"""Share of a condition's words that must be kept for it to count as kept ("if you meet the rules" of
"if you meet the other rules")."""

_TIE = 0.1
"""Likeness of surroundings by which two places of one figure count as the same place."""
_SWAPPED = 0.2
"""How much likelier another figure's surroundings must be before a figure counts as taken from there."""

_CUT = re.compile(
    r"[,;:.()](?!\d)|\b(?:if|when|unless|until|before|after|while|and|but|or|because|who|which|that)\b", re.IGNORECASE
)

_CONDITIONS = frozenset(
    (Marker.IF, Marker.UNLESS, Marker.UNTIL, Marker.BEFORE, Marker.AFTER, Marker.DURING, Marker.WITHOUT)
)
_KEPT_DEGREES = frozenset((Degree.MOST, Degree.SOME, Degree.FEW, Degree.ONLY))
_ADDED_DEGREES = frozenset((Degree.ALL, Degree.ONLY, Degree.FEW))


def unsupported(
    claim: str, sources: Sequence[str], *, context: str = "", jurisdiction: str = ""
) -> UnsupportedReason | None:
    """Why whole source sentences do not carry a claim; None when they do.

    `context` is what stands above them (title, headings): it may name what they are about, but states nothing.
    """
    return (
        _check_figures(claim, sources, context, jurisdiction)
        or _check_words(claim, sources, context)
        or _check_clauses(claim, sources, context)
    )


def _check_figures(claim: str, sources: Sequence[str], context: str, jurisdiction: str) -> UnsupportedReason | None:
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
    if claimed.bound == given.bound or _is_name(claimed):
        return True
    if claimed.kind in (ValueKind.NUMBER, ValueKind.DATE):
        return {claimed.bound, given.bound} <= {Bound.EXACT, Bound.FROM} or {claimed.bound, given.bound} == {
            Bound.BY,
            Bound.AT_MOST,
        }
    return {claimed.bound, given.bound} == {Bound.BY, Bound.AT_MOST}


def _is_name(value: Value) -> bool:
    return value.kind is ValueKind.ADDRESS or (value.kind is ValueKind.CODE and value.key[0].isalpha())


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


def _check_words(claim: str, sources: Sequence[str], context: str) -> UnsupportedReason | None:
    said = set(_terms([claim]))
    own, around = set(_terms(sources)), set(_terms([context]))
    missing = said - own
    countries = missing & COUNTRIES
    if countries - around or (countries and own & COUNTRIES):
        return UnsupportedReason.COUNTRY
    if missing - around - GENERIC:
        return UnsupportedReason.WORDS
    if said and len(said & own) < MIN_OWN_SHARE * len(said):
        return UnsupportedReason.WORDS
    return None


def _terms(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for clause in clauses(text):
            yield from (word for word in clause.words if not word[0].isdigit())


def _check_clauses(claim: str, sources: Sequence[str], context: str) -> UnsupportedReason | None:
    said, around = clauses(claim), frozenset(_terms([context]))
    given = [clauses(source) for source in sources]
    used: set[tuple[int, int]] = set()
    for clause in said:
        found = _carrier(clause, given, said, around)
        if isinstance(found, UnsupportedReason):
            return found
        used |= found
    return _dropped_condition(said, given, used)


def _carrier(
    clause: Clause, given: Sequence[Sequence[Clause]], said: Sequence[Clause], around: frozenset[str]
) -> set[tuple[int, int]] | UnsupportedReason:
    """The places (source, clause) that carry a claim's clause: the likest, and those that hold its other words."""
    if _names_subject(clause, given):
        return set()
    reason = UnsupportedReason.WORDS
    everything = frozenset().union(*(other.words for other in said))
    for number, index in _likest(clause, given):
        differs = _differs(clause, given[number][index], said, around)
        if differs is None and _is_exchanged(clause, given[number], everything):
            differs = UnsupportedReason.WORDS
        if differs is None:
            rest = clause.words - given[number][index].words
            more = _holders(clause, rest, given)
            if more is not None:
                return {(number, index), *more}
            differs = UnsupportedReason.POLARITY
        reason = differs if reason is UnsupportedReason.WORDS else reason
    return reason


def _names_subject(clause: Clause, given: Sequence[Sequence[Clause]]) -> bool:
    """Whether "if you are a British citizen" only says whom the source's own statement is about."""
    if clause.marker is not Marker.IF or clause.modality != {Modality.ASSERTED} or not clause.words:
        return False
    return any(clause.words <= other.subject for source in given for other in source if other.marker is None)


def _likest(clause: Clause, given: Sequence[Sequence[Clause]]) -> list[tuple[int, int]]:
    """The clauses that a claim's clause repeats best, all those that are equally good."""
    scored = [(_likeness(clause, other), (n, i)) for n, source in enumerate(given) for i, other in enumerate(source)]
    if not clause.words:  # "but some cannot", "if you do not"
        return [(n, i) for _, (n, i) in scored if not given[n][i].words] or [place for _, place in scored]
    top = max((score for score, _ in scored), default=(0.0, 0.0))
    return [place for score, place in scored if score == top and top[0] > 0]


def _holders(clause: Clause, rest: frozenset[str], given: Sequence[Sequence[Clause]]) -> set[tuple[int, int]] | None:
    """Where the words stand that the likest clause lacks; None when a word only stands under another "not" or "must"."""
    places: set[tuple[int, int]] = set()
    for number, source in enumerate(given):
        for index, other in enumerate(source):
            if 2 * len(rest & other.words) < max(1, len(other.words)):
                continue  # a thing that is merely mentioned there
            if not (other.modality & clause.modality and _same_negations(clause, other)):
                return None
            places.add((number, index))
    return places


def _likeness(clause: Clause, other: Clause) -> tuple[float, float]:
    shared = len(clause.words & other.words)
    return shared / (len(clause.words) or 1), shared / (len(clause.words | other.words) or 1)


def _differs(clause: Clause, given: Clause, said: Sequence[Clause], around: frozenset[str]) -> UnsupportedReason | None:
    if clause.marker != given.marker:
        return UnsupportedReason.CONDITION
    if not _same_negations(clause, given):
        return UnsupportedReason.POLARITY
    if not clause.modality & given.modality and not _is_instruction(clause, given):
        return UnsupportedReason.POLARITY if _opposed(clause, given) else UnsupportedReason.MODALITY
    if _other_actor(clause, given):
        return UnsupportedReason.ACTOR
    everything = frozenset().union(*(other.words for other in said))
    if given.subject - everything - around - GENERIC:
        return UnsupportedReason.ACTOR
    return _degree_differs(clause, given, said, everything) or _turn_differs(clause, given)


def _is_exchanged(clause: Clause, source: Sequence[Clause], everything: frozenset[str]) -> bool:
    """Whether a word stands where the source has another one that the claim holds nowhere: a part put from elsewhere."""
    order = [word for given in source for word in given.order]
    for tag, low, high, start, end in SequenceMatcher(None, order, clause.order, autojunk=False).get_opcodes():
        if tag == "replace" and not everything.intersection(order[low:high]) and clause.order[start:end]:
            return True
    return False


def _same_negations(clause: Clause, given: Clause) -> bool:
    return clause.negations == given.negations or clause.is_fragment or given.is_fragment


def _opposed(clause: Clause, given: Clause) -> bool:
    denied = {Modality.DENIED, Modality.PROHIBITED, Modality.NOT_OBLIGED, Modality.ADVISED_AGAINST}
    return bool(clause.modality <= denied) != bool(given.modality <= denied)


def _is_instruction(clause: Clause, given: Clause) -> bool:
    """Whether one of the two is the bare instruction ("Pay the fee") of the other's "you must pay the fee"."""
    pair = [clause.modality, given.modality]
    bare = any(Modality.ASSERTED in modality for modality in pair)
    bound = any(modality & {Modality.OBLIGED, Modality.ADVISED} for modality in pair)
    return bare and bound and bool(clause.first) and clause.first == given.first


def _other_actor(clause: Clause, given: Clause) -> bool:
    if clause.actor and given.actor:
        return clause.actor != given.actor and not {clause.actor, given.actor} <= GENERIC
    third = clause.actor if clause.actor not in GENERIC else ""
    return bool(third) and third not in given.subject | given.words


def _degree_differs(
    clause: Clause, given: Clause, said: Sequence[Clause], everything: frozenset[str]
) -> UnsupportedReason | None:
    mine = {degree for other in said for degree, _ in other.degrees}
    theirs = {degree for degree, _ in given.degrees}
    dropped = any(degree in _KEPT_DEGREES - mine and (not word or word in everything) for degree, word in given.degrees)
    refused = _ADDED_DEGREES if Degree.ALL not in theirs else frozenset(Degree)
    added = any(degree in refused for degree, _ in clause.degrees - given.degrees)
    return UnsupportedReason.DEGREE if dropped or added else None


def _turn_differs(clause: Clause, given: Clause) -> UnsupportedReason | None:
    shared = clause.words & given.words
    mine = {(turn, word) for turn, word in clause.turns if word in shared}
    theirs = {(turn, word) for turn, word in given.turns if word in shared}
    return UnsupportedReason.WORDS if mine != theirs else None


def _dropped_condition(
    said: Sequence[Clause], given: Sequence[Sequence[Clause]], used: set[tuple[int, int]]
) -> UnsupportedReason | None:
    """A condition holds for the statement it stands beside, and for all of a sentence that it opens."""
    governing: list[Clause] = []
    for number, source in enumerate(given):
        groups = {source[index].group for place, index in used if place == number}
        governing += [
            clause
            for clause in source
            if clause.marker in _CONDITIONS and groups and (clause.leading or clause.group in groups)
        ]
    for marker in {clause.marker for clause in governing}:
        mine, theirs = [c for c in said if c.marker == marker], [c for c in governing if c.marker == marker]
        if sum(c.opens for c in mine) < sum(c.opens for c in theirs) or not all(_is_kept(c, mine) for c in theirs):
            return UnsupportedReason.CONDITION
    return None


def _is_kept(condition: Clause, said: Sequence[Clause]) -> bool:
    words = frozenset().union(*(clause.words for clause in said))
    return len(condition.words & words) >= MIN_CONDITION_SHARE * len(condition.words)
