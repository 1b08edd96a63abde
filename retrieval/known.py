"""Pure: trained pairs take their places among the passages of a question by how near their own questions are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.types import Passage
from retrieval.wording import said_in

if TYPE_CHECKING:
    from retrieval.records import LiveChunk
    from retrieval.wording import Wording

__all__ = ["known_passage", "with_known"]


def known_passage(live: LiveChunk, likeness: float, wording: Wording) -> Passage:
    """A pair as a passage; every sentence of its answer is as near to what is asked as its question."""
    return Passage(
        live.chunk, live.meta, score=likeness, kind=live.kind, dense=likeness,
        coverage=said_in(wording, live).coverage, sentence_scores=(likeness,) * len(live.chunk.sentences),
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
