"""The rule on figures: two current documents of one country that say the same thing with another value."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.check.document import CheckedDocument, Statement
from ingest.check.finding import Code, Finding
from ingest.check.measures import Measure, measures
from retrieval.tokenise import content_terms, terms

__all__ = ["check_figures"]

# Measured on 136 documents: of 86 pairs of sentences that share half of their words and tell the same figure, a change
# of one is found in 38; of 12 such pairs that rightly tell different figures, none is reported. A rule with false
# alarms would be switched off.
_LEAST_JACCARD = 0.5
_LEAST_CONTAINED = 0.75
_LEAST_TERMS = 4

_SUBJECTS = frozenset(
    terms(
        "abroad adult appeal apprentice asylum bachelor biometric border business child citizen citizenship conditional"
        " degree diploma doctoral employer entry extend family fast first grandparent inside land mail married master"
        " medical multiple online outside paper parent partner permanent post premium priority refugee renew replace"
        " restore retire review second single sponsor spouse standard stay student study temporary third tourist"
        " transit unmarried urgent visit visitor work worker"
    )
)
"""Words that decide what a rule is about: where only one of two sentences has one, they tell two rules."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence, its figures and its content words without them."""

    statement: Statement
    figures: tuple[Measure, ...]
    words: frozenset[str]


def check_figures(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    """Sentences of two documents that agree in all but a fee, a duration, an age or a share."""
    every = [_told(statement) for document in documents for statement in document.statements()]
    weight = _weights(every)
    told = [item for item in every if item.figures and len(item.words) >= _LEAST_TERMS]
    for first, second in _alike(told, weight):
        clash = _clash(first.figures, second.figures)
        if clash is not None and _are_read_together(first.statement, second.statement):
            yield _finding(first.statement, second.statement, clash)


def _told(statement: Statement) -> _Told:
    figures = tuple(measures(statement.text, statement.jurisdiction))
    parts, at = [], 0
    for figure in figures:
        parts.append(statement.text[at : figure.start])
        at = figure.end
    words = content_terms(" ".join([*parts, statement.text[at:]]), statement.document.meta.language)
    return _Told(statement, figures, words)


def _weights(every: Sequence[_Told]) -> dict[str, float]:
    """How rare a word is, as its inverse document frequency: rare ones tell what a sentence is about."""
    counts = Counter(word for item in every for word in item.words)
    return {word: 1 + math.log(len(every) / count) for word, count in counts.items()}


def _alike(told: Sequence[_Told], weight: dict[str, float]) -> Iterator[tuple[_Told, _Told]]:
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, item in enumerate(told):
        for word in item.words:
            holders[item.statement.jurisdiction, word].append(index)
    seen = set()
    for index, item in enumerate(told):
        for word in _rarest(item.words, weight):
            for other in holders[item.statement.jurisdiction, word]:
                pair = (min(index, other), max(index, other))
                if index != other and pair not in seen:
                    seen.add(pair)
                    if _same_thing(told[pair[0]].words, told[pair[1]].words, weight):
                        yield told[pair[0]], told[pair[1]]


def _rarest(words: frozenset[str], weight: dict[str, float]) -> Iterator[str]:
    """Words of which a sentence that is contained in another shares at least one."""
    room = (1 - _LEAST_CONTAINED) * sum(weight[word] for word in words)
    for word in sorted(words, key=lambda word: (-weight[word], word)):
        yield word
        room -= weight[word]
        if room < 0:
            return


def _same_thing(ours: frozenset[str], theirs: frozenset[str], weight: dict[str, float]) -> bool:
    if (ours ^ theirs) & _SUBJECTS:
        return False
    shared = sum(weight[word] for word in ours & theirs)
    own = sum(weight[word] for word in ours)
    other = sum(weight[word] for word in theirs)
    return shared >= _LEAST_CONTAINED * min(own, other) and shared >= _LEAST_JACCARD * (own + other - shared)


def _clash(ours: Sequence[Measure], theirs: Sequence[Measure]) -> tuple[Measure, Measure] | None:
    """A figure of each that cannot both be right: of one unit, none of whose values both sentences name."""
    for mine in ours:
        same_unit = [other for other in theirs if other.unit == mine.unit]
        values = {figure.value for figure in ours if figure.unit == mine.unit}
        if same_unit and not values & {other.value for other in same_unit} and mine.bound == same_unit[0].bound:
            return mine, same_unit[0]
    return None


def _are_read_together(first: Statement, second: Statement) -> bool:
    """Whether one person on one day could be told both."""
    ours, theirs = first.document, second.document
    if ours is theirs or not ours.in_force_with(theirs) or ours.meta.audience != theirs.meta.audience:
        return False
    return ours.meta.supersedes != theirs.id and theirs.meta.supersedes != ours.id


def _finding(first: Statement, second: Statement, clash: tuple[Measure, Measure]) -> Finding:
    mine, other = clash
    place = f"{first.document.id}:{first.line}" if first.line else first.document.id
    message = (
        f"{second.text[other.start : other.end]!r} here, {first.text[mine.start : mine.end]!r} in {place}, "
        f"which says otherwise the same: “{first.text}”"
    )
    fix = "compare both with the official page and correct the one that is wrong"
    return second.document.finding(Code.FIGURES_DIFFER, message, fix, line=second.line)
