"""Pure: trained pairs take their places among the passages of a question by how near their own questions are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.types import Passage

if TYPE_CHECKING:
    from retrieval.keyword import KeywordIndex, WeightedTerms
    from retrieval.records import LiveChunk

__all__ = ["known_passage", "with_known"]


def known_passage(live: LiveChunk, likeness: float, asked: WeightedTerms, keyword: KeywordIndex) -> Passage:
    """A pair as a passage; every sentence of its answer is as near to what is asked as its question."""
    chunk = live.chunk
    said = keyword.weigh(f"{chunk.question or ''}\n{chunk.text}")
    rarity = {token: weight * keyword.rarity(token) for token, weight in asked.items()}
    covered = sum(weight for token, weight in rarity.items() if token in said)
    return Passage(
        chunk, live.meta, score=likeness, kind=live.kind, dense=likeness,
        coverage=covered / total if (total := sum(rarity.values())) else 0.0,
        sentence_scores=(likeness,) * len(chunk.sentences),
    )  # fmt: skip


def with_known(passages: Sequence[Passage], known: Sequence[Passage]) -> list[Passage]:
    """Each known pair before the first passage that is less near, with the score that has its place.

    Where all are nearer it stands last, so that an answer to the very question is among them all the same.
    """
    ranked = list(passages)
    for pair in known:
        place = next((at for at, one in enumerate(ranked) if one.dense < pair.dense), len(ranked) - 1)
        ranked.insert(place, replace(pair, score=ranked[place].score if ranked else pair.score))
    return ranked
