"""Whether the sentences of a source carry a claim: its figures, its words, and what its clauses say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chains.grounding.agreement import differs, is_exchanged, same_negations
from chains.grounding.clauses import Clause, clauses
from chains.grounding.figure_check import check_figures
from chains.grounding.operators import DENYING, GENERIC, Marker, Modality
from chains.grounding.reasons import UnsupportedReason
from chains.grounding.wording import COUNTRIES

__all__ = ["unsupported"]

MIN_OWN_SHARE = 0.5
"""Share of a claim's words that its quotes themselves must hold; title and headings may carry the rest."""
MIN_CONDITION_SHARE = 0.6
"""Share of a condition's words that must be kept for it to count as kept ("if you meet the rules" of
"if you meet the other rules")."""

_YES_NO = re.compile(r"\s*(yes|no)\s*[,.:;—–-]", re.IGNORECASE)  # noqa: RUF001
_CONDITIONS = frozenset(
    (Marker.IF, Marker.UNLESS, Marker.UNTIL, Marker.BEFORE, Marker.AFTER, Marker.DURING, Marker.WITHOUT)
)


def unsupported(
    claim: str, sources: Sequence[str], *, context: str = "", jurisdiction: str = ""
) -> UnsupportedReason | None:
    """Why whole source sentences do not carry a claim; None when they do.

    `context` is what stands above them (title, headings): it may name what they are about, but states nothing.
    """
    return (
        check_figures(claim, sources, context=context, jurisdiction=jurisdiction)
        or _check_words(claim, sources, context)
        or _check_clauses(claim, sources, context)
    )


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
    if not said:
        return UnsupportedReason.WORDS
    if _answers_otherwise(claim, said, sources):
        return UnsupportedReason.POLARITY
    used: set[tuple[int, int]] = set()
    for clause in said:
        found = _carrier(clause, given, said, around)
        if isinstance(found, UnsupportedReason):
            return found
        used |= found
    return _dropped_condition(said, given, used)


def _answers_otherwise(claim: str, said: Sequence[Clause], sources: Sequence[str]) -> bool:
    """Whether a "yes" or "no" in front goes against the sentence behind it, and no source says it so."""
    answer = _YES_NO.match(claim)
    if not answer or any((own := _YES_NO.match(source)) and own[1].lower() == answer[1].lower() for source in sources):
        return False
    main = [clause for clause in said if clause.marker is None]
    denies = bool(main) and (main[0].modality <= DENYING or main[0].negations > 0)
    return denies != (answer[1].lower() == "no")


def _carrier(
    clause: Clause, given: Sequence[Sequence[Clause]], said: Sequence[Clause], around: frozenset[str]
) -> set[tuple[int, int]] | UnsupportedReason:
    """The places (source, clause) that carry a claim's clause: the likest, and those that hold its other words."""
    if _names_subject(clause, given):
        return set()
    reason = UnsupportedReason.WORDS
    everything = frozenset().union(*(other.words for other in said))
    for number, index in _likest(clause, given):
        found = differs(clause, given[number][index], said, around)
        if found is None and is_exchanged(clause, given[number], everything):
            found = UnsupportedReason.WORDS
        if found is None:
            more = _holders(clause, clause.words - given[number][index].words, given)
            if more is not None:
                return {(number, index), *more}
            found = UnsupportedReason.POLARITY
        reason = found if reason is UnsupportedReason.WORDS else reason
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
    """Where the words stand that the likest clause lacks; None when only under another "not" or "must"."""
    places: set[tuple[int, int]] = set()
    for number, source in enumerate(given):
        for index, other in enumerate(source):
            if 2 * len(rest & other.words) < max(1, len(other.words)):
                continue  # a thing that is merely mentioned there
            if not (other.modality & clause.modality and same_negations(clause, other)):
                return None
            places.add((number, index))
    return places


def _likeness(clause: Clause, other: Clause) -> tuple[float, float]:
    shared = len(clause.words & other.words)
    return shared / (len(clause.words) or 1), shared / (len(clause.words | other.words) or 1)


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
