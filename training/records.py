"""An example, what it is made of, and how it maps to a row."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from core.errors import Conflict
from training.states import ExampleStatus
from training.tables import ExampleRow

__all__ = ["Done", "Draft", "DuplicateExample", "Example", "columns", "example_of", "key_of", "same_words", "told"]


class DuplicateExample(Conflict):
    """The same question with the same answer is there already, under the id `example_id`."""

    type = "duplicate-example"
    title = "This was proposed before"

    def __init__(self, example_id: str, message: str) -> None:
        super().__init__(message)
        self.example_id = example_id

    @property
    def members(self) -> Mapping[str, object]:
        return {"example_id": self.example_id}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed, personal data masked; `findings` are what the check of it found, as ids."""

    question: str
    answer: str
    language: str
    source: str | None = None
    jurisdiction: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    findings: Mapping[str, Any] = field(default_factory=dict)
    embedding: str | None = None
    vector: bytes | None = None

    @property
    def live_key(self) -> str:
        return _live_key(self.question, self.answer, self.jurisdiction)

    def found(self, findings: Mapping[str, Any]) -> Draft:
        """The same with what its check found."""
        return replace(self, findings=findings)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its proposed answer and where the two stand; `cites` are ids of document versions."""

    id: str
    question: str
    answer: str
    source: str | None
    jurisdiction: str | None
    language: str
    effective_from: date | None
    effective_to: date | None
    cites: tuple[str, ...]
    status: ExampleStatus
    reason: str | None
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    run_id: str | None
    updated_at: datetime
    findings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """The example after an act; `changed` is False when it had been done before."""

    example: Example
    changed: bool


_KEPT = (
    "question", "answer", "source", "jurisdiction", "effective_from", "effective_to", "cites", "status", "reason",
    "run_id",
)  # fmt: skip
"""What the log keeps of an example before and after an act."""


def told(example: Example) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps({name: getattr(example, name) for name in _KEPT}, default=str))
    return found


def key_of(example: Example) -> str:
    return _live_key(example.question, example.answer, example.jurisdiction)


def columns(draft: Draft) -> dict[str, Any]:
    found = {item.name: getattr(draft, item.name) for item in fields(draft)}
    return {**found, "findings": dict(draft.findings)}


def example_of(row: ExampleRow) -> Example:
    shared = (item.name for item in fields(Example))
    values = {name: getattr(row, name) for name in shared}
    return Example(**{**values, "cites": tuple(row.cites), "status": ExampleStatus(row.status)})


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same whatever their case, spacing and punctuation."""
    return _words(one) == _words(other)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _live_key(question: str, answer: str, jurisdiction: str | None) -> str:
    body = json.dumps([_words(question), _words(answer), jurisdiction])
    return hashlib.sha256(body.encode()).hexdigest()
