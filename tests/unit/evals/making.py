"""Replies, passages and outcomes for tests."""

from __future__ import annotations

from collections.abc import Mapping

from core.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerMode,
    Chunk,
    Citation,
    DocumentMeta,
    Passage,
    Sentence,
)
from evals.outcome import Outcome, Seen, Verdict

__all__ = ["answer", "outcome", "passage", "refusal", "text_of"]


def answer(
    text: str,
    document: str = "kb/uk/visit.md",
    *,
    section: tuple[str, ...] = (),
    start: int = 0,
    confidence: float = 0.9,
) -> Answer:
    """One sentence that quotes itself."""
    end = start + len(text)
    citation = Citation(1, document, "v", "T", "GB", None, None, section, start, end, text, None, None, None)
    return Answer((Sentence(text, (1,)),), (citation,), confidence, AnswerMode.EXTRACTIVE)


def refusal(reason: AbstentionReason, *suggestions: str) -> Abstention:
    return Abstention(reason, "No.", ("Ask.",), 0.1, suggestions=suggestions)


def passage(document: str, text: str = "Up to 6 months.", *, score: float = 0.9) -> Passage:
    chunk = Chunk(f"{document}#0", document, "v", 0, text, 0, len(text))
    return Passage(chunk, DocumentMeta("T"), score)


def text_of(document_id: str, version_id: str) -> str:
    return "Up to 6 months. Up to nine months."


def outcome(
    id: str,
    verdict: Verdict = Verdict.CORRECT,
    *,
    answerable: bool = True,
    slices: tuple[str, ...] = (),
    confidence: float | None = 0.8,
    question: str = "How long?",
    found: bool = True,
    scores: Mapping[str, float] | None = None,
) -> Outcome:
    """An outcome whose reply fits its verdict."""
    refused = verdict in (Verdict.NEEDLESS_REFUSAL, Verdict.OTHER_REASON) or (
        verdict is Verdict.CORRECT and not answerable
    )
    answered = not refused and verdict is not Verdict.FAILED
    seen = Seen("uk/visit.md", ("Visit",), 0.9, "Up to 6 months.", wanted=found)
    return Outcome(
        id, question, verdict, "" if verdict is Verdict.CORRECT else "because", answerable, slices=slices,
        answered=answered, reason="not_covered" if refused else None, reasons=() if answerable else ("not_covered",),
        text="Up to 6 months.", passages=(seen,), confidence=confidence, seconds=0.02, scores=dict(scores or {}),
    )  # fmt: skip
