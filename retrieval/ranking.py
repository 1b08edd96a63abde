"""Pure: how candidates found by vectors and by keywords become one ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.tokenise import FUNCTION_WORDS

__all__ = [
    "Candidate",
    "conversation_dense_weight",
    "dense_trust",
    "fuse",
    "history_dense_weights",
    "with_history",
]

_DENSE_WEIGHT = 0.65
"""Within .005 nDCG@10 of the best on four sets; what is left goes to BM25. Term coverage added nothing to the two."""

_LEAST_DENSE_WIDTH = 0.5
"""Cosines of sixty candidates span .4 to .9; where they span less, their differences are noise and are not blown up."""

_HISTORY_DENSE = 0.4
_HISTORY_DENSE_DECAY = 0.8
_CONVERSATION = 0.2
_CONVERSATION_LEANED_ON = 0.7
"""What all that a person wrote, as one text, adds to the question's vector: much to one that cannot be understood
without it, little to others. Where the subject changed unnoticed, .7 for all costs .05 of hit@1, this .02."""
_HISTORY_KEYWORD = 0.35
_HISTORY_KEYWORD_DECAY = 0.8
"""Wide, so that the passage is among the candidates (.95 of doc2dial's follow-ups, .89 with .7 and .2); the learned
ranking then puts what answers the question itself first."""

_LATIN_LETTERS_PER_TOKEN = 3.3
_ENGLISH_FUNCTION_WORDS = 0.15
_WORDS_TO_JUDGE_BY = 4  # "Schengen visa?" has no function word either
_TRUST_IN_FOREIGN_WORDS = 0.4
"""MiniLM cuts 95% of Spanish questions below 3.4 letters a token, and hardly any has an English function word; few of
3,700 English ones are cut so short, half of their words are such. XQuAD es nDCG@10: trust 1 .929, .4 .958, 0 .951."""

_SPACED_LETTERS_PER_TOKEN = 2.0
_UNSPACED_LETTERS_PER_TOKEN = 1.2
_FIRST_UNSPACED = "\u2e80"
"""An English encoder gives each foreign letter a token of its own; a multilingual one 2 to 4 of them, of Han 1.5."""

_LATIN_END = "\u0250"
"""The first code point after the Latin letters of Unicode."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visible chunk: its cosine to the question, and its BM25, 0 when keywords did not find it."""

    id: str
    dense: float
    keyword: float


def fuse(candidates: Sequence[Candidate], *, dense_trust: float = 1.0) -> list[tuple[Candidate, float]]:
    """Candidates with their relevance in [0, 1], best first.

    Scores are normalised rather than ranks: the distance between a good and a fair candidate says something.
    """
    cosines = [candidate.dense for candidate in candidates]
    near = _scaled(cosines, floor=min(min(cosines), max(cosines) - _LEAST_DENSE_WIDTH)) if cosines else []
    matching = _scaled([candidate.keyword for candidate in candidates], floor=0.0)
    weight = _DENSE_WEIGHT * dense_trust
    scores = (weight * dense + (1 - weight) * keyword for dense, keyword in zip(near, matching, strict=True))
    return sorted(zip(candidates, scores, strict=True), key=lambda pair: (-pair[1], pair[0].id))


def _scaled(values: Sequence[float], *, floor: float) -> list[float]:
    """`values` brought to [0, 1]: `floor` becomes 0 and the greatest 1."""
    width = max(values, default=floor) - floor
    return [(value - floor) / width if width > 0 else 0.0 for value in values]


def _decayed(turns: int, *, first: float, decay: float) -> list[float]:
    """Weights of earlier turns, oldest first: the latest counts `first`, each older one `decay` times the next."""
    return [first * decay ** (turns - 1 - position) for position in range(turns)]


def history_dense_weights(turns: int) -> list[float]:
    """How much the vector of each earlier turn, oldest first, adds to the question's."""
    return _decayed(turns, first=_HISTORY_DENSE, decay=_HISTORY_DENSE_DECAY)


def conversation_dense_weight(*, leans: bool) -> float:
    """How much the vector of all that a person wrote adds to the question's, which `leans` on it or does not."""
    return _CONVERSATION_LEANED_ON if leans else _CONVERSATION


def with_history(
    own: Mapping[tuple[str, ...], float], history: Sequence[Mapping[tuple[str, ...], float]]
) -> dict[tuple[str, ...], float]:
    """A question's tokens and, weakly, those of earlier turns, oldest first; a token keeps its greatest weight."""
    weighed = dict(own)
    shares = _decayed(len(history), first=_HISTORY_KEYWORD, decay=_HISTORY_KEYWORD_DECAY)
    for share, turn in zip(shares, history, strict=True):
        for token, weight in turn.items():
            weighed[token] = max(weighed.get(token, 0.0), share * weight)
    return weighed


def dense_trust(text: str, tokens: int) -> float:
    """How far the encoder can judge `text`, in [0, 1], told by how it cuts it into `tokens` (special ones left out).

    An encoder of English takes a foreign word to pieces, and a foreign script to single letters; what it makes of them
    ruins the ranking. A multilingual encoder does neither, and is trusted.
    """
    letters = [letter for letter in text if letter.isalpha()]
    if not letters or not tokens:
        return 1.0
    latin = sum(letter < _LATIN_END for letter in letters) / len(letters)
    letters_per_token = len(letters) / tokens
    if latin < 1 and letters_per_token < _letters_expected(letters):
        return latin
    if latin > 0.5 and letters_per_token < _LATIN_LETTERS_PER_TOKEN and _lacks_english(text):
        return _TRUST_IN_FOREIGN_WORDS
    return 1.0


def _letters_expected(letters: Sequence[str]) -> float:
    unspaced = sum(letter >= _FIRST_UNSPACED for letter in letters) / len(letters)
    return _UNSPACED_LETTERS_PER_TOKEN if unspaced > 0.5 else _SPACED_LETTERS_PER_TOKEN


def _lacks_english(text: str) -> bool:
    words = [word.strip("?!.,;:\"'()") for word in text.lower().split()]
    known = sum(word in FUNCTION_WORDS for word in words)
    return len(words) >= _WORDS_TO_JUDGE_BY and known / len(words) < _ENGLISH_FUNCTION_WORDS
