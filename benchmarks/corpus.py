"""Ten thousand passages to search: the knowledge base's own sentences, shuffled into distinct documents."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import Progress as Bar
from sqlalchemy import select

from api.application import Application
from api.bootstrap import build_application
from core.settings import Settings
from ingest.report import Progress
from retrieval.records import vector_from
from retrieval.tables import ChunkRow

__all__ = ["KNOWLEDGE_BASE", "Corpus", "opened", "questions", "vectors_of"]

KNOWLEDGE_BASE = Path(__file__).parents[1] / "knowledge_base"
_SENTENCE = re.compile(r"[A-Z][^.|#\n]{30,400}\.(?=\s|$)")
_QUESTION = re.compile(r"^#+ (.+\?)$", re.MULTILINE)
_SECTIONS = 12
_SECTION_WORDS = 90
"""A section is one passage: the chunker's limit is 120 words, and it does not join sections without need."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of documents and the data folder they are indexed in."""

    documents: Path
    settings: Settings

    @classmethod
    def of(cls, folder: Path, chunks: int) -> Corpus:
        """The corpus of about `chunks` passages below `folder`; documents that are there are left alone."""
        home = folder / f"corpus-{chunks}"
        documents = home / "documents"
        if not documents.exists():
            draft = home / "draft"
            draft.mkdir(parents=True, exist_ok=True)
            _write_documents(draft, chunks // _SECTIONS + 1)
            draft.rename(documents)
        return cls(documents, Settings(data_dir=home / "data", knowledge_base=documents, log_level="WARNING"))

    def index(self) -> int:
        """Index what is not indexed yet, with a bar; how many passages there are. It can be stopped and taken up."""
        with opened(self) as application, Bar(transient=True) as bar:
            task = bar.add_task("Indexing the corpus", total=None)

            def note(progress: Progress) -> None:
                bar.update(task, completed=progress.done, total=progress.total)

            application.ingestor.sync_folder(self.documents, progress=note)
            return application.store.counts().chunks


@contextmanager
def opened(corpus: Corpus) -> Iterator[Application]:
    """The application over the corpus in this process, without the durable engine."""
    application = build_application(corpus.settings, durable=False)
    try:
        yield application
    finally:
        application.stop()


def questions(count: int, *, seed: int = 1) -> list[str]:
    """`count` questions that the knowledge base's headings ask, in an order of their own, repeated when need be."""
    asked = sorted({question for path in _sources() for question in _QUESTION.findall(path.read_text("utf-8"))})
    random.Random(seed).shuffle(asked)
    return [asked[number % len(asked)] for number in range(count)]


def vectors_of(application: Application) -> npt.NDArray[np.float32]:
    """Every passage's vector, float32 [passages, dimension]."""
    with application.database.read() as connection:
        return np.stack([vector_from(stored) for stored in connection.scalars(select(ChunkRow.vector))])


def _write_documents(folder: Path, count: int) -> None:
    chance = random.Random(count)
    by_country = _sentences()
    for number in range(count):
        country = chance.choice(sorted(by_country))
        (folder / f"{country}-{number:05}.md").write_text(_document(by_country[country], country, number, chance))


def _document(sentences: Sequence[str], country: str, number: int, chance: random.Random) -> str:
    codes = {"australia": "AU", "canada": "CA", "united-kingdom": "GB", "united-states": "US"}
    head = (
        f"---\ntitle: {country.title()} notes {number}\njurisdiction: {codes.get(country, 'ZZ')}\nlanguage: en\n---\n"
    )
    return head + "".join(_section(sentences, section, chance) for section in range(_SECTIONS))


def _section(sentences: Sequence[str], section: int, chance: random.Random) -> str:
    chosen: list[str] = []
    while sum(len(sentence.split()) for sentence in chosen) < _SECTION_WORDS - 15:
        chosen.append(chance.choice(sentences))
    return f"\n## Part {section + 1}\n\n{' '.join(chosen)}\n"


def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in _sources():
        body = path.read_text("utf-8").split("\n---\n", 1)[-1]
        found[path.relative_to(KNOWLEDGE_BASE).parts[0]] += _SENTENCE.findall(body)
    return dict(found)


def _sources() -> list[Path]:
    return sorted(KNOWLEDGE_BASE.rglob("*.md"))
