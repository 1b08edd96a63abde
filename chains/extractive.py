"""The writer without a language model: it picks the documents' own sentences and puts them in a sensible order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chains.contextualise import Search
from chains.drafts import DraftQuote, DraftSentence
from chains.neighbours import leans_back, limits_what_came_before
from chains.statements import Statement, heading_of, statements_of
from chains.wanted import Figure, figure_asked, holds_figure, wants_list
from core.types import Passage
from retrieval.tokenise import content_terms

__all__ = ["MAX_SENTENCES", "MAX_WORDS", "write_extractive"]

MAX_SENTENCES = 5
MAX_WORDS = 110
"""What a person reads on a telephone without scrolling; a list that answers is given whole even if it is longer."""
_MAX_LIST_WORDS = 130
_POOL = 8
_PASSAGE_FLOOR = 0.55
"""Share of the best passage's score below which a passage offers no sentences."""
_SAME_SECTION, _SAME_DOCUMENT, _OTHER_DOCUMENT = 0.5, 0.7, 0.9
"""Share of the best sentence's chance from which another is added: the farther away, the surer it must be."""
_SAME_QUESTION = 0.8
"""Likeness of heading and question from which the section is their answer and is given whole."""
_ONE_ITEM = 2.5
"""How much likelier than the second an item of a list must be to be given without the list."""
_REPEATS = 0.6
"""Jaccard overlap of content terms from which a sentence says what another one said."""

# Logistic regression of "the sentence lies in the marked answer" on first questions of doc2dial (CC BY 3.0), in four
# parts by document, and on the odd half of evals/cases/first.jsonl; figures by `python -m benchmarks.sentences`.
_BIAS = -9.2
_COSINE, _OWN, _HEADING, _SCORE, _FIRST = 1.3, 1.0, 2.7, 5.2, 1.1
_FIGURE, _NO_FIGURE, _LIST = 1.0, -0.7, 0.7


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A statement of the passage at `passage` and its chance to answer; `section` tells sections of all documents apart."""

    passage: int
    section: tuple[str, ...]
    statement: Statement
    chance: float
    likeness: float

    @property
    def order(self) -> tuple[int, int]:
        return self.passage, self.statement.start


def write_extractive(search: Search, passages: Sequence[Passage]) -> list[DraftSentence]:
    """The sentences that answer, at most what a person will read, each quoting itself; empty when there are none."""
    candidates = _lists_or_items(_candidates(search, passages))
    if not candidates:
        return []
    best = max(candidates, key=lambda candidate: candidate.chance)
    chosen = _fill(_whole_section(best, candidates) or [best], candidates)
    first = {candidate.section: rank for rank, candidate in reversed(list(enumerate(chosen)))}
    ordered = sorted(_complete(chosen, candidates), key=lambda pick: (first.get(pick.section, len(first)), pick.order))
    return [
        DraftSentence(pick.statement.text, (DraftQuote(pick.passage + 1, pick.statement.quote),)) for pick in ordered
    ]


def _candidates(search: Search, passages: Sequence[Passage]) -> list[_Candidate]:
    asked, wanted = content_terms(search.topic), (figure_asked(search.text), wants_list(search.text))
    floor = _PASSAGE_FLOOR * max((passage.score for passage in passages), default=0.0)
    pool = [(at, passage) for at, passage in enumerate(passages[:_POOL]) if passage.score >= floor]
    weights = _rarity(asked, [passage for _, passage in pool])
    return [candidate for at, passage in pool for candidate in _of_passage(at, passage, weights=weights, wanted=wanted)]


def _of_passage(
    at: int, passage: Passage, *, weights: Mapping[str, float], wanted: tuple[Figure | None, bool]
) -> Iterator[_Candidate]:
    figure, listed = wanted
    chunk = passage.chunk
    likeness = _likeness(content_terms(heading_of(chunk, passage.meta.title)), weights)
    section = (chunk.version_id, *chunk.section, chunk.question or "", str(chunk.unit))
    ground = _BIAS + _HEADING * likeness + _SCORE * passage.score
    for statement in statements_of(chunk):
        cosine = max(
            (passage.sentence_scores[n] for n in statement.scores if n < len(passage.sentence_scores)), default=0.0
        )
        own = _share(statement.terms, weights)
        logit = ground + _COSINE * cosine + _OWN * own + _FIRST * (statement.place == 0)
        logit += _LIST * (listed and bool(statement.members))
        if figure is not None:
            logit += _FIGURE if holds_figure(statement.text, figure) else _NO_FIGURE
        yield _Candidate(at, section, statement, 1 / (1 + math.exp(-logit)), likeness)


def _rarity(asked: frozenset[str], passages: Sequence[Passage]) -> dict[str, float]:
    """How much each asked term that occurs at all tells these passages apart."""
    found: Counter[str] = Counter()
    for passage in passages:
        terms = set(content_terms(heading_of(passage.chunk, passage.meta.title)))
        found.update(terms.union(*(statement.terms for statement in statements_of(passage.chunk))) & asked)
    return {term: math.log(1 + len(passages) / (count + 0.5)) for term, count in found.items()}


def _share(terms: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weight for term, weight in weights.items() if term in terms) / (sum(weights.values()) or 1.0)


def _likeness(heading: frozenset[str], weights: Mapping[str, float]) -> float:
    """Dice coefficient of heading and question; a word of the heading that was not asked counts like a rare one."""
    common = sum(weight for term, weight in weights.items() if term in heading)
    every = sum(weights.values()) + sum(weights.get(term, 2.0) for term in heading)
    return 2 * common / every if every else 0.0


def _whole_section(best: _Candidate, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """All of a short section that was asked for in its own words: a part of it could mislead."""
    if best.likeness < _SAME_QUESTION:
        return []
    whole = _without_parts([candidate for candidate in candidates if candidate.section == best.section])
    too_long = sum(candidate.statement.words for candidate in whole) > MAX_WORDS or len(whole) > MAX_SENTENCES
    return [] if too_long else sorted(whole, key=lambda candidate: candidate.order)


def _without_parts(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    parts = {(candidate.passage, part) for candidate in candidates for part in candidate.statement.members}
    return [candidate for candidate in candidates if (candidate.passage, candidate.statement.place) not in parts]


def _fill(begun: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """What was begun and what else answers, the likeliest first, as far as a person reads."""
    chosen = list(begun)
    words = sum(candidate.statement.words for candidate in chosen)
    for candidate in sorted(candidates, key=lambda candidate: -candidate.chance):
        if candidate.chance < _least_share(candidate, chosen[0]) * chosen[0].chance or len(chosen) >= MAX_SENTENCES:
            continue
        length = candidate.statement.words
        room = _MAX_LIST_WORDS if candidate.statement.members else MAX_WORDS
        if words + length > room or any(_repeats(candidate, other) for other in chosen):
            continue
        chosen.append(candidate)
        words += length
    return chosen


def _least_share(candidate: _Candidate, best: _Candidate) -> float:
    if candidate.section == best.section:
        return _SAME_SECTION
    return _SAME_DOCUMENT if candidate.section[0] == best.section[0] else _OTHER_DOCUMENT


def _lists_or_items(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Each list whole, unless one of its items stands out: then that item, with what introduces it."""
    by_place = {(candidate.passage, candidate.statement.place): candidate for candidate in candidates}
    left_out: set[_Candidate] = set()
    for candidate in candidates:
        items = [by_place[candidate.passage, place] for place in candidate.statement.members]
        if not items:
            continue
        first, *others = sorted(items, key=lambda item: -item.chance)
        stands_out = bool(others) and first.chance >= _ONE_ITEM * others[0].chance
        left_out.update([candidate, *others] if stands_out else items)
    return [candidate for candidate in candidates if candidate not in left_out]


def _complete(chosen: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Add the sentence a chosen one leans on, and the one that limits it: neither can be left out honestly."""
    whole = sorted(_without_parts(candidates), key=lambda candidate: candidate.order)
    complete = dict.fromkeys(chosen)
    for before, after in zip(whole, whole[1:], strict=False):
        if before.passage != after.passage:
            continue
        if after in complete and leans_back(after.statement.text) and not _covers(complete, before):
            complete[before] = None
        if before in complete and limits_what_came_before(after.statement.text) and not _covers(complete, after):
            complete[after] = None
    return list(complete)


def _covers(chosen: Mapping[_Candidate, None], candidate: _Candidate) -> bool:
    return any(candidate.statement.text in other.statement.text for other in chosen)


def _repeats(candidate: _Candidate, other: _Candidate) -> bool:
    one, two = candidate.statement, other.statement
    if one.quote in two.text or two.quote in one.text:
        return True
    union = len(one.terms | two.terms)
    return bool(union) and len(one.terms & two.terms) / union >= _REPEATS
