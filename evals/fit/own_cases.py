"""The project's own cases, asked of the knowledge base as the chain asks them: what a model may learn from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from chains.contextualise import Search, contextualise, with_country
from core.jurisdictions import places_known_by
from core.types import Chunk, Passage, Question
from evals.dataset import HELD_OUT, Case, case_path, load_cases
from evals.facts import plain
from evals.fit.corpus import opened
from retrieval.catalogue import CatalogueReader
from retrieval.retriever import HybridRetriever, Query
from retrieval.spelling import Speller

__all__ = [
    "OWN",
    "WORDINGS",
    "Knowledge",
    "held_out",
    "in_section",
    "knowledge",
    "learned_from",
    "own_cases",
    "wordings",
]

OWN = "cases"
"""The name under which the project's own cases stand beside the sets."""
WORDINGS = "wordings"
"""The name of the messages that are only learned from, and of their folder beside the cases."""
_WORDINGS = Path(__file__).parents[1] / "wordings"
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
        return search, Query(search.text, as_of=self.today, history=search.history, k=k, jurisdiction=place)

    def places(self, case: Case, search: Search) -> tuple[str, ...]:
        """The one country whose passages are looked through; none where there are several or no country is named."""
        places = (case.jurisdiction,) if case.jurisdiction else places_known_by(search.places, self.covered)
        return places if len(places) == 1 else ()


@contextmanager
def knowledge(documents: Path, folder: Path) -> Iterator[Knowledge]:
    """The folder `documents` indexed below `folder`, which keeps the index."""
    with opened(folder / "data", documents) as (store, database):
        today = datetime.now(UTC).date()
        catalogue = CatalogueReader(database, generation=lambda: store.generation)
        yield Knowledge(HybridRetriever(store=store, today=lambda: today), tuple(catalogue(today).jurisdictions), today)


def own_cases() -> list[Case]:
    """The English cases that only ask about the shipped documents; `held_out` ones are for measuring."""
    return [
        case
        for case in load_cases()
        if case.language == "en" and not any(document.startswith("evals:") for document in case.documents)
    ]


def held_out(case: Case) -> bool:
    return case.id.startswith(HELD_OUT)


def wordings() -> list[Case]:
    """Messages as people write them, each with the section that answers it or with none: no eval asks them."""
    return load_cases(_WORDINGS)


def learned_from(wording: Case) -> bool:
    """Whether a wording is of the half that is learned from; all of one document are, or none."""
    document = min(wording.documents, default=wording.id)
    return hashlib.sha1(document.encode(), usedforsecurity=False).digest()[0] % 2 == 0


def in_section(chunk: Chunk, case: Case) -> bool:
    """Whether a passage stands in one of the sections that a case names."""
    heading = plain(chunk.section[-1] if chunk.section else chunk.question or "")
    document = case_path(chunk.document_id)
    return any(document == section.document and heading == plain(section.heading) for section in case.sections)
