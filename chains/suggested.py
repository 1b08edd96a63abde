"""Questions that the documents answer, for a person whose own was not recognised."""

from __future__ import annotations

from collections.abc import Sequence

from chains.languages import readable
from chains.statements import heading_of
from core.types import Passage

__all__ = ["suggested"]

_MOST = 3
_LEAST_COVERAGE = 0.2
"""Share of the question's words, by rarity, that a passage holds: of 165 questions that were answered in eleven
languages 147 find theirs among the first three then, and 15 of 22 that nothing answers are offered something."""
_LEAST_NEARNESS = 0.45
"""Cosine from which an English passage is near whatever words it holds. Of 38 English questions that are refused though
a section answers them 25 are offered its question then, 20 by coverage alone; of 95 that nothing answers as many, 94,
are offered something. The encoder is English: in other languages its cosines are high for everything."""
_MARKS = ("?", "？", "؟")  # noqa: RUF001


def suggested(passages: Sequence[Passage], language: str) -> tuple[str, ...]:
    """The questions that the nearest passages answer, in that language, each once, nearest first.

    Only what is worded as a question: asked as it stands, it is answered.
    """
    near = [passage for passage in readable(passages, language) if _is_near(passage, language)]
    questions = [found for passage in near if (found := heading_of(passage.chunk, "").strip()).endswith(_MARKS)]
    return tuple(dict.fromkeys(questions))[:_MOST]


def _is_near(passage: Passage, language: str) -> bool:
    return passage.coverage >= _LEAST_COVERAGE or (language == "en" and passage.dense >= _LEAST_NEARNESS)
