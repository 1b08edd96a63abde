"""Deterministic verdicts on replies, and the figures over many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.types import Abstention, Answer, Reply
from evals.dataset import Case

__all__ = ["Result", "Summary", "Verdict", "judge", "summarise"]


class Verdict(StrEnum):
    """What a reply was worth. The harmful one is `WRONG`: something was answered that does not answer the question."""

    CORRECT = "correct"
    WRONG = "wrong"
    NEEDLESS_REFUSAL = "needless refusal"
    OTHER_REASON = "refused for another reason"


@dataclass(frozen=True, slots=True)
class Result:
    """One case with its reply; `seconds` is the time the answer took."""

    case: Case
    reply: Reply
    verdict: Verdict
    why: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Shares in [0, 1] over the cases they concern: `wrong` is over all."""

    cases: int
    correct_answers: float
    needless_refusals: float
    correct_refusals: float
    wrong: float
    p50_ms: float
    p95_ms: float


def judge(case: Case, reply: Reply) -> tuple[Verdict, str]:
    """Hold a reply against what its case expects."""
    if isinstance(reply, Abstention):
        if case.answerable:
            return Verdict.NEEDLESS_REFUSAL, f"refused as {reply.reason.value}"
        if reply.reason not in case.refusals:
            expected = " or ".join(sorted(case.refusals))
            return Verdict.OTHER_REASON, f"refused as {reply.reason.value}, expected {expected}"
        return Verdict.CORRECT, ""
    if not case.answerable:
        return Verdict.WRONG, "answered what the documents do not answer"
    return _judge_answer(case, reply)


def summarise(results: Sequence[Result]) -> Summary:
    """The figures of a run; raises `ValueError` for none."""
    if not results:
        raise ValueError("there are no results to summarise")
    answerable = [result for result in results if result.case.answerable]
    others = [result for result in results if not result.case.answerable]
    times = sorted(result.seconds * 1000 for result in results)
    return Summary(
        cases=len(results),
        correct_answers=_share(answerable, Verdict.CORRECT),
        needless_refusals=_share(answerable, Verdict.NEEDLESS_REFUSAL),
        correct_refusals=1 - _share(others, Verdict.WRONG),
        wrong=_share(results, Verdict.WRONG),
        p50_ms=times[len(times) // 2],
        p95_ms=times[int(len(times) * 0.95)],
    )


def _judge_answer(case: Case, answer: Answer) -> tuple[Verdict, str]:
    cited = {citation.document_id.split("/", 1)[1] for citation in answer.citations}
    if case.documents and not cited & case.documents:
        return Verdict.WRONG, f"cites {', '.join(sorted(cited))}"
    text = answer.text.casefold()
    for wordings in case.facts:
        if not any(wording.casefold() in text for wording in wordings):
            return Verdict.WRONG, f"lacks {' or '.join(wordings)!r}"
    return Verdict.CORRECT, ""


def _share(results: Sequence[Result], verdict: Verdict) -> float:
    return sum(result.verdict is verdict for result in results) / len(results) if results else 0.0
