"""CLINC150: what people ask assistants of every kind; for this one nearly all of it is off the topic."""

from __future__ import annotations

import json
from pathlib import Path

from evals.neutral import Asked, GoldKind, RetrievalSet, split_questions

__all__ = ["convert"]

_PARTS = ("val", "oos_val")
_ON_TOPIC = frozenset(("international_visa", "travel_alert"))


def convert(source: Path) -> RetrievalSet:
    """From one file `data_full.json`: its validation questions and those out of its scope, with no document at all."""
    parts = json.loads(source.read_text(encoding="utf-8"))
    questions: list[tuple[Asked, list[str]]] = [
        (Asked(f"{part}-{number}", text, answerable=False), [])
        for part in _PARTS
        for number, (text, intent) in enumerate(parts[part], 1)
        if intent not in _ON_TOPIC
    ]
    return RetrievalSet(
        name="clinc",
        source="https://github.com/clinc/oos-eval, data/data_full.json",
        licence="CC BY 3.0",
        may_train=False,
        gold=GoldKind.DOCUMENT,
        documents=(),
        questions=split_questions(questions),
    )
