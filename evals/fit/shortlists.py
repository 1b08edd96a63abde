"""What the retriever finds for the questions of a set, each passage with its features and whether it answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chains.contextualise import contextualise
from core.types import Question
from evals.fit.corpus import Indexed, indexed
from evals.fit.own_cases import OWN, WORDINGS, in_section, knowledge, wordings
from evals.neutral import Asked, GoldKind, RetrievalSet, Split

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

__all__ = ["Shortlist", "ndcg", "shortlists", "shortlists_of_wordings"]

_CUT = 10
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class Shortlist:
    """A question's shortlist: `rows` of features, the `fused` scores, which passages answer, and how many do at all.

    `documents` are numbered, so that a set that marks documents can count each once.
    """

    set: str
    question: str
    split: Split
    follow_up: bool
    rows: Floats
    fused: Floats
    answers: Flags
    answering: int
    documents: tuple[int, ...] | None


def shortlists(found: RetrievalSet, folder: Path, *, most: int, size: int) -> list[Shortlist]:
    """Shortlists of `size` passages for at most `most` first questions and as many that follow; always the same."""
    chosen: list[Asked] = []
    for follows in (False, True):
        asked = [one for one in found.questions if one.answerable and bool(one.history) is follows]
        chosen += random.Random(_SEED).sample(asked, most) if len(asked) > most else asked  # noqa: S311 - a sample
    with indexed(found, folder) as index:
        return list(_examined(found, index, chosen, size))


def shortlists_of_wordings(documents: Path, work: Path, *, size: int) -> list[Shortlist]:
    """Shortlists of the shipped `documents` for every wording that a section of them answers.

    `work` keeps their index.
    """
    made = []
    with knowledge(documents, work / OWN) as known:
        for wording in wordings(documents):
            asked = wording.case
            _, query = known.query(asked)
            examined = known.retriever.examine(query, shortlist=size)
            answers = np.array([in_section(one.live.chunk, asked) for one in examined.found], dtype=bool)
            if answers.any():
                split = Split.DEVELOPMENT if wording.learned_from else Split.HELD_OUT
                fused = np.array([one.fused for one in examined.found])
                told = (WORDINGS, asked.id, split, False, examined.rows, fused, answers)
                made.append(Shortlist(*told, answering=int(answers.sum()), documents=None))
    return made


def _examined(found: RetrievalSet, index: Indexed, chosen: Sequence[Asked], size: int) -> Iterator[Shortlist]:
    today = datetime.now(UTC).date()
    by_document = found.gold is GoldKind.DOCUMENT
    for asked in chosen:
        search = contextualise(Question(asked.question, as_of=today, history=asked.exchanges))
        examined = index.retriever.examine(search.query(today), shortlist=size)
        answering = index.answering(asked)
        if not (examined.found and answering):
            continue
        chunks = [one.live.chunk for one in examined.found]
        numbers: dict[str, int] = {}
        documents = tuple(numbers.setdefault(chunk.document_id, len(numbers)) for chunk in chunks)
        yield Shortlist(
            found.name, asked.id, asked.split, bool(asked.history), examined.rows,
            np.array([one.fused for one in examined.found]), np.array([chunk.id in answering for chunk in chunks]),
            len(asked.gold_documents) if by_document else len(answering), documents if by_document else None,
        )  # fmt: skip


def ndcg(one: Shortlist, scores: Floats) -> tuple[float, float]:
    """nDCG@10 and hit@1 of a shortlist put in the order of `scores`; every passage that answers is worth the same."""
    order = np.argsort(-scores, kind="stable")
    if one.documents is not None:
        firsts = dict(reversed([(one.documents[at], at) for at in order]))
        order = np.array([at for at in order if firsts[one.documents[at]] == at])
    gains = one.answers[order][:_CUT].astype(float)
    discounts = 1 / np.log2(np.arange(2, _CUT + 2))
    ideal = discounts[: min(one.answering, _CUT)].sum()
    return float((gains * discounts[: len(gains)]).sum() / ideal), float(gains[0])
