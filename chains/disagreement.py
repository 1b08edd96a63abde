"""Where current sources say different things of one matter: another figure, a "may" against a "must not". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chains.grounding import GroundedSentence, LocatedQuote
from chains.grounding.bounds import Bound
from chains.grounding.clauses import Clause, clauses
from chains.grounding.operators import DENYING, Modality
from chains.grounding.values import Value, ValueKind, figures
from chains.grounding.wording import content_words, stem
from chains.kinds import kinds_in
from chains.statements import Statement, statements_of
from core.types import Passage
from retrieval.tokenise import content_terms

__all__ = ["Disagreement", "disagreements"]

_LEAST_CONTAINED = 0.75
_LEAST_JACCARD = 0.6
_LEAST_WORDS = 3
"""Shares of the words that two sentences on one matter have in common, figures left out, and how many these must be.
`assistant check` compares documents at .5 and tells an editor; a false alarm here would unsettle a reader."""
_SAME_RULE = 0.8
"""The same share for sentences without a figure, of which only a "not" or a "may" is to differ."""

_WORTH_A_LOOK = 0.4
"""The same share by other stems, with figures among the words: below every pair that the others let through."""

_COMPARED = frozenset(
    (ValueKind.MONEY, ValueKind.PERCENT, ValueKind.DURATION, ValueKind.AGE, ValueKind.NUMBER, ValueKind.DATE)
)
_TIED = (ValueKind.MONEY, ValueKind.DURATION)
"""Figures of these kinds are compared within their unit: 30 days are no other value of 20 hours."""

_DENYING = DENYING | {Modality.UNSURE}

_SUBJECTS = frozenset(
    stem(word)
    for word in (
        "abroad adult appeal apprentice asylum bachelor biometric border business child citizen citizenship conditional"
        " degree diploma doctoral employer entry extend family fast first grandparent inside land mail married master"
        " medical multiple online outside paper parent partner permanent post premium priority refugee renew replace"
        " restore retire review second single sponsor spouse standard stay student study temporary third tourist"
        " transit unmarried urgent visit visitor work worker minor infant senior each additional seasonal new lost"
        " initial dependant late minimum maximum usual average"
    ).split()
)
"""Words that decide what a rule is about: where only one of two sentences has one, they tell two rules."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`shown` is the index of a sentence of the answer; `other` the one of another document that contradicts it.

    `said` and `instead` are the words that differ: two figures, or the whole sentences where there are none.
    """

    shown: int
    other: GroundedSentence
    said: str
    instead: str


def disagreements(told: Sequence[GroundedSentence], passages: Sequence[Passage]) -> list[Disagreement]:
    """For each sentence of an answer the first of another document of the same country that contradicts it.

    `passages` are all that are in force on the day asked about; those of one document never count against each other.
    """
    found: list[Disagreement] = []
    for index, sentence in enumerate(told):
        quote = sentence.quotes[-1]
        ours = passages[quote.passage_index]
        for at, passage in enumerate(passages):
            if _may_disagree(ours, passage) and (other := _contradiction(index, sentence.text, ours, at, passage)):
                found.append(other)
                break
    return found


def _may_disagree(ours: Passage, other: Passage) -> bool:
    english = all(passage.meta.language.lower().startswith("en") for passage in (ours, other))
    same_place = ours.jurisdiction == other.jurisdiction
    return english and same_place and ours.chunk.document_id != other.chunk.document_id


def _contradiction(index: int, text: str, ours: Passage, at: int, passage: Passage) -> Disagreement | None:
    for statement in statements_of(passage.chunk):
        if statement.members or not _share_words(text, statement):
            continue
        about, theirs = _kinds(text, ours), _kinds(statement.text, passage)
        if about != theirs and about and theirs:
            continue
        if (clash := _figures_clash(text, statement.text)) or _rules_clash(text, statement.text):
            said, instead = clash or (text, statement.text)
            quotes = tuple(_located(at, passage, quote, statement) for quote in statement.quotes)
            return Disagreement(index, GroundedSentence(statement.text, quotes), said, instead)
    return None


def _kinds(text: str, passage: Passage) -> frozenset[str]:
    """The kinds of permit a sentence is about: its own, else those of what stands above it."""
    chunk = passage.chunk
    above = " . ".join((passage.meta.title, *chunk.section, chunk.question or ""))
    return kinds_in(text) or kinds_in(above)


def _share_words(text: str, statement: Statement) -> bool:
    """Whether a closer look can find anything: it costs a hundred times as much."""
    ours = content_terms(text)
    return len(ours & statement.terms) >= max(_LEAST_WORDS, _WORTH_A_LOOK * len(ours))


def _figures_clash(ours: str, theirs: str) -> tuple[str, str] | None:
    """The figures of one kind and unit of which the two sentences name other values, where all else agrees."""
    if not _same_matter(_words(ours), _words(theirs), least=_LEAST_JACCARD) or not _same_clauses(ours, theirs):
        return None
    mine, other = _by_kind(figures(ours)), _by_kind(figures(theirs))
    if mine.keys() != other.keys():
        return None
    differing = [kind for kind in mine if not {v.key for v in mine[kind]} & {v.key for v in other[kind]}]
    agreeing = [kind for kind in mine if {v.key for v in mine[kind]} == {v.key for v in other[kind]}]
    if len(differing) != 1 or len(differing) + len(agreeing) != len(mine):
        return None
    first, second = mine[differing[0]], other[differing[0]]
    if len(first) != 1 or len(second) != 1 or first[0].kind not in _COMPARED or not _same_bound(first[0], second[0]):
        return None
    return _as_said(ours, first[0]), _as_said(theirs, second[0])


def _by_kind(values: Iterable[Value]) -> dict[tuple[ValueKind, str], list[Value]]:
    grouped: dict[tuple[ValueKind, str], list[Value]] = {}
    for value in values:
        unit = value.key.split()[-1] if value.kind is ValueKind.DURATION else value.unit
        grouped.setdefault((value.kind, unit if value.kind in _TIED else ""), []).append(value)
    return grouped


def _same_bound(ours: Value, theirs: Value) -> bool:
    """Whether the two limit in one direction; "about 30" is compared with nothing."""
    return ours.bound == theirs.bound is not Bound.ABOUT or {ours.bound, theirs.bound} == {Bound.BY, Bound.AT_MOST}


def _rules_clash(ours: str, theirs: str) -> bool:
    """Whether two sentences of the same words, figures among them, differ in what they forbid."""
    if {v.key for v in figures(ours)} != {v.key for v in figures(theirs)}:
        return False
    if not _same_matter(_words(ours), _words(theirs), least=_SAME_RULE):
        return False
    mine, other = clauses(ours), clauses(theirs)
    if len(mine) != len(other) or any(one.marker != two.marker for one, two in zip(mine, other, strict=True)):
        return False
    opposed = [_opposed(one, two) for one, two in zip(mine, other, strict=True)]
    return sum(opposed) == 1


def _opposed(ours: Clause, theirs: Clause) -> bool:
    denies = [bool(clause.modality & _DENYING) for clause in (ours, theirs)]
    return denies[0] != denies[1] and ours.negations != theirs.negations and not ours.modality & theirs.modality


def _same_clauses(ours: str, theirs: str) -> bool:
    """Whether both hold under the same conditions, so that their figures are for the same case."""
    mine, other = clauses(ours), clauses(theirs)
    for marker in {clause.marker for clause in (*mine, *other)} - {None}:
        one = frozenset(word for clause in mine if clause.marker is marker for word in _unmeasured(clause))
        two = frozenset(word for clause in other if clause.marker is marker for word in _unmeasured(clause))
        if len(one & two) < _LEAST_CONTAINED * max(len(one), len(two)):
            return False
    return not any(_opposed(one, two) for one, two in zip(mine, other, strict=False))


def _unmeasured(clause: Clause) -> Iterator[str]:
    return (word for word in clause.words if not word[0].isdigit())


def _same_matter(ours: frozenset[str], theirs: frozenset[str], *, least: float) -> bool:
    shared = len(ours & theirs)
    if shared < _LEAST_WORDS or (ours ^ theirs) & _SUBJECTS:
        return False
    return shared >= _LEAST_CONTAINED * min(len(ours), len(theirs)) and shared >= least * len(ours | theirs)


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    """The stems of a sentence's words without its figures."""
    for value in reversed(figures(text)):
        text = f"{text[: value.start]} {text[value.end :]}"
    return frozenset(content_words(text))


def _as_said(text: str, value: Value) -> str:
    return " ".join(text[slice(*value.whole)].split())


def _located(at: int, passage: Passage, quote: str, statement: Statement) -> LocatedQuote:
    low = passage.chunk.start + passage.chunk.text.index(quote, statement.start)
    return LocatedQuote(at, low, low + len(quote), quote)
