"""Questions with and without an answer, as signals: what the model of when to abstain learns from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chains.contextualise import Search, contextualise
from chains.evidence import SIGNALS, Collected, collected_for, signals
from chains.questions_refused import refused_for
from core.types import AbstentionReason, Passage, Question
from evals.dataset import Case, case_path
from evals.fit.corpus import Indexed, indexed
from evals.fit.own_cases import (
    OWN,
    WORDINGS,
    Knowledge,
    held_out,
    in_section,
    knowledge,
    own_cases,
    wordings,
)
from evals.neutral import Asked, RetrievalSet, Split

__all__ = ["AT_THE_TOP", "FOLDS", "LEARNED", "OWN_WRITTEN", "Examples", "OwnAsked", "continues", "gather", "own_asked"]

_Row = tuple[tuple[float, ...], bool, bool, str, str, bool, int, bool]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_STRANGERS = 150
"""Questions of each other set that are asked of a set's documents: what is beside the subject."""
FOLDS = 5
_MORE = 48
"""Passages asked for where those of the right documents are taken out."""
_OF_THE_QUESTION = frozenset(AbstentionReason) - {AbstentionReason.NOT_COVERED, AbstentionReason.OUT_OF_SCOPE}
"""Refused for what is asked, whatever the passages are."""
LEARNED = (OWN, WORDINGS)
"""What the model of first messages learns from: on the public sets it does as well as one that learned from them."""
_OWN_COUNTS = 4.0
"""What the own cases count beside the wordings, whose answers are known by their section only."""
_WORDS = (8, 15, 25)
"""Where messages of a length end: keywords, a short and a long question, a story."""
AT_THE_TOP = 3
"""An answer is mostly made of the first three passages."""
OWN_WRITTEN = 0.8
"""Of what own questions without an answer count, the share of those that were written to have none. The others lost
their documents, and are easier: where the very document is there and does not say it, everything else looks right. With
less of them doc2dial's questions whose documents are missing are answered."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of signals, one a question asked of some documents; `answered` says that these answer it.

    `topical` is false where the question belongs to another set, named in `others`; `left_out` tells own cases whose
    documents were taken out. No document's questions are in two `folds`.
    """

    rows: Floats
    answered: Flags
    topical: Flags
    names: npt.NDArray[np.str_]
    others: npt.NDArray[np.str_]
    development: Flags
    folds: npt.NDArray[np.int64]
    left_out: Flags

    def only(self, chosen: Flags) -> Examples:
        """The examples that are chosen."""
        return Examples(*(getattr(self, name)[chosen] for name in self.__slots__))

    def first(self) -> Examples:
        """Those that the model of first messages may learn from, strangers left out."""
        return self.only(self.topical & np.isin(self.names, LEARNED) & ~continues(self.rows))

    def continued(self) -> Examples:
        """The messages that follow others, of every set: own cases alone are too few."""
        return self.only(self.topical & continues(self.rows))

    def counts(self) -> Floats:
        """What each counts: every set the same, the own cases more, answered questions as much as the others.

        Of what is our own that holds for messages of every length, or the model would learn from who wrote them that
        long ones are answered. Strangers do not count.
        """
        counts = np.zeros(len(self.rows))
        for name in set(self.names.tolist()):
            ours = self.topical & (self.names == name)
            for alike in self._of_one_length(ours) if name in LEARNED else [ours]:
                for answered in (True, False):
                    chosen = alike & (self.answered == answered)
                    share = OWN_WRITTEN if self.left_out[chosen].any() else 1.0
                    for part, of_all in ((chosen & ~self.left_out, share), (chosen & self.left_out, 1 - share)):
                        counts[part] = of_all * alike.sum() / ours.sum() / max(1, part.sum())
            counts[ours] *= _OWN_COUNTS if name == OWN else 1.0
        return counts

    def _of_one_length(self, chosen: Flags) -> list[Flags]:
        lengths = np.digitize(np.expm1(self.rows[:, SIGNALS.index("length")]), _WORDS)
        return [chosen & (lengths == length) for length in range(len(_WORDS) + 1)]


def continues(rows: Floats) -> Flags:
    """Which rows are of messages that follow others."""
    flags: Flags = rows[:, SIGNALS.index("continues")] > 0
    return flags


def gather(sets: Sequence[RetrievalSet], work: Path, *, questions: int, documents: Path) -> Examples:
    """Ask each set's documents its own questions, half of the documents at a time, and questions of the other sets.

    The project's own cases and wordings are asked of its own `documents`.
    """
    found: list[_Row] = [*_own_rows(documents, work / OWN), *_wording_rows(documents, work / OWN)]
    for one in sets:
        asked = _sample(one.questions, questions)
        strangers = [
            (other.name, stranger)
            for other in sets
            if other is not one
            for stranger in _sample(other.questions, _STRANGERS)
        ]
        for name, part in _parts(one):
            there = {document.id for document in part.documents}
            with indexed(part, work / name) as index:
                for question in asked:
                    answered = bool(question.gold) and question.gold_documents <= there
                    row = _signals(index, question)
                    found.append((row, answered, True, one.name, "", _develops(question), _fold(question), False))
                for other, question in strangers if name.endswith("-0") else ():
                    row = _signals(index, replace(question, history=()))
                    told = (one.name, other, _develops(question), _fold(question), False)
                    found.append((row, False, False, *told))
    return Examples(*(np.array(column) for column in zip(*found, strict=True)))


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """An own case as it was asked, or with the documents that answer it taken out; none of one case is in two folds."""

    case: Case
    search: Search
    passages: list[Passage]
    collected: Collected
    left_out: bool

    @property
    def fold(self) -> int:
        return _number(min(self.case.documents, default=self.case.id)) // 2 % FOLDS


def own_asked(known: Knowledge) -> Iterator[OwnAsked]:
    """The project's own cases; each that is answered once more without the documents that answer it."""
    for case in own_cases():
        search, passages = known.ask(case)
        if refused_for(search.text) or case.refusals & _OF_THE_QUESTION:
            continue
        collected = collected_for(known.retriever, search, known.places(case, search))
        yield OwnAsked(case, search, passages, collected, left_out=False)
        if case.answerable:
            _, more = known.ask(case, k=_MORE)
            left = [passage for passage in more if case_path(passage.chunk.document_id) not in case.documents]
            yield OwnAsked(case, search, left, collected, left_out=True)


def _own_rows(documents: Path, folder: Path) -> Iterator[_Row]:
    with knowledge(documents, folder) as known:
        for asked in own_asked(known):
            case = asked.case
            told = (OWN, "", not held_out(case), asked.fold, asked.left_out)
            topical = case.answerable or "off_topic" not in case.slices
            row = signals(asked.search, asked.passages, asked.collected)
            yield row, case.answerable and not asked.left_out, topical, *told


def _wording_rows(documents: Path, folder: Path) -> Iterator[_Row]:
    """The wordings; one is answered where its section stands at the top, since any other answer would be wrong."""
    with knowledge(documents, folder) as known:
        for wording in wordings(documents):
            asked = wording.case
            search, passages = known.ask(asked)
            if refused_for(search.text):
                continue
            row = signals(search, passages, collected_for(known.retriever, search, known.places(asked, search)))
            answered = any(in_section(passage.chunk, asked) for passage in passages[:AT_THE_TOP])
            fold = _number(wording.document) // 2 % FOLDS
            yield row, answered, True, WORDINGS, "", wording.learned_from, fold, False


def _parts(one: RetrievalSet) -> Iterator[tuple[str, RetrievalSet]]:
    """The set whole where it has questions without an answer of its own, else either half of its documents."""
    if np.mean([question.answerable for question in one.questions]) < 0.75:
        yield f"{one.name}-0", one
        return
    for half in (0, 1):
        yield f"{one.name}-{half}", replace(one, documents=tuple(d for d in one.documents if _number(d.id) % 2 == half))


def _sample(questions: Sequence[Asked], most: int) -> list[Asked]:
    return sorted(questions, key=lambda question: _number(question.id))[:most]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha1(text.encode(), usedforsecurity=False).digest()[:2], "big")


def _fold(question: Asked) -> int:
    return _number(min(question.gold_documents, default=question.id)) // 2 % FOLDS


def _develops(question: Asked) -> bool:
    return question.split is Split.DEVELOPMENT


def _signals(index: Indexed, asked: Asked) -> tuple[float, ...]:
    today = date(2026, 1, 1)
    search = contextualise(Question(asked.question, as_of=today, history=asked.exchanges))
    passages = index.retriever.search(search.query(today))
    return signals(search, passages, collected_for(index.retriever, search))
