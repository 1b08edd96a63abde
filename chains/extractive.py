"""The writer without a language model: it picks the documents' own sentences and puts them in a sensible order."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chains.contextualise import Search
from chains.drafts import DraftQuote, DraftSentence
from chains.kinds import kinds_in, other_kind
from chains.neighbours import leans_back, limits_what_came_before
from chains.statements import Statement, heading_of, statements_of
from chains.wanted import Figure, figure_asked, holds_figure, wants_list, without_figure_words
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
_YES_NO = re.compile(r"(?:Usually |In most cases,? |Generally |Normally )?(?:yes|no)(?:,|:|;) (?=\w)", re.IGNORECASE)
_ONE_ITEM = 2.5
"""How much likelier than the second an item of a list must be to be given without the list."""
_REPEATS = 0.6
"""Jaccard overlap of content terms from which a sentence says what another one said."""

# Logistic regression of "the sentence lies in the marked answer" on first questions of doc2dial (CC BY 3.0), rounded;
# figures by `python -m benchmarks.sentences`.
_BIAS = -9.2
_COSINE, _OWN, _HEADING, _SCORE, _FIRST = 1.3, 1.0, 2.7, 5.2, 1.1
# Set by hand on the odd half of evals/cases/first.jsonl: doc2dial has too few such questions to tell.
_FIGURE, _NO_FIGURE, _LIST, _CUT, _OTHER_KIND, _NOT_NAMED = 1.0, -0.7, 1.3, -2.0, -2.0, -1.5

_NAMED = re.compile(r"\b(?!UK\b|US\b|USA\b|EU\b|UAE\b|PR\b)(?:[A-Z]{2,}(?:-?\d+[A-Z]?)?|[A-Z]-?\d{1,4}[A-Z]?|\d{3})\b")
"""Things named by initials or code, as ILR, H-1B or 482: a passage without the name is about another thing."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made ready: what its terms weigh, the things it names by code or initials, the form of its answer."""

    kinds: frozenset[str]
    terms: frozenset[str]
    named: frozenset[str]
    weights: Mapping[str, float]
    figure: Figure | None
    listed: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A statement of the passage at `passage` and its chance to answer; `section` begins with the version.

    `same_question` says that all that was asked stands in its headings, so that their "Yes" is an answer.
    """

    passage: int
    section: tuple[str, ...]
    statement: Statement
    chance: float
    likeness: float
    same_question: bool

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
        DraftSentence(_said(pick), tuple(DraftQuote(pick.passage + 1, quote) for quote in pick.statement.quotes))
        for pick in ordered
    ]


def _said(pick: _Candidate) -> str:
    """The statement's text; its "Yes" or "No" only where it answers the question that was asked."""
    text = pick.statement.text
    answer = None if pick.same_question else _YES_NO.match(text)
    return text if answer is None else text[answer.end()].upper() + text[answer.end() + 1 :]


def _candidates(search: Search, passages: Sequence[Passage]) -> list[_Candidate]:
    floor = _PASSAGE_FLOOR * max((passage.score for passage in passages), default=0.0)
    pool = [(at, passage) for at, passage in enumerate(passages[:_POOL]) if passage.score >= floor]
    terms, named = (
        content_terms(without_figure_words(search.topic)),
        content_terms(" ".join(_NAMED.findall(search.topic))),
    )
    figure = figure_asked(search.text) or figure_asked(search.topic)
    weights = _rarity(terms, [passage for _, passage in pool])
    asked = _Asked(kinds_in(search.topic), terms, named, weights, figure, wants_list(search.text))
    return [candidate for at, passage in pool for candidate in _of_passage(at, passage, asked)]


def _of_passage(at: int, passage: Passage, asked: _Asked) -> Iterator[_Candidate]:
    chunk = passage.chunk
    likeness = _likeness(_heading_terms(passage), asked.weights)
    section = (chunk.version_id, *chunk.section, chunk.question or "", str(chunk.unit))
    ground = _BIAS + _HEADING * likeness + _SCORE * passage.score
    statements = statements_of(chunk)
    said = _terms(" ".join((passage.meta.title, *chunk.section, chunk.question or "")))
    if not asked.named <= said.union(*(statement.terms for statement in statements)):
        ground += _NOT_NAMED
    for statement in statements:
        logit = ground + _own_merit(statement, passage, asked)
        logit += _LIST * likeness * (asked.listed and bool(statement.members)) + _CUT * statement.cut
        yield _Candidate(at, section, statement, 1 / (1 + math.exp(-logit)), likeness, asked.terms <= said)


def _own_merit(statement: Statement, passage: Passage, asked: _Asked) -> float:
    """What speaks for a statement beside its place, in log odds."""
    cosine = max(passage.sentence_scores[at] for at in statement.scores)
    merit = _COSINE * cosine + _OWN * _share(statement.terms, asked.weights) + _FIRST * statement.opens
    if asked.figure is not None:
        merit += _FIGURE if holds_figure(statement.text, asked.figure) else _NO_FIGURE
    return merit + _OTHER_KIND * other_kind(statement.text, asked=asked.kinds)


def _rarity(asked: frozenset[str], passages: Sequence[Passage]) -> dict[str, float]:
    """How much each asked term that occurs at all tells these passages apart."""
    found: Counter[str] = Counter()
    for passage in passages:
        terms = set(_heading_terms(passage))
        found.update(terms.union(*(statement.terms for statement in statements_of(passage.chunk))) & asked)
    return {term: math.log(1 + len(passages) / (count + 0.5)) for term, count in found.items()}


def _heading_terms(passage: Passage) -> frozenset[str]:
    return _terms(heading_of(passage.chunk, passage.meta.title))


@lru_cache(maxsize=8192)
def _terms(heading: str) -> frozenset[str]:
    return content_terms(without_figure_words(heading))


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
        if not candidate.same_question and _YES_NO.match(candidate.statement.text):
            continue  # the answer to another question
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
    if all(quote in two.text for quote in one.quotes) or all(quote in one.text for quote in two.quotes):
        return True
    union = len(one.terms | two.terms)
    return bool(union) and len(one.terms & two.terms) / union >= _REPEATS
