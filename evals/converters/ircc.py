"""IRCC help centre: real questions on Canadian immigration; which answer belongs to which, never what it says."""

from __future__ import annotations

from pathlib import Path

from evals.converters.rows import read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]

_TITLE = "Help centre"  # of all of them: the category that the source gives would help to find its answers


def convert(source: Path) -> RetrievalSet:
    """From a folder with `faq.jsonl`. Every distinct answer is a document; two questions may share one."""
    documents: dict[str, SetDocument] = {}
    questions = []
    for row in read_rows(source / "faq.jsonl"):
        gold = []
        for number, answer in enumerate(row["answers"], 1):
            made = SetDocument(f"{row['id']}/{number}", _TITLE, answer["text"])
            gold.append(documents.setdefault(answer["text"], made).id)
        places = tuple(Gold(document) for document in dict.fromkeys(gold))
        questions.append((Asked(row["id"], row["question"], gold=places), gold))
    return RetrievalSet(
        name="ircc",
        source="IRCC help centre, by https://github.com/mayanklad/llm-canada-immigration",
        licence="Crown copyright, Government of Canada: non-commercial reproduction with attribution",
        may_train=False,
        gold=GoldKind.DOCUMENT,
        documents=tuple(documents.values()),
        questions=split_questions(questions),
    )
