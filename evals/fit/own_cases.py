"""The project's own cases, asked of the knowledge base as the chain asks them: what a model may learn from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from chains.contextualise import Search, contextualise
from core.jurisdictions import places_known_by
from core.types import Passage, Question
from evals.dataset import Case, load_cases
from evals.fit.corpus import opened
from retrieval.catalogue import CatalogueReader
from retrieval.retriever import HybridRetriever, Query
from retrieval.spelling import Speller

__all__ = ["OWN", "Knowledge", "held_out", "knowledge", "own_cases"]

OWN = "cases"
"""The name under which the project's own cases stand beside the sets."""
_HELD = "held-"
_PASSAGES = 24


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The knowledge base open for asking, and the countries that it covers."""

    retriever: HybridRetriever
    covered: tuple[str, ...]
    today: date

    def ask(self, case: Case, *, k: int = _PASSAGES) -> tuple[Search, list[Passage]]:
        """What the chain would look for, and the best `k` passages."""
        asked = Speller(self.retriever.store).correct(case.question)
        search = contextualise(Question(asked, as_of=self.today, history=case.history)).within(self.covered)
        place = next(iter(self.places(case, search)), None)
        query = Query(search.text, as_of=self.today, history=search.history, k=k, jurisdiction=place)
        return search, self.retriever.search(query)

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
    return case.id.startswith(_HELD)
