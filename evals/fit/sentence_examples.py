"""Questions with what was found for them, and how much of every sentence found lies in the marked answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from chains.contextualise import Search, contextualise
from chains.sentence_features import candidates_of
from chains.statements import Statement
from core.types import Passage, Question
from evals.dataset import Case
from evals.facts import says
from evals.fit.corpus import indexed
from evals.fit.own_cases import OWN, held_out, knowledge, own_cases
from evals.neutral import Asked, GoldKind, RetrievalSet, Split

__all__ = ["OWN", "Example", "Rated", "examples_of_cases", "examples_of_set"]

_PASSAGES = 10
_SEED = 20261121
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rated:
    """A statement's features and the share of it, in [0, 1], that lies in the marked answer."""

    features: tuple[float, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a set; `answer` is the marked text, `facts` what a case asks for instead."""

    set: str
    split: Split
    follow_up: bool
    search: Search
    passages: tuple[Passage, ...]
    rated: tuple[Rated, ...]
    answer: str = ""
    facts: tuple[tuple[str, ...], ...] = ()


def examples_of_set(found: RetrievalSet, folder: Path, *, most: int) -> list[Example]:
    """At most `most` first questions of a set and as many that follow, always the same; `folder` keeps its index."""
    if found.gold is not GoldKind.SPAN:
        return []
    chosen: list[Asked] = []
    for follows in (False, True):
        of_kind = [one for one in found.questions if one.answerable and bool(one.history) is follows]
        chosen += random.Random(_SEED).sample(of_kind, most) if len(of_kind) > most else of_kind  # noqa: S311 - a sample
    texts = {document.id: document.text for document in found.documents}
    letters = _Letters()
    today = datetime.now(UTC).date()
    examples = []
    with indexed(found, folder) as index:
        for asked in chosen:
            search = contextualise(Question(asked.question, as_of=today, history=asked.exchanges))
            passages = index.retriever.search(replace(search.query(today), k=_PASSAGES))
            marked = _marked(asked, texts, letters)

            def share(statement: Statement, passage: Passage, marked: Mapping[str, list[Span]] = marked) -> float:
                spans = marked.get(index.document_of(passage.chunk.document_id), [])
                canonical = index.store.get_version(passage.chunk.document_id).canonical_text if spans else ""
                return _share(statement, passage, letters.before(canonical), spans) if spans else 0.0

            examples.append(
                Example(
                    found.name,
                    asked.split,
                    bool(asked.history),
                    search,
                    tuple(passages),
                    _rated(search, passages, share),
                    answer=_answer(asked, texts),
                )  # fmt: skip
            )
    return [example for example in examples if example.rated]


def examples_of_cases(documents: Path, folder: Path) -> list[Example]:
    """The project's own English cases that may be learned from: a sentence with a required fact answers."""
    examples = []
    with knowledge(documents, folder) as known:
        for case in own_cases():
            if not case.facts or held_out(case):
                continue
            search, passages = known.ask(case, k=_PASSAGES)

            def share(statement: Statement, passage: Passage, case: Case = case) -> float:
                named = passage.chunk.document_id.partition("/")[2] in case.documents
                return float(named and any(says(statement.text, w) for fact in case.facts for w in fact))

            rated = _rated(search, passages, share)
            found = Example(
                OWN, Split.DEVELOPMENT, bool(case.history), search, tuple(passages), rated, facts=case.facts
            )
            examples += [found] if rated else []
    return examples


def _rated(
    search: Search, passages: Sequence[Passage], share: Callable[[Statement, Passage], float]
) -> tuple[Rated, ...]:
    return tuple(
        Rated(candidate.features, share(candidate.statement, passages[candidate.passage]))
        for candidate in candidates_of(search, passages)
    )


class _Letters:
    """How many letters and digits stand before each place of a text: ingest changes marks and spaces, not these."""

    def __init__(self) -> None:
        self._known: dict[str, list[int]] = {}

    def before(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = [0, *accumulate(map(str.isalnum, text))]
        return self._known[text]


def _marked(asked: Asked, texts: Mapping[str, str], letters: _Letters) -> dict[str, list[Span]]:
    marked: dict[str, list[Span]] = {}
    for place in asked.gold:
        if place.start is not None and place.end is not None:
            before = letters.before(texts[place.document])
            marked.setdefault(place.document, []).append((before[place.start], before[place.end]))
    return marked


def _answer(asked: Asked, texts: Mapping[str, str]) -> str:
    return " ".join(texts[place.document][place.start : place.end] for place in asked.gold)


def _share(statement: Statement, passage: Passage, before: Sequence[int], marked: Sequence[Span]) -> float:
    chunk = passage.chunk
    said = inside = 0
    for quote in statement.quotes:
        start = chunk.start + max(chunk.text.find(quote, statement.start), 0)
        first, last = before[start], before[start + len(quote)]
        said += last - first
        inside += min(last - first, sum(max(0, min(last, end) - max(first, begin)) for begin, end in marked))
    return inside / said if said else 0.0
