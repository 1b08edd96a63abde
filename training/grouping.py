"""Which gap a question that was not answered belongs to: that of the nearest one, asked before or at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from chains.tables import TurnRow
from retrieval.tokenise import content_terms
from training.question_vectors import unstored
from training.tables import GapMemberRow, GapRow
from training.unanswered import Unanswered

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from core.models import Vector

__all__ = ["Placed", "placed"]

_ALIKE = 0.85
_RELATED, _SHARED = 0.7, 0.6
"""Two questions are of one gap at this cosine, or at a lesser one with so many of their words in common. What a permit
costs and how long it takes reach .81: the subject they share says little of what is asked of it."""
_READ_AT_ONCE = 1000
"""Questions asked before that are compared at once: their vectors take 1.5 MB, however many there are in all."""

_Matter = tuple[str, str | None]
"""Language and country: questions of two matters are never alike."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A turn, the vector of its question and its gap, which is named after the turn itself where it is the first."""

    turn: Unanswered
    vector: Vector
    gap_id: str


def placed(
    turns: Sequence[Unanswered], vectors: Sequence[Vector], connection: Connection, *, embedding: str
) -> list[Placed]:
    """The turns in their order, each with its gap; `embedding` names the model that the `vectors` are of.

    What was asked before is read once for all turns of a language and country.
    """
    matters: dict[_Matter, list[int]] = defaultdict(list)
    for at, turn in enumerate(turns):
        matters[turn.language, turn.jurisdiction].append(at)
    gaps: dict[int, str] = {}
    for matter, places in matters.items():
        own = np.stack([vectors[at] for at in places])
        nearest = _nearest_before(matter, [turns[at].question for at in places], own, connection, embedding)
        among = own @ own.T
        for number, at in enumerate(places):
            question, before = turns[at].question, nearest[number]
            alike = [] if before is None else [before]
            for other in range(number):
                cosine, one = float(among[number, other]), places[other]
                if _are_alike(cosine, question, turns[one].question):
                    alike.append((cosine, gaps[one]))
            gaps[at] = max(alike)[1] if alike else turns[at].turn_id
    return [Placed(turn, vectors[at], gaps[at]) for at, turn in enumerate(turns)]


def _nearest_before(
    matter: _Matter, questions: Sequence[str], own: Vector, connection: Connection, embedding: str
) -> list[tuple[float, str] | None]:
    """For each question the nearest one asked before that is of one gap with it, as cosine and gap."""
    best: list[tuple[float, str] | None] = [None] * len(questions)
    for gap_ids, texts, vectors in _asked_before(matter, connection, embedding):
        cosines = vectors @ own.T
        for row, number in np.argwhere(cosines >= _RELATED):
            found = (float(cosines[row, number]), gap_ids[row])
            if _are_alike(found[0], questions[number], texts[row]):
                best[number] = max(found, best[number] or found)
    return best


def _asked_before(
    matter: _Matter, connection: Connection, embedding: str
) -> Iterator[tuple[list[str], list[str], Vector]]:
    """Gaps, questions and vectors of a matter, some at a time."""
    language, jurisdiction = matter
    place = GapRow.jurisdiction.is_(None) if jurisdiction is None else GapRow.jurisdiction == jurisdiction
    chosen = (
        select(GapMemberRow.gap_id, TurnRow.question, GapMemberRow.vector)
        .join(GapRow, GapRow.id == GapMemberRow.gap_id)
        .join(TurnRow, TurnRow.id == GapMemberRow.turn_id)
        .where(GapRow.language == language, place, GapMemberRow.embedding == embedding)
    )
    for rows in connection.execution_options(yield_per=_READ_AT_ONCE).execute(chosen).partitions():
        gap_ids, texts, held = (list(column) for column in zip(*rows, strict=True))
        yield gap_ids, texts, np.stack([unstored(vector) for vector in held])


def _are_alike(cosine: float, one: str, other: str) -> bool:
    if cosine >= _ALIKE or cosine < _RELATED:
        return cosine >= _ALIKE
    ours, theirs = content_terms(one), content_terms(other)
    return len(ours & theirs) >= max(1, _SHARED * len(ours | theirs))
