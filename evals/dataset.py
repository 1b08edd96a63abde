"""Cases: a question, and what its reply has to hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput
from core.types import AbstentionReason, Exchange

__all__ = ["CASES", "Case", "load_cases"]

CASES = Path(__file__).parent / "cases"
_FIELDS = {"id", "question", "history", "jurisdiction", "expect"}


@dataclass(frozen=True, slots=True)
class Case:
    """An answer must cite one of `documents` and hold every fact, each as one of several wordings; or be a refusal.

    `documents` are paths below the knowledge base. `refusals` are the reasons of which one is expected; none for a
    question that has an answer.
    """

    id: str
    question: str
    history: tuple[Exchange, ...] = ()
    jurisdiction: str | None = None
    documents: frozenset[str] = frozenset()
    facts: tuple[tuple[str, ...], ...] = ()
    refusals: frozenset[AbstentionReason] = frozenset()

    @property
    def answerable(self) -> bool:
        return not self.refusals


def load_cases(folder: Path = CASES) -> list[Case]:
    """Every case of every file; raises `InvalidInput` naming file, line and fault."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                cases.append(_case(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidInput(f"{path.name}, line {number}: {error}") from error
    if len({case.id for case in cases}) != len(cases):
        raise InvalidInput(f"two cases in {str(folder)!r} have one id; give each its own")
    return cases


def _case(fields: dict[str, object]) -> Case:
    if unknown := set(fields) - _FIELDS:
        raise ValueError(f"unknown fields {sorted(unknown)}; known are {sorted(_FIELDS)}")
    expect = fields["expect"]
    if not isinstance(expect, dict) or not set(expect) <= {"documents", "facts", "refusal"}:
        raise ValueError(f"expect is {expect!r}; give documents and facts, or a refusal")
    refusal = expect.get("refusal")
    reasons = (
        list(AbstentionReason)
        if refusal == "any"
        else [AbstentionReason(r) for r in refusal.split("|")]
        if refusal
        else []
    )
    return Case(
        id=str(fields["id"]),
        question=str(fields["question"]),
        history=tuple(_exchange(item) for item in _listed(fields.get("history"))),
        jurisdiction=None if fields.get("jurisdiction") is None else str(fields["jurisdiction"]),
        documents=frozenset(str(item) for item in _listed(expect.get("documents"))),
        facts=tuple(tuple(str(item).split("|")) for item in _listed(expect.get("facts"))),
        refusals=frozenset(reasons),
    )


def _listed(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def _exchange(item: object) -> Exchange:
    if isinstance(item, str):
        return Exchange(item, "")
    if isinstance(item, dict):
        return Exchange(str(item["question"]), str(item.get("answer", "")))
    raise TypeError(f"{item!r} is neither a question nor a question with its answer")
