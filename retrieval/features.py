"""Pure: what can be told of a found passage beside its two scores, as numbers for a learned ranking."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrieval.ranking import Candidate
from retrieval.wording import Said, Wording

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.types import Chunk
    from retrieval.records import LiveChunk

    Floats = npt.NDArray[np.float64]

__all__ = ["AMONG_QUESTIONS", "FEATURES", "Found", "features"]

FEATURES = (
    "fused", "sentence", "own_sentence", "heading", "phrase", "code", "document", "place", "section", "document_words",
)  # fmt: skip
"""The first columns of `features`, in their order; an artifact that names others does not fit and is not used.

fused         the two scores brought together by `ranking.fuse`
sentence      cosine of the nearest sentence to the question with its history, own_sentence to the question alone; 0
              where the encoder cannot read the question (see `ranking.dense_trust`)
heading       share of the tokens of the question and, lessened, of older turns in the headings below the title, by
              rarity; the keyword index holds the title already
phrase        share of the question's neighbouring words that stand together in a sentence, by rarity
code          share of the question's tokens with digits that it holds: form codes, amounts, subclasses
document      the fused score of the best passage of its document
place         how far down a long document it stands, below 0: such pages say first what most people ask
section       mean cosine to the question with its history of what is found of its section, 0 as with "sentence"
document_words  share of the tokens, by rarity, that what is found of its document holds together, headings too: a page
              may name the visa in one passage and the fee in another

Tried and left out, since they helped no set or only the one they were learned from: the scores in standard deviations
and as ranks, term coverage of passage, sentence and section, the whole document's BM25 and the mean of its vectors,
nearness to the best few passages, the second sentence, the passages before and after, the sum over a document, length,
what kind of figure is asked for, and the place in documents of any length, which loses where they are short.
"""
AMONG_QUESTIONS = len(FEATURES)
"""The last column, the same for all of a shortlist: 0 where it is prose, 1 where it is help pages.

Where pages put a question over every section, headings are worded as people ask and neighbours are alike; prose is
found by its headings. So either kind is ranked by what was learned of it, and what is mixed by both in shares.
"""

_SOME_QUESTIONS, _MOST_QUESTIONS = 0.5, 0.9
"""The share of a shortlist that stands under questions up to which it is prose, and from which it is help pages; half
of what is found in doc2dial's pages does, and is ranked best as prose. Chosen on development halves."""
_LONG = 7
"""A document is long when a passage of this number, or a later one, is among the candidates."""
_FAR_DOWN = 30
"""The number of a passage from which it does not matter how much farther down it stands."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage on the shortlist: its fused relevance, what its words say, its sentences' cosines.

    `near` are to the question with its history, `own` to the question alone; `earlier` is the greatest to any earlier
    turn, `conversation` the greatest to all that the person wrote, as one text.
    """

    live: LiveChunk
    candidate: Candidate
    fused: float
    said: Said
    near: Sequence[float]
    own: Sequence[float]
    earlier: float = 0.0
    conversation: float = 0.0


def features(wording: Wording, found: Sequence[Found], everyone: Sequence[tuple[Candidate, float]]) -> Floats:
    """One row for each of `found`, columns as `FEATURES` and one more; `everyone` are all candidates, fused."""
    best: dict[str, float] = {}
    last: dict[str, int] = {}
    placed = {candidate.id: _placed(candidate) for candidate, _ in everyone}
    for candidate, fused in everyone:
        version, number = placed[candidate.id]
        best[version] = max(best.get(version, 0.0), fused)
        last[version] = max(last.get(version, 0), number)
    reads = wording.trust >= 1
    sections, documents = _by_section(found), _by_document(wording, found)
    among = _among_questions(found)
    rows = []
    for one in found:
        version, number = placed.get(one.candidate.id) or _placed(one.candidate)
        rows.append((
            one.fused, max(one.near, default=0.0) if reads else 0.0, max(one.own, default=0.0) if reads else 0.0,
            one.said.heading, one.said.phrase, one.said.code,
            best.get(version, one.fused), _place(number, last.get(version, 0)),
            sections[_section(one.live.chunk)] if reads else 0.0, documents[one.live.chunk.version_id],
            among,
        ))  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(len(found), len(FEATURES) + 1)


def _section(chunk: Chunk) -> tuple[str, tuple[str, ...]]:
    return chunk.version_id, chunk.section


def _by_section(found: Sequence[Found]) -> dict[tuple[str, tuple[str, ...]], float]:
    """The mean cosine of the passages of each section."""
    cosines = defaultdict[tuple[str, tuple[str, ...]], list[float]](list)
    for one in found:
        cosines[_section(one.live.chunk)].append(one.candidate.dense)
    return {section: sum(near) / len(near) for section, near in cosines.items()}


def _by_document(wording: Wording, found: Sequence[Found]) -> dict[str, float]:
    """The share of the tokens that the passages of each document version hold together."""
    held = defaultdict[str, set[int]](set)
    for one in found:
        held[one.live.chunk.version_id] |= one.said.held
    return {version: sum([wording.weights[token] for token in tokens]) for version, tokens in held.items()}


def _among_questions(found: Sequence[Found]) -> float:
    share = sum(one.live.chunk.question is not None for one in found) / max(1, len(found))
    return min(1.0, max(0.0, (share - _SOME_QUESTIONS) / (_MOST_QUESTIONS - _SOME_QUESTIONS)))


def _placed(candidate: Candidate) -> tuple[str, int]:
    """A chunk's id is its version's and its number in it."""
    version, _, number = candidate.id.rpartition("-")
    return version, int(number) if number.isdigit() else 0


def _place(number: int, last: int) -> float:
    """Of the passage of this number in a document whose last one among the candidates has that."""
    if last < _LONG:
        return 0.0
    return -math.log1p(min(number, _FAR_DOWN)) / math.log1p(_FAR_DOWN)
