"""XQuAD: the same questions over the same paragraphs in many languages; the paragraph is what is looked for."""

from __future__ import annotations

import json
from pathlib import Path

from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]


def convert(source: Path) -> RetrievalSet:
    """From one file `xquad.LANGUAGE.json`. Ids and halves are equal in every language."""
    language = source.name.split(".")[1]
    documents, questions = [], []
    for article, entry in enumerate(json.loads(source.read_text(encoding="utf-8"))["data"], 1):
        for number, paragraph in enumerate(entry["paragraphs"], 1):
            document = SetDocument(f"{article}/{number}", f"{article}", paragraph["context"], language=language)
            documents.append(document)
            for asked in paragraph["qas"]:
                question = Asked(asked["id"], asked["question"], language=language, gold=(Gold(document.id),))
                questions.append((question, [document.id]))
    return RetrievalSet(
        name=f"xquad-{language}",
        source=f"https://github.com/google-deepmind/xquad, {source.name}",
        licence="CC BY-SA 4.0",
        may_train=False,
        gold=GoldKind.DOCUMENT,
        documents=tuple(documents),
        questions=split_questions(questions),
    )
