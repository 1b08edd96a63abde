"""CLAPnq: searched questions over Wikipedia passages, the answering sentences marked, half without an answer."""

from __future__ import annotations

from pathlib import Path

from evals.converters.rows import read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]

_FILES = {"clapnq_dev_answerable.jsonl": True, "clapnq_dev_unanswerable.jsonl": False}


def convert(source: Path) -> RetrievalSet:
    """From a folder with the annotated development files. A question without an answer keeps its passage.

    Sentences that any annotator chose count; a question whose answer rests on none is left out.
    """
    documents: dict[str, SetDocument] = {}
    questions = []
    for name, answerable in _FILES.items():
        for row in read_rows(source / name):
            passage = row["passages"][0]
            document = documents.setdefault(passage["text"], _document(passage, len(documents)))
            chosen = dict.fromkeys(text for output in row["output"] for text in output["selected_sentences"])
            gold = tuple(_place(document, sentence) for sentence in chosen) if answerable else ()
            if answerable and not gold:
                continue
            asked = Asked(row["id"], row["input"], answerable=answerable, gold=gold)
            questions.append((asked, [document.id]))
    return RetrievalSet(
        name="clapnq",
        source="https://github.com/primeqa/clapnq, annotated_data/dev",
        licence="Apache-2.0",
        may_train=True,
        gold=GoldKind.SPAN,
        documents=tuple(documents.values()),
        questions=split_questions(questions),
    )


def _document(passage: dict[str, str], number: int) -> SetDocument:
    return SetDocument(f"{passage['title']}#{number}", passage["title"], passage["text"])


def _place(document: SetDocument, sentence: str) -> Gold:
    start = document.text.index(sentence)
    return Gold(document.id, start, start + len(sentence))
