"""How well sentences are chosen and absent answers refused, on documents and questions with marked answers."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from api.bootstrap import build_application
from chains.abstain import ANSWER_FROM, confidence
from chains.contextualise import Search, contextualise
from chains.extractive import write_extractive
from core.settings import Settings
from core.types import Passage, Question
from retrieval.retriever import HybridRetriever, Query

__all__ = ["main"]

_PASSAGES = 10
_COVERAGE = 0.9
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Document:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A first question, the document that answers it and the text marked as its answer."""

    search: Search
    document: str
    answer: str


def main() -> None:
    """Print sentence choice over all documents, then refusal with either half of the documents left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with documents.jsonl and questions.jsonl")
    folder: Path = parser.parse_args().data
    documents, asked = _documents(folder), _questions(folder)
    with _indexed(documents) as retriever:
        _print_choice([(question, _passages(retriever, question)) for question in asked])
    found: list[tuple[float, bool]] = []
    for half in (0, 1):
        with _indexed([document for document in documents if _half(document.id) == half]) as retriever:
            found += [(confidence(_passages(retriever, one)), _half(one.document) == half) for one in asked]
    _print_refusal(np.array([sure for sure, _ in found]), np.array([there for _, there in found]))


def _documents(folder: Path) -> list[_Document]:
    rows = map(json.loads, (folder / "documents.jsonl").read_text().splitlines())
    return [_Document(row["doc_id"], row["title"], row["text"]) for row in rows]


def _questions(folder: Path) -> list[_Asked]:
    rows = map(json.loads, (folder / "questions.jsonl").read_text().splitlines())
    today = datetime.now(UTC).date()
    return [
        _Asked(contextualise(Question(row["question"], as_of=today)), row["doc_id"], row["answer_text"])
        for row in rows
        if not row["history_latest_first"]
    ]


def _half(document_id: str) -> int:
    return hashlib.sha1(document_id.encode(), usedforsecurity=False).digest()[0] % 2


@contextmanager
def _indexed(documents: Sequence[_Document]) -> Iterator[HybridRetriever]:
    with tempfile.TemporaryDirectory() as name:
        knowledge = Path(name) / "documents"
        knowledge.mkdir()
        for number, document in enumerate(documents):
            (knowledge / f"{number}.txt").write_text(document.text)
            (knowledge / f"{number}.txt.meta.yaml").write_text(f"title: {json.dumps(document.title)}\n")
        settings = Settings(data_dir=Path(name) / "data", knowledge_base=knowledge)
        application = build_application(settings, durable=False)
        try:
            application.ingestor.sync_folder(knowledge)
            yield application.retriever
        finally:
            application.stop()


def _passages(retriever: HybridRetriever, asked: _Asked) -> list[Passage]:
    return retriever.search(Query(asked.search.text, as_of=datetime.now(UTC).date(), k=_PASSAGES))


def _print_choice(found: Sequence[tuple[_Asked, list[Passage]]]) -> None:
    scores, words, times, hits = [], [], [], []
    for asked, passages in found:
        started = time.perf_counter()
        confidence(passages)
        drafts = write_extractive(asked.search, passages)
        times.append((time.perf_counter() - started) * 1000)
        said = _tokens(" ".join(draft.text for draft in drafts))
        scores.append(_f1(said, _tokens(asked.answer)))
        words.append(len(said))
        hits.append(any(_overlaps(_tokens(draft.text), _tokens(asked.answer)) for draft in drafts[:3]))
    print(
        f"{len(found)} first questions: token F1 {np.mean(scores):.3f}, one of the first three sentences overlaps the"
    )
    print(f"marked answer {np.mean(hits):.3f}, words {np.mean(words):.0f}, ms p50 {np.median(times):.2f}")


def _print_refusal(sure: Floats, there: npt.NDArray[np.bool_]) -> None:
    answerable, absent = sure[there], sure[~there]
    bar = np.quantile(answerable, 1 - _COVERAGE)
    print(
        f"absent documents: AUROC {_auroc(answerable, absent):.3f}, false answers at {_COVERAGE:.0%} coverage", end=" "
    )
    print(
        f"{np.mean(absent >= bar):.0%}; at {ANSWER_FROM}: coverage {np.mean(answerable >= ANSWER_FROM):.0%},", end=" "
    )
    print(f"false answers {np.mean(absent >= ANSWER_FROM):.0%}")


def _auroc(higher: Floats, lower: Floats) -> float:
    """The share of pairs that stand in the right order; a tie counts half."""
    difference = higher[:, None] - lower[None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def _tokens(text: str) -> list[str]:
    return re.findall(r"[\w$%]+", text.lower())


def _f1(said: Sequence[str], marked: Sequence[str]) -> float:
    common = sum((Counter(said) & Counter(marked)).values())
    return 2 * common / (len(said) + len(marked)) if common else 0.0


def _overlaps(said: Sequence[str], marked: Sequence[str]) -> bool:
    """Whether either text holds at least half of the other's words."""
    common = sum((Counter(said) & Counter(marked)).values())
    return common > 0 and common >= min(len(said), len(marked)) / 2


if __name__ == "__main__":
    main()
