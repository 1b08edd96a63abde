"""Questions that the documents answer, for a person whose own was not recognised, and what the nearest of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from chains.approved import whole_answer
from chains.cautions import source_cautions
from chains.citing import cited
from chains.disagreement import disagreements
from chains.languages import readable
from chains.languages_translation import QUESTION_MARKS
from chains.statements import heading_of, statements_of
from chains.wanted import lacks_figure
from core.types import Caution, Citation, Passage

__all__ = ["SHOWN_FROM", "Offered", "Showing", "offered"]

_MOST = 4
"""Of 1,550 English wordings that are refused though a section answers them .75 find its question among three, .80 among
four, .83 among five."""
_LEAST_COVERAGE = 0.2
"""Share of the question's words, by rarity, that a passage in another language than English holds: of 165 questions
that were answered in eleven languages 147 find theirs among the first three then, and 15 of 22 that nothing answers are
offered something. English is ranked by what it means as well, and what is beside the subject is refused as that."""
SHOWN_FROM = 0.4
"""Confidence from which what the nearest question answers is shown at once. From there on it is the right one for 130
of 168 English cases that are refused though a section answers them, and for 602 of 846 wordings; below for 54 of 111
and 281 of 715."""

_HURT = re.compile(r"\b(?:hits?|hurts?|beats?|abuse[sd]?|threaten(?:s|ed)?|rape[sd]?) me\b", re.IGNORECASE)
_MAY_BE_HURT = re.compile(
    r"\b(?:hit|hurt|beat|slap|punch|abus|violen|threat|rape|afraid|scared|fear|unsafe|danger|escap|divorc|separat|controls"
    r"|(?:leave|leaving|left) (?:him|her|my (?:husband|wife|partner|spouse)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Showing:
    """What has to be known to show a passage: all that was `told`, what was `asked` by it, the day, what is whole.

    `is_whole` tells whether a passage is all that stands under its question, and no part of a longer section.
    """

    told: str
    asked: str
    today: date
    is_whole: Callable[[Passage], bool]


@dataclass(frozen=True, slots=True)
class Offered:
    """Questions that are answered as they stand, nearest first; what stands under the first, and what to know of it."""

    questions: tuple[str, ...] = ()
    shown: Citation | None = None
    cautions: tuple[Caution, ...] = ()


def offered(
    passages: Sequence[Passage], language: str, *, sure: float = 0.0, showing: Showing | None = None
) -> Offered:
    """The questions in `language` that the nearest passages stand under, each once; nothing is shown without `showing`.

    Only what is worded as a question is offered: asked as it stands, it is answered. Nobody is offered the question of
    a person who says that they are being hurt unless their own speaks of something like it; who says so is offered it
    first. Who asks for a figure is shown nothing that lacks one, as they are answered with nothing that does.
    """
    may_be_hurt = showing is not None and _MAY_BE_HURT.search(showing.told) is not None
    found: dict[str, Passage] = {}
    for passage in readable(passages, language):
        known = heading_of(passage.chunk, "").strip()
        near = language == "en" or passage.coverage >= _LEAST_COVERAGE
        if near and known.endswith(QUESTION_MARKS) and (may_be_hurt or not _HURT.search(known)):
            found.setdefault(known, passage)
    if showing is not None and _HURT.search(showing.told):
        found = dict(sorted(found.items(), key=lambda item: _HURT.search(item[0]) is None))
    questions = tuple(found)[:_MOST]
    if not questions or showing is None or sure < SHOWN_FROM:
        return Offered(questions)
    first = found[questions[0]]
    shown = _all_of(first, passages) if showing.is_whole(first) else None
    if shown is None or lacks_figure(showing.asked, [shown.quote]):
        return Offered(questions)
    return Offered(questions, shown, source_cautions([first], showing.today, language))


def _all_of(passage: Passage, passages: Sequence[Passage]) -> Citation | None:
    """All that a passage says, as one quote; None where it begins in a list, or another of the `passages` disagrees.

    Two sources that disagree are for an answer to show, both at once.
    """
    said = statements_of(passage.chunk)
    if not said or not said[0].opens or disagreements(tuple(whole_answer([passage])), (passage, *passages)):
        return None
    chunk = passage.chunk
    return cited(1, passage, chunk.start + said[0].start, chunk.start + max(one.end for one in said))
