"""Questions that the documents answer, for a person whose own was not recognised."""

from __future__ import annotations

from collections.abc import Sequence

from chains.languages import readable
from chains.statements import heading_of
from core.types import Passage

__all__ = ["suggested"]

_MOST = 4
"""Of 1,550 English wordings that are refused though a section answers them .75 find its question among three, .80 among
four, .83 among five."""
_LEAST_COVERAGE = 0.2
"""Share of the question's words, by rarity, that a passage in another language than English holds: of 165 questions
that were answered in eleven languages 147 find theirs among the first three then, and 15 of 22 that nothing answers are
offered something. English is ranked by what it means as well, and what is beside the subject is refused as that."""
_MARKS = ("?", "？", "؟")  # noqa: RUF001


def suggested(passages: Sequence[Passage], language: str) -> tuple[str, ...]:
    """The questions that the nearest passages answer, in that language, each once, nearest first.

    Only what is worded as a question: asked as it stands, it is answered.
    """
    near = [
        passage for passage in readable(passages, language) if language == "en" or passage.coverage >= _LEAST_COVERAGE
    ]
    questions = [found for passage in near if (found := heading_of(passage.chunk, "").strip()).endswith(_MARKS)]
    return tuple(dict.fromkeys(questions))[:_MOST]
