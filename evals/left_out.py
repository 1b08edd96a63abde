"""`python -m evals.left_out`: what is answered when the documents that hold the answer are not there."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from chains.answer import AnswerChain
from chains.countries import without_countries
from core.types import Answer, Question
from evals.dataset import Case
from evals.fit.corpus import opened
from evals.fit.own_cases import own_cases
from ingest.sources import SAMPLES_FILE, SIDECAR_SUFFIX, is_document
from retrieval.catalogue import CatalogueReader
from retrieval.retriever import HybridRetriever
from retrieval.samples import SampleStore

__all__ = ["ALONE", "LeftOut", "ask_alone", "ask_halves", "main"]

ALONE = (
    "canada/study-permit.md", "united-kingdom/student-visa.md", "united-states/form-i-94.md",
    "australia/partner-visas.md", "germany/blocked-account.md", "new-zealand/citizenship.md",
    "schengen/ees-and-etias.md", "general/lost-documents.md", "canada/super-visa.md",
    "united-kingdom/dependants.md",
)  # fmt: skip
"""Documents that are indexed one at a time: each country, and pages of a permit, a form and a thing to do."""
_STRANGERS = 60
"""Questions about other documents that each of them is asked."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many questions whose answer is there were answered, and how many whose answer is not."""

    covered: int = 0
    answered: int = 0
    absent: int = 0
    falsely_answered: int = 0
    answers: tuple[str, ...] = ()

    @property
    def coverage(self) -> float:
        return self.answered / max(1, self.covered)

    @property
    def false_answers(self) -> float:
        return self.falsely_answered / max(1, self.absent)

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(
            self.covered + other.covered, self.answered + other.answered, self.absent + other.absent,
            self.falsely_answered + other.falsely_answered, self.answers + other.answers,
        )  # fmt: skip


def ask_alone(knowledge: Path, work: Path, document: str) -> LeftOut:
    """A collection of this one document, asked about it and about others of its country.

    A question about another country is put as one about this: the country's name alone would give it away.
    """
    covered = [case for case in _alone(own_cases()) if case.documents == {document}]
    others = [case for case in _alone(own_cases()) if document not in case.documents]
    asked = sorted(others, key=lambda case: _number(f"{document} {case.id}"))[:_STRANGERS]
    place = document.split("/")[0]
    with _chain(knowledge, work / place / Path(document).stem, [document]) as (chain, today, jurisdictions):
        home = jurisdictions[0] if jurisdictions else None
        return _asked(chain, covered, today, home=None) + _asked(chain, asked, today, home=home, absent=True)


def ask_halves(knowledge: Path, work: Path) -> LeftOut:
    """Either half of the documents, asked about itself and about the other half."""
    found = LeftOut()
    documents = sorted(
        path.relative_to(knowledge).as_posix()
        for path in knowledge.rglob("*")
        if path.is_file() and is_document(path.relative_to(knowledge).parts)
    )
    for half in (0, 1):
        ours = [document for document in documents if _number(document) % 2 == half]
        there = frozenset(ours)
        cases = _alone(own_cases())
        with _chain(knowledge, work / f"half-{half}", ours) as (chain, today, _):
            found += _asked(chain, [case for case in cases if case.documents <= there], today, home=None)
            gone = [case for case in cases if not case.documents & there]
            found += _asked(chain, gone, today, home=None, absent=True)
    return found


def _alone(cases: Iterable[Case]) -> list[Case]:
    """The cases that have an answer, in the rules of today, and can be understood without a conversation."""
    return [case for case in cases if case.answerable and not case.history and case.as_of is None]


def _asked(
    chain: AnswerChain, cases: Sequence[Case], today: date, *, home: str | None, absent: bool = False
) -> LeftOut:
    said = []
    for case in cases:
        place = home or case.jurisdiction
        reply = chain.invoke(Question(_at_home(case.question, home), as_of=today, jurisdiction=place))
        if isinstance(reply, Answer):
            said.append(case.id)
    if absent:
        return LeftOut(absent=len(cases), falsely_answered=len(said), answers=tuple(said))
    return LeftOut(covered=len(cases), answered=len(said))


def _at_home(question: str, home: str | None) -> str:
    """The question without the names of countries where it is asked of one chosen beside it."""
    return question if home is None else without_countries(question) or question


@contextmanager
def _chain(knowledge: Path, work: Path, documents: Sequence[str]) -> Iterator[tuple[AnswerChain, date, Sequence[str]]]:
    """A chain over these documents alone, indexed below `work`, its day and the countries it covers."""
    folder = work / knowledge.name
    _copy(knowledge, folder, documents)
    today = datetime.now(UTC).date()
    with opened(work / "data", folder) as (store, database):
        catalogue = CatalogueReader(database, generation=lambda: store.generation)
        retriever = HybridRetriever(store=store, today=lambda: today, samples=SampleStore(database))
        yield AnswerChain(retriever, catalogue=catalogue, today=lambda: today), today, catalogue(today).jurisdictions


def _copy(knowledge: Path, folder: Path, documents: Sequence[str]) -> None:
    for document in documents:
        samples = str(Path(document).with_name(SAMPLES_FILE))
        for name in (document, f"{document}{SIDECAR_SUFFIX}", samples):
            source, target = knowledge / name, folder / name
            if source.exists() and (not target.exists() or target.read_bytes() != source.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha1(text.encode(), usedforsecurity=False).digest()[:2], "big")


def main(argv: Sequence[str]) -> None:
    """Print both experiments as JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals.left_out", description=__doc__)
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge_base"), help="the documents of the cases")
    parser.add_argument("--work", type=Path, required=True, help="keeps the indexes between runs")
    parser.add_argument("--halves", action="store_true", help="index either half of the documents, not one at a time")
    given = parser.parse_args(argv)
    if given.halves:
        found = {"halves": ask_halves(given.knowledge, given.work)}
    else:
        found = {document: ask_alone(given.knowledge, given.work, document) for document in ALONE}
        found["all of these"] = sum(found.values(), LeftOut())
    for name, one in found.items():
        shown = {**asdict(one), "coverage": round(one.coverage, 3), "false_answers": round(one.false_answers, 3)}
        sys.stdout.write(json.dumps({"of": name, **shown}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
