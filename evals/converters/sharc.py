"""ShARC: situations held against one rule each, with the questions asked back on the way."""

from __future__ import annotations

import json
from pathlib import Path

from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]


def convert(source: Path) -> RetrievalSet:
    """From one file of utterances. The rule is the document; a question that it does not bear on has no answer.

    What was asked back and answered comes before the question as the conversation, beginning with the replier's side.
    """
    documents: dict[str, SetDocument] = {}
    questions = []
    for row in json.loads(source.read_text(encoding="utf-8")):
        rule = row["snippet"]
        made = SetDocument(f"{row['source_url']}#{len(documents)}", _title(rule), rule)
        document = documents.setdefault(rule, made)
        answerable = row["answer"] != "Irrelevant"
        turns = [said for turn in row["history"] for said in (turn["follow_up_question"], turn["follow_up_answer"])]
        asked = Asked(
            row["utterance_id"], f"{row['scenario']} {row['question']}".strip(), answerable=answerable,
            history=("", *turns) if turns else (), gold=(Gold(document.id),) if answerable else (),
        )  # fmt: skip
        questions.append((asked, [document.id]))
    return RetrievalSet(
        name="sharc",
        source="https://sharc-data.github.io, sharc1_dev.json",
        licence="CC BY-SA 3.0",
        may_train=False,
        gold=GoldKind.DOCUMENT,
        documents=tuple(documents.values()),
        questions=split_questions(questions),
    )


def _title(rule: str) -> str:
    first = next(line for line in rule.splitlines() if line.strip())
    return first.strip("#* ")[:120]
