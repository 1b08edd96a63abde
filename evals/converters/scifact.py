"""SciFact in the form of BEIR: claims and the abstracts they are held against."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from evals.converters.rows import read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]


def convert(source: Path) -> RetrievalSet:
    """From a folder with `corpus.jsonl`, `queries.jsonl` and judgements in `qrels/*.tsv`."""
    judged: dict[str, list[str]] = defaultdict(list)
    for path in sorted((source / "qrels").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                if int(row["score"]) > 0:
                    judged[row["query-id"]].append(row["corpus-id"])
    questions = []
    for row in read_rows(source / "queries.jsonl"):
        if found := list(dict.fromkeys(judged[row["_id"]])):
            questions.append((Asked(row["_id"], row["text"], gold=tuple(map(Gold, found))), found))
    return RetrievalSet(
        name="scifact",
        source="https://github.com/allenai/scifact, in the form of https://github.com/beir-cellar/beir",
        licence="CC BY-NC 2.0",
        may_train=False,
        gold=GoldKind.DOCUMENT,
        documents=tuple(
            SetDocument(row["_id"], row["title"] or row["_id"], row["text"])
            for row in read_rows(source / "corpus.jsonl")
        ),
        questions=split_questions(questions),
    )
