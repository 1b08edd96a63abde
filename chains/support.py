"""Whether the sentences of a source carry a claim: its figures, its words, and what its clauses say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    given = [value for source in sources for value in figures(source)]
    named = [value for value in figures(context) if value.kind is ValueKind.CODE]
    for value in figures(claim):
        equal = [other for other in given if same_value(value, other, jurisdiction=jurisdiction)]
        if not equal:
            if any(same_value(value, other) for other in named):
                continue
            return UnsupportedReason.FIGURE
        if not any(_bounds_agree(value, other) for other in equal):
            return UnsupportedReason.BOUND
    if any(_is_swapped(value, claim, sources) for value in figures(claim)):
        return UnsupportedReason.FIGURE
    return None


def _bounds_agree(claimed: Value, given: Value) -> bool:
    if claimed.bound == given.bound or claimed.kind in (ValueKind.ADDRESS, ValueKind.CODE, ValueKind.RATE):
        return True
    if claimed.kind in (ValueKind.NUMBER, ValueKind.DATE):
        return {claimed.bound, given.bound} <= {Bound.EXACT, Bound.FROM} or {claimed.bound, given.bound} == {
            Bound.BY,
            Bound.AT_MOST,
        }
    return {claimed.bound, given.bound} == {Bound.BY, Bound.AT_MOST}


def _is_swapped(value: Value, claim: str, sources: Sequence[str]) -> bool:
    """Whether the claim says of this figure what its source says of another figure of the same kind."""
    mine = _surroundings(claim, value)
    for source in sources:
        rivals = [other for other in figures(source) if other.kind is value.kind]
        own = [_overlap(mine, _surroundings(source, other)) for other in rivals if same_value(value, other)]
        others = [_overlap(mine, _surroundings(source, other)) for other in rivals if not same_value(value, other)]
        if own and others and max(others) > max(own) + 0.2:
            return True
    return False


def _surroundings(text: str, value: Value) -> frozenset[str]:
    """The words between a figure and its neighbours of the same kind."""
    same = [other for other in figures(text) if other.kind is value.kind]
    low = max((other.end for other in same if other.end <= value.start), default=0)
    high = min((other.start for other in same if other.start >= value.end), default=len(text))
    return frozenset(
        content_words(
            text[max(low, value.start - 60) : value.start] + " " + text[value.end : min(high, value.end + 60)]
        )
    )


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
    said = clauses(claim)
    around = frozenset(_terms([context]))
    kept: set[tuple[int, int]] = set()
    for clause in said:
        reasons: list[UnsupportedReason] = []
        for number, source in enumerate(sources):
            for index, given in _best(clause, clauses(source)):
                reason = _differs(clause, given, said, around)
                if reason is None:
                    kept.add((number, index))
                    break
                reasons.append(reason)
            else:
                continue
            break
        else:
            return reasons[0] if reasons else UnsupportedReason.WORDS
    return _dropped_condition(said, [clauses(source) for source in sources], kept)


def _best(clause: Clause, given: Sequence[Clause]) -> list[tuple[int, Clause]]:
    """The clauses of one source sentence that a claim's clause repeats best, all those that are equally good."""
    scored = [(_likeness(clause, other), index) for index, other in enumerate(given)]
    top = max((score for score, _ in scored), default=(0.0, 0.0))
    if top[0] == 0 and clause.words:
        return []
    return [(index, given[index]) for score, index in scored if score == top]


def _likeness(clause: Clause, other: Clause) -> tuple[float, float]:
    shared = len(clause.words & other.words)
    return shared / (len(clause.words) or 1), shared / (len(clause.words | other.words) or 1)


def _differs(clause: Clause, given: Clause, said: Sequence[Clause], around: frozenset[str]) -> UnsupportedReason | None:
    if clause.marker != given.marker:
        return UnsupportedReason.CONDITION
    if clause.negated != given.negated:
        return UnsupportedReason.POLARITY
    if not clause.modality & given.modality and not _is_instruction(clause, given):
        return UnsupportedReason.POLARITY if _opposed(clause, given) else UnsupportedReason.MODALITY
    if _other_actor(clause, given):
        return UnsupportedReason.ACTOR
    everything = frozenset().union(*(other.words for other in said))
    if given.subject - everything - around - GENERIC:
        return UnsupportedReason.ACTOR
    return _degree_differs(clause, given, said, everything) or _turn_differs(clause, given)


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
    added = any(degree in _ADDED_DEGREES - theirs for degree, _ in clause.degrees)
    return UnsupportedReason.DEGREE if dropped or added else None


def _turn_differs(clause: Clause, given: Clause) -> UnsupportedReason | None:
    mine, theirs = dict((word, turn) for turn, word in clause.turns), dict((word, turn) for turn, word in given.turns)
    shared = clause.words & given.words
    if any(mine.get(word) != theirs.get(word) for word in shared):
        return UnsupportedReason.WORDS
    return None


def _dropped_condition(
    said: Sequence[Clause], sources: Sequence[Sequence[Clause]], kept: set[tuple[int, int]]
) -> UnsupportedReason | None:
    """A condition holds for the statement it stands beside, and for all of a sentence that it opens."""
    for number, given in enumerate(sources):
        groups = {given[index].group for source, index in kept if source == number and given[index].marker is None}
        for clause in given:
            governs = clause.marker in _CONDITIONS and groups and (clause.leading or clause.group in groups)
            if governs and not _is_kept(clause, said):
                return UnsupportedReason.CONDITION
    return None


def _is_kept(condition: Clause, said: Sequence[Clause]) -> bool:
    under = [clause.words for clause in said if clause.marker == condition.marker]
    words = frozenset().union(*under)
    return bool(under) and len(condition.words & words) >= MIN_CONDITION_SHARE * len(condition.words)
