"""The one sentence that answers best, as the assistant and as plain yardsticks choose it among the same passages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from chains.contextualise import Search
from chains.extractive import picks_of
from core.types import Passage
from evals.bench_places import Place
from retrieval.tokenise import terms

__all__ = ["likeliest", "nearest", "wordiest"]

_K1, _B = 1.2, 0.75  # Robertson and Zaragoza, 2009
Sentence = tuple[Place, str, float]


def likeliest(search: Search, passages: Sequence[Passage]) -> Place | None:
    """What the learned sentence model holds for the likeliest to answer, a list being one."""
    best = max(picks_of(search, passages), key=lambda pick: pick.chance, default=None)
    if best is None:
        return None
    chunk = passages[best.passage].chunk
    return Place(chunk.document_id, chunk.start + best.statement.start, chunk.start + best.statement.end)


def wordiest(question: str, passages: Sequence[Passage]) -> Place | None:
    """The sentence with the best BM25, each a document of its own."""
    found = _sentences(passages)
    texts = [Counter(terms(text)) for _, text, _ in found]
    holding = Counter(term for text in texts for term in text)
    usual = sum(text.total() for text in texts) / (len(texts) or 1) or 1.0
    asked = {term: _rarity(len(texts), holding[term]) for term in terms(question) if term in holding}

    def score(text: Counter[str]) -> float:
        norm = _K1 * (1 - _B + _B * text.total() / usual)
        return sum(rarity * text[term] * (_K1 + 1) / (text[term] + norm) for term, rarity in asked.items())

    return max(zip(found, map(score, texts), strict=True), key=lambda one: one[1])[0][0] if found else None


def nearest(passages: Sequence[Passage]) -> Place | None:
    """The sentence whose vector, pooled from its passage's, is nearest to the question."""
    best = max(_sentences(passages), key=lambda sentence: sentence[2], default=None)
    return None if best is None else best[0]


def _sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """Each sentence once, with its place, its text and its cosine to the question."""
    return [
        (Place(chunk.document_id, start, end), chunk.text[start - chunk.start : end - chunk.start], cosine)
        for chunk, cosines in ((passage.chunk, passage.sentence_scores) for passage in passages)
        for (start, end), cosine in zip(chunk.sentences, cosines, strict=True)
    ]


def _rarity(count: int, holding: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
