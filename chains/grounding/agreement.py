"""Whether a clause of a claim says the same as a clause of a source: polarity, modality, actor, degree."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from chains.grounding.clauses import Clause
from chains.grounding.operators import DENYING, GENERIC, Degree, Modality
from chains.grounding.reasons import UnsupportedReason

__all__ = ["differs", "is_exchanged", "same_negations"]

_KEPT_DEGREES = frozenset((Degree.MOST, Degree.SOME, Degree.FEW, Degree.ONLY))
_ADDED_DEGREES = frozenset((Degree.ALL, Degree.ONLY, Degree.FEW))


def differs(clause: Clause, given: Clause, said: Sequence[Clause], around: frozenset[str]) -> UnsupportedReason | None:
    """In what a claim's clause says something else than the source's; `said` are all clauses of the claim."""
    if clause.marker != given.marker:
        return UnsupportedReason.CONDITION
    if not same_negations(clause, given):
        return UnsupportedReason.POLARITY
    if not clause.modality & given.modality and not _is_instruction(clause, given):
        return UnsupportedReason.POLARITY if _opposed(clause, given) else UnsupportedReason.MODALITY
    if _other_actor(clause, given):
        return UnsupportedReason.ACTOR
    everything = frozenset().union(*(other.words for other in said))
    if given.subject - everything - around - GENERIC:
        return UnsupportedReason.ACTOR
    return _degree_differs(clause, given, said, everything) or _turn_differs(clause, given)


def is_exchanged(clause: Clause, source: Sequence[Clause], everything: frozenset[str]) -> bool:
    """Whether a word stands where the source has another one that the claim holds nowhere: put from elsewhere."""
    order = [word for given in source for word in given.order]
    for tag, low, high, start, end in SequenceMatcher(None, order, clause.order, autojunk=False).get_opcodes():
        if tag == "replace" and not everything.intersection(order[low:high]) and clause.order[start:end]:
            return True
    return False


def same_negations(clause: Clause, given: Clause) -> bool:
    """Whether both hold as many negations; a fragment may share its neighbour's."""
    return clause.negations == given.negations or clause.is_fragment or given.is_fragment


def _opposed(clause: Clause, given: Clause) -> bool:
    return bool(clause.modality <= DENYING) != bool(given.modality <= DENYING)


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
