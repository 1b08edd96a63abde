"""Pure: what can be told of a found passage beside its two scores, as numbers for a learned ranking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from retrieval.ranking import Candidate
from retrieval.tokenise import FUNCTION_WORDS, cached_terms

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.models import Vector
    from core.types import Chunk
    from retrieval.records import LiveChunk

    Floats = npt.NDArray[np.float64]

__all__ = ["FEATURES", "Found", "Wording", "features"]

_TOLD = ("fused", "sentence", "own_sentence", "heading", "phrase", "code", "document", "place")
FEATURES = (*_TOLD, *(f"{name}_among_questions" for name in _TOLD))
"""The columns of `features`, in their order; an artifact that names others does not fit and is not used.

fused         the two scores brought together by `ranking.fuse`
sentence      cosine of the nearest sentence to the question with its history, own_sentence to the question alone; 0
              where the encoder cannot read the question (see `ranking.dense_trust`)
heading       share of the tokens of the question and, lessened, of older turns in the headings below the title, by
              rarity; the keyword index holds the title already
phrase        share of the question's neighbouring words that stand together in a sentence, by rarity
code          share of the question's tokens with digits that it holds: form codes, amounts, subclasses
document      the fused score of the best passage of its document
place         how far down a long document it stands, below 0: such pages say first what most people ask

Tried and left out, since they helped no set or only the one they were learned from: the scores in standard deviations
and as ranks, term coverage of passage and sentence, the second sentence, the passages before and after, the sum over a
document, length, what kind of figure is asked for, and the place in documents of any length, which loses where they are
short.

Each stands twice, the second time for what is found among questions. Where pages put a question over every section,
headings are worded as people ask and neighbours are alike; prose is found by its headings. So a collection of either
kind is ranked by weights of its own, and a mixed one by weights between: all of a shortlist by the same.
"""

_SOME_QUESTIONS, _MOST_QUESTIONS = 0.5, 0.9
"""The share of a shortlist that stands under questions up to which it is prose, and from which it is help pages; half
of what is found in doc2dial's pages does, and is ranked best as prose. Chosen on development halves."""
_LONG = 7
"""A document is long when a passage of this number, or a later one, is among the candidates."""
_FAR_DOWN = 30
"""The number of a passage from which it does not matter how much farther down it stands."""

_Token = tuple[str, ...]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage on the shortlist: its fused relevance, the coverage of the question's tokens, its sentences' cosines.

    `near` are to the question with its history, `own` to the question alone; `earlier` is the greatest to any earlier
    turn.
    """

    live: LiveChunk
    candidate: Candidate
    fused: float
    coverage: float
    near: Vector
    own: Vector
    earlier: float = 0.0


@dataclass(frozen=True)
class Wording:
    """A question's `tokens`, each with its stems by language, in order, and the `rarity` of every token that counts.

    The rarity of a token of an older turn, which the question lacks, is lessened by how little that turn counts.
    `trust` is how far the encoder can read the question.
    """

    tokens: Sequence[_Token]
    rarity: Mapping[_Token, float]
    trust: float = 1.0

    @cached_property
    def weights(self) -> dict[_Token, float]:
        """The share of each token in the whole, 1 together; function words have none."""
        return _shares({token: rare for token, rare in self.rarity.items() if FUNCTION_WORDS.isdisjoint(token)})

    @cached_property
    def meant(self) -> dict[str, _Token]:
        """The token that a passage's term is a stem of."""
        return {stem: token for token in self.weights for stem in token}

    @cached_property
    def pairs(self) -> dict[tuple[_Token, _Token], float]:
        """The question's neighbouring tokens, function words left out, and their shares."""
        meaning = [token for token in self.tokens if token in self.weights]
        return _shares({pair: self.rarity[pair[0]] + self.rarity[pair[1]] for pair in pairwise(meaning)})

    @cached_property
    def codes(self) -> frozenset[_Token]:
        return frozenset(token for token in self.weights if any(letter.isdigit() for letter in token[0]))


def features(wording: Wording, found: Sequence[Found], everyone: Sequence[tuple[Candidate, float]]) -> Floats:
    """One row for each of `found`, one column for each of `FEATURES`; `everyone` are all candidates, fused."""
    best: dict[str, float] = {}
    last: dict[str, int] = {}
    placed = {candidate.id: _placed(candidate) for candidate, _ in everyone}
    for candidate, fused in everyone:
        version, number = placed[candidate.id]
        best[version] = max(best.get(version, 0.0), fused)
        last[version] = max(last.get(version, 0), number)
    reads = wording.trust >= 1
    rows = []
    for one in found:
        version, number = placed.get(one.candidate.id) or _placed(one.candidate)
        rows.append((
            one.fused, _nearest(one.near) if reads else 0.0, _nearest(one.own) if reads else 0.0,
            *_of_words(wording, one.live), best.get(version, one.fused), _place(number, last.get(version, 0)),
        ))  # fmt: skip
    told = np.array(rows, dtype=np.float64).reshape(len(found), len(_TOLD))
    among = _among_questions(found)
    return np.hstack([(1 - among) * told, among * told])


def _among_questions(found: Sequence[Found]) -> float:
    share = sum(one.live.chunk.question is not None for one in found) / max(1, len(found))
    return min(1.0, max(0.0, (share - _SOME_QUESTIONS) / (_MOST_QUESTIONS - _SOME_QUESTIONS)))


def _shares(rarity: Mapping[_Key, float]) -> dict[_Key, float]:
    total = sum(rarity.values())
    return {key: rare / total for key, rare in rarity.items()} if total else {}


def _placed(candidate: Candidate) -> tuple[str, int]:
    """A chunk's id is its version's and its number in it."""
    version, _, number = candidate.id.rpartition("-")
    return version, int(number) if number.isdigit() else 0


def _place(number: int, last: int) -> float:
    """Of the passage of this number in a document whose last one among the candidates has that."""
    if last < _LONG:
        return 0.0
    return -math.log1p(min(number, _FAR_DOWN)) / math.log1p(_FAR_DOWN)


def _nearest(cosines: Vector) -> float:
    return float(cosines.max()) if len(cosines) else 0.0


def _of_words(wording: Wording, live: LiveChunk) -> tuple[float, float, float]:
    """heading, phrase and code."""
    meant, pairs, language = wording.meant, wording.pairs, live.meta.language
    names = (*(name for name in live.chunk.section if name != live.meta.title), live.chunk.question or "")
    above = {meant[term] for name in names for term in cached_terms(name, language) if term in meant}
    asked_codes = wording.codes
    held: set[_Token] = set()
    together: set[tuple[_Token, _Token]] = set()
    for text in _sentences(live.chunk) if pairs or asked_codes else ():
        known = [meant[term] for term in cached_terms(text, language) if term in meant]
        if asked_codes:
            held.update(known)
        if len(known) > 1 and pairs:
            together.update([pair for pair in pairwise(known) if pair in pairs])
    codes = len(asked_codes & held) / len(asked_codes) if asked_codes else 0.0
    return sum([wording.weights[token] for token in above]), sum([pairs[pair] for pair in together]), codes


def _sentences(chunk: Chunk) -> list[str]:
    """The texts of a passage's sentences; its whole text where none may be quoted."""
    if not chunk.sentences:
        return [chunk.text]
    return [chunk.text[start - chunk.start : end - chunk.start] for start, end in chunk.sentences]
