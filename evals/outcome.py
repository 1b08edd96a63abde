"""What came of one case, in plain values that a file can keep."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.errors import InvalidInput

__all__ = ["HARM", "Outcome", "Quoted", "Said", "Seen", "Verdict", "read_outcomes", "write_outcomes"]


class Verdict(StrEnum):
    """What a reply was worth. The harmful one is `WRONG`: something was answered that does not answer the question."""

    CORRECT = "correct"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    OFFERED = "offered"
    NEEDLESS_REFUSAL = "needless refusal"
    OTHER_REASON = "refused for another reason"
    FAILED = "failed"


HARM: dict[Verdict, float] = {
    Verdict.WRONG: 1.0,
    Verdict.FAILED: 1.0,
    Verdict.INCOMPLETE: 0.4,
    Verdict.NEEDLESS_REFUSAL: 0.25,
    Verdict.OTHER_REASON: 0.1,
    Verdict.OFFERED: 0.1,
    Verdict.CORRECT: 0.0,
}
"""What a verdict costs the person who asked. A wrong answer is acted on; a refusal sends them to somebody who knows,
and one that offers the question which is answered costs another click. A reply that never came, or that could not be
judged, counts as a wrong one, so that no fault looks like a success."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage that was found: its document as a case names it, and whether the case wants that document."""

    document: str
    section: tuple[str, ...]
    score: float
    text: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation; `exact` says that its quote stands in its document's text at its offsets."""

    id: int
    document: str
    section: tuple[str, ...]
    quote: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer and the ids of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case with its reply and verdict; `why` is empty for a correct one.

    `expected` is what the case asks for, in words; `reason` why a refusal was given. `scores` holds a number in [0, 1]
    for every figure that concerns the case. `confidence` is None where no reply came.
    """

    id: str
    question: str
    verdict: Verdict
    why: str
    answerable: bool
    expected: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    reasons: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    jurisdiction: str | None = None
    as_of: str | None = None
    answered: bool = False
    reason: str | None = None
    text: str = ""
    sentences: tuple[Said, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    passages: tuple[Seen, ...] = ()
    confidence: float | None = None
    seconds: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def harm(self) -> float:
        return HARM[self.verdict]

    @property
    def found(self) -> bool:
        """Whether a passage of a wanted document was found."""
        return any(passage.wanted for passage in self.passages)


@cache
def _adapter() -> TypeAdapter[list[Outcome]]:
    return TypeAdapter(list[Outcome])


def write_outcomes(path: Path, outcomes: Sequence[Outcome], **more: object) -> None:
    """One JSON object: `more`, then `cases`. Raises `ValueError` for a number that is none: JSON has no such thing."""
    content = {**more, "cases": [asdict(outcome) for outcome in outcomes]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_outcomes(path: Path) -> list[Outcome]:
    """The cases of such a file; raises `InvalidInput` when it is none, or lacks a number."""
    try:
        outcomes = _adapter().validate_python(json.loads(path.read_text(encoding="utf-8"))["cases"])
    except OSError as error:
        raise InvalidInput(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        first = str(error).split("\n", 1)[0]
        raise InvalidInput(f"{str(path)!r} holds no results of `assistant eval --json FILE`: {first}") from error
    if any(not math.isfinite(score) for outcome in outcomes for score in outcome.scores.values()):
        raise InvalidInput(f"{str(path)!r} holds a score that is no number; run the eval again")
    return outcomes
