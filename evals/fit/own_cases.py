"""The project's own cases, asked of the knowledge base as the chain asks them: what a model may learn from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from chains.contextualise import Search, contextualise, with_country
from core.jurisdictions import places_known_by
from core.types import AbstentionReason, Chunk, Passage, Question
from evals.dataset import HELD_OUT, Case, Section, case_path, load_cases
from evals.facts import plain
from evals.fit.corpus import opened
from ingest.samples import SampleRow, read_samples, sample_files
from ingest.sources import discover
from retrieval.catalogue import CatalogueReader
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.samples import SampleStore
from retrieval.spelling import Speller

__all__ = [
    "OWN",
    "WORDINGS",
    "Knowledge",
    "Wording",
    "held_out",
    "in_section",
    "knowledge",
    "own_cases",
    "wordings",
]

OWN = "cases"
"""The name under which the project's own cases stand beside the sets."""
WORDINGS = "wordings"
"""The name under which the sample questions stand beside the sets."""
_ABSENT = frozenset((AbstentionReason.NOT_COVERED, AbstentionReason.OUT_OF_SCOPE))
_PASSAGES = 24


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The knowledge base open for asking, and the countries that it covers."""

    retriever: HybridRetriever
    covered: tuple[str, ...]
    today: date

    def ask(self, case: Case, *, k: int = _PASSAGES) -> tuple[Search, list[Passage]]:
        """What the chain would look for, and the best `k` passages."""
        search, query = self.query(case, k=k)
        return search, self.retriever.search(query)

    def query(self, case: Case, *, k: int = _PASSAGES) -> tuple[Search, Query]:
        """What the chain would look for, and how it would ask for the best `k` passages."""
        asked = Speller(self.retriever.store).correct(case.question)
        search = contextualise(Question(asked, as_of=self.today, history=case.history))
        search = with_country(search, case.jurisdiction).within(self.covered)
        place = next(iter(self.places(case, search)), None)
        return search, replace(search.query(self.today), k=k, jurisdiction=place)

    def places(self, case: Case, search: Search) -> tuple[str, ...]:
        """The one country whose passages are looked through; none where there are several or no country is named."""
        places = (case.jurisdiction,) if case.jurisdiction else places_known_by(search.places, self.covered)
        return places if len(places) == 1 else ()


@dataclass(frozen=True, slots=True)
class Wording:
    """A message as people write them: a `case` with the section that answers it, or with none in its `document`."""

    case: Case
    document: str

    @property
    def learned_from(self) -> bool:
        """Whether it is of the half that is learned from; all of one document are, or none."""
        return hashlib.sha1(self.document.encode(), usedforsecurity=False).digest()[0] % 2 == 0


@contextmanager
def knowledge(documents: Path, folder: Path, *, samples: bool = False) -> Iterator[Knowledge]:
    """The folder `documents` indexed below `folder`, which keeps the index; asked with its sample questions or without.

    What learns from sample questions asks without them, or it would learn that each has been asked before.
    """
    with opened(folder / "data", documents) as (store, database):
        today = datetime.now(UTC).date()
        catalogue = CatalogueReader(database, generation=lambda: store.generation)
        read = SampleStore(database) if samples else None
        retriever = HybridRetriever(store=store, today=lambda: today, samples=read)
        yield Knowledge(retriever, tuple(catalogue(today).jurisdictions), today)


def own_cases() -> list[Case]:
    """The English cases that only ask about the shipped documents; `held_out` ones are for measuring."""
    return [
        case
        for case in load_cases()
        if case.language == "en" and not any(document.startswith("evals:") for document in case.documents)
    ]


def held_out(case: Case) -> bool:
    return case.id.startswith(HELD_OUT)


def wordings(documents: Path) -> list[Wording]:
    """The sample questions of the folder `documents`: no eval asks them."""
    root = documents.resolve()
    files = sample_files(root, (file.id for file in discover(root)))
    return [_wording(row) for path in files for row in read_samples(path, root)]


def _wording(row: SampleRow) -> Wording:
    document, heading = case_path(row.document_id), row.question.section
    case = Case(
        id=f"{document}, line {row.line}", question=row.question.text, jurisdiction=row.country,
        documents=frozenset() if heading is None else frozenset([document]),
        sections=() if heading is None else (Section(document, heading),),
        refusals=_ABSENT if heading is None else frozenset(),
    )  # fmt: skip
    return Wording(case, document)


def in_section(chunk: Chunk, case: Case) -> bool:
    """Whether a passage stands in one of the sections that a case names."""
    heading = plain(chunk.section[-1] if chunk.section else chunk.question or "")
    document = case_path(chunk.document_id)
    return any(document == section.document and heading == plain(section.heading) for section in case.sections)
