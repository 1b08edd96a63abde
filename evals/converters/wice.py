"""WiCE: claims of Wikipedia and the pages they cite, the supporting sentences marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.converters.rows import JoinedText, read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]

_TITLE = "(meta data) TITLE:"
_LONGEST_TITLE = 120


def convert(source: Path) -> RetrievalSet:
    """From one file of claims. A sentence of any supporting set counts; a claim that none supports has no answer."""
    documents: dict[str, SetDocument] = {}
    questions = []
    for row in read_rows(source):
        page = JoinedText(separator="\n")
        spans = [page.add(sentence) for sentence in row["evidence"]]
        made = SetDocument(f"page-{len(documents) + 1}", _page_title(row["evidence"]), page.text)
        document = documents.setdefault(page.text, made)
        chosen = sorted({number for group in row["supporting_sentences"] for number in group})
        gold = tuple(Gold(document.id, *spans[number]) for number in chosen if row["evidence"][number].strip())
        asked = Asked(row["meta"]["id"], row["claim"], answerable=bool(gold), gold=gold)
        questions.append((asked, [document.id]))
    return RetrievalSet(
        name="wice",
        source="https://github.com/ryokamoi/wice, data/entailment_retrieval/claim/dev.jsonl",
        licence="ODC-By; Wikipedia CC BY-SA; Common Crawl terms of use",
        may_train=False,
        gold=GoldKind.SPAN,
        documents=tuple(documents.values()),
        questions=split_questions(questions),
    )


def _page_title(sentences: Sequence[str]) -> str:
    named = (sentence.removeprefix(_TITLE).strip()[:_LONGEST_TITLE] for sentence in sentences)
    return next(filter(None, named), "Page")
