"""The writer without a language model: it picks the documents' own sentences and puts them in a sensible order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chains.drafts import DraftQuote, DraftSentence
from core.types import Passage, Question
from retrieval.tokenise import content_terms

__all__ = ["write_extractive"]

MAX_SENTENCES = 5
_MAX_WORDS = 130
_POOL = 8
_PASSAGE_FLOOR = 0.55
"""Share of the best passage's score below which a passage offers no sentences."""
_SENTENCE_FLOOR = 0.72
"""Share of the best sentence's score below which no further sentence is taken."""
_REPEATS = 0.6
"""Jaccard overlap of content terms from which a sentence says what another one said."""

_LEANS_BACK = re.compile(
    r"^(?:it|its|this|that|these|those|they|them|their|he|she|such|both|otherwise|then|there|so|also)\b", re.IGNORECASE
)
_LIMITS_WHAT_CAME_BEFORE = re.compile(
    r"^(?:however|but|unless|except|only|otherwise|if not|this does not|this is not|you cannot|you must not)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: int
    position: int
    text: str
    terms: frozenset[str]
    score: float


def write_extractive(question: Question, passages: Sequence[Passage]) -> list[DraftSentence]:
    """The sentences that answer, at most what a person will read, each quoting itself; empty when there are none."""
    candidates = _candidates(question, passages)
    if not candidates:
        return []
    chosen = _whole_pair(candidates, passages) or _choose(candidates)
    chosen = _with_neighbours(chosen, candidates)
    first_rank = {candidate.passage: rank for rank, candidate in reversed(list(enumerate(chosen)))}
    ordered = sorted(chosen, key=lambda candidate: (first_rank[candidate.passage], candidate.position))
    return [DraftSentence(pick.text, (DraftQuote(pick.passage + 1, pick.text),)) for pick in ordered]


def _candidates(question: Question, passages: Sequence[Passage]) -> list[_Candidate]:
    asked = content_terms(question.text)
    floor = _PASSAGE_FLOOR * max((passage.score for passage in passages), default=0.0)
    found = []
    for index, passage in enumerate(passages[:_POOL]):
        if passage.score < floor:
            continue
        heading = content_terms(" ".join((passage.meta.title, *passage.chunk.section, passage.chunk.question or "")))
        for position, (start, end) in enumerate(passage.chunk.sentences):
            text = passage.chunk.text[start - passage.chunk.start : end - passage.chunk.start]
            terms = content_terms(text)
            cosine = passage.sentence_scores[position] if position < len(passage.sentence_scores) else passage.dense
            shared = len(asked & (terms | heading)) / max(len(asked), 1)
            own = len(asked & terms) / max(len(asked), 1)
            # A section's first sentence answers its heading; the weights are those of benchmarks/sentences.py.
            score = 0.45 * cosine + 0.15 * own + 0.15 * shared + 0.25 * passage.score + 0.05 * (position == 0)
            found.append(_Candidate(index, position, text, terms, score))
    return found


def _whole_pair(candidates: Sequence[_Candidate], passages: Sequence[Passage]) -> list[_Candidate]:
    """The whole answer of a question-and-answer pair when the best passage is one; a part of it could mislead."""
    best = max(candidates, key=lambda candidate: candidate.score)
    home = passages[best.passage].chunk
    if home.unit is None:
        return []
    pair = [
        candidate
        for candidate in candidates
        if passages[candidate.passage].chunk.version_id == home.version_id
        and passages[candidate.passage].chunk.unit == home.unit
    ]
    return sorted(pair, key=lambda candidate: (passages[candidate.passage].chunk.start, candidate.position))


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    chosen: list[_Candidate] = []
    words = 0
    for candidate in ranked:
        if candidate.score < _SENTENCE_FLOOR * ranked[0].score or len(chosen) == MAX_SENTENCES:
            break
        length = len(candidate.text.split())
        if chosen and (words + length > _MAX_WORDS or any(_repeats(candidate, other) for other in chosen)):
            continue
        chosen.append(candidate)
        words += length
    return chosen


def _with_neighbours(chosen: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Add the sentence a chosen one leans on, and the one that limits it: neither can be left out honestly."""
    by_place = {(candidate.passage, candidate.position): candidate for candidate in candidates}
    complete = dict.fromkeys(chosen)
    for candidate in chosen:
        before = by_place.get((candidate.passage, candidate.position - 1))
        after = by_place.get((candidate.passage, candidate.position + 1))
        if before is not None and _LEANS_BACK.match(candidate.text) and not _covers(complete, before):
            complete[before] = None
        if after is not None and _LIMITS_WHAT_CAME_BEFORE.match(after.text) and not _covers(complete, after):
            complete[after] = None
    return list(complete)


def _covers(chosen: dict[_Candidate, None], candidate: _Candidate) -> bool:
    return any(candidate.text in other.text for other in chosen)


def _repeats(candidate: _Candidate, other: _Candidate) -> bool:
    if candidate.text in other.text or other.text in candidate.text:
        return True
    union = len(candidate.terms | other.terms)
    return bool(union) and len(candidate.terms & other.terms) / union >= _REPEATS
