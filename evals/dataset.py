"""Cases: a question, and what its reply has to hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.types import AbstentionReason, Exchange

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

__all__ = ["CASES", "EVAL_DOCUMENTS", "HELD_OUT", "WITH_MODEL", "Case", "Section", "Slice", "case_path", "load_cases"]

CASES = Path(__file__).parent / "cases"
WITH_MODEL = CASES / "with_model"
"""Cases in other languages that English documents answer: it takes a language model to ask and to tell these."""
EVAL_DOCUMENTS = Path(__file__).parent / "documents"
"""Documents with invented rules, ingested beside the knowledge base for evals only."""
_EVAL_PREFIX = "evals:"
HELD_OUT = "held-"
"""Ids of cases that nothing may be tuned on begin so."""


class Slice(StrEnum):
    """Kinds of question; a case may be of several. `ABSENT` lies inside the domain but not in the documents."""

    DIRECT = "direct"
    PARAPHRASED = "paraphrased"
    MISSPELT = "misspelt"
    TELEGRAPHIC = "telegraphic"
    LONG = "long"
    FRIGHTENED = "frightened"
    FOLLOW_UP = "follow_up"
    SEVERAL_DOCUMENTS = "several_documents"
    FIGURE = "figure"
    DATE = "date"
    FORM = "form"
    COUNTRY = "country"
    DATED = "dated"
    ABSENT = "absent"
    OFF_TOPIC = "off_topic"
    UNLAWFUL = "unlawful"
    PREDICTION = "prediction"
    OWN_CASE = "own_case"
    NEAR_MISS = "near_miss"
    DISAGREEMENT = "disagreement"
    INJECTION = "injection"
    LANGUAGE = "language"
    PERSON_WANTED = "person_wanted"
    EVERYDAY = "everyday"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a document, whatever stands above it."""

    document: str
    heading: str


@dataclass(frozen=True, slots=True)
class Case:
    """An answer must cite one of `documents` and hold every fact, each as one of several wordings; or be a refusal.

    `documents` are paths below the knowledge base, or below `EVAL_DOCUMENTS` after `evals:`. None of the `forbidden`
    wordings may be said. `refusals` are the reasons of which one is expected; none for a question that has an answer.
    `as_of` is the day whose rules are wanted, None for the day of the run.
    """

    id: str
    question: str
    history: tuple[Exchange, ...] = ()
    jurisdiction: str | None = None
    documents: frozenset[str] = frozenset()
    facts: tuple[tuple[str, ...], ...] = ()
    refusals: frozenset[AbstentionReason] = frozenset()
    forbidden: tuple[tuple[str, ...], ...] = ()
    sections: tuple[Section, ...] = ()
    slices: frozenset[Slice] = frozenset()
    language: str = "en"
    as_of: date | None = None

    @property
    def answerable(self) -> bool:
        return not self.refusals

    @property
    def any_refusal(self) -> bool:
        """Whether every reason to refuse is as good as another."""
        return len(self.refusals) == len(AbstentionReason)


def case_path(document_id: str) -> str:
    """How a case names a stored document."""
    root, _, path = document_id.partition("/")
    return f"{_EVAL_PREFIX}{path}" if root == EVAL_DOCUMENTS.name else path


def load_cases(folder: Path = CASES) -> list[Case]:
    """Every case of every file; raises `InvalidInput` naming file, line and fault."""
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            place = f"{path.name}, line {number}"
            try:
                case = _case(json.loads(line))
            except ValueError as error:
                raise InvalidInput(f"{place}: {error}") from error
            if case.id in seen:
                raise InvalidInput(f"{place}: the id {case.id!r} is taken by {seen[case.id]}; give each case its own")
            seen[case.id] = place
            cases.append(case)
    return cases


@cache
def _schema() -> Draft202012Validator:
    """Imported late: a server has these modules for its training, and few train at once."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((CASES / "schema.json").read_text(encoding="utf-8")))


def _case(fields: dict[str, Any]) -> Case:
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

    if fault := best_match(_schema().iter_errors(fields)):
        raise ValueError(f"{fault.json_path.removeprefix('$.')}: {fault.message}")
    expect = fields["expect"]
    return Case(
        id=fields["id"],
        question=fields["question"],
        history=tuple(_exchange(item) for item in fields.get("history", ())),
        jurisdiction=fields.get("jurisdiction"),
        documents=frozenset(expect.get("documents", ())),
        facts=_wordings(expect.get("facts", ())),
        refusals=_reasons(expect.get("refusal", "")),
        forbidden=_wordings(expect.get("forbidden", ())),
        sections=tuple(Section(*item.split("#", 1)) for item in expect.get("sections", ())),
        slices=frozenset(Slice(item) for item in fields.get("slices", ())),
        language=fields.get("language", "en"),
        as_of=date.fromisoformat(fields["as_of"]) if fields.get("as_of") else None,
    )


def _wordings(items: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(item.split("|")) for item in items)


def _reasons(refusal: str) -> frozenset[AbstentionReason]:
    if refusal == "any":
        return frozenset(AbstentionReason)
    return frozenset(AbstentionReason(reason) for reason in refusal.split("|") if reason)


def _exchange(item: str | dict[str, str]) -> Exchange:
    return Exchange(item, "") if isinstance(item, str) else Exchange(item["question"], item.get("answer", ""))
