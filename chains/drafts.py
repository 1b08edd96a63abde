"""What a writer proposes, before anything of it was checked."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DraftQuote", "DraftSentence", "Unanswerable"]


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """Words that a writer says stand in a passage; `passage` counts from 1, as in the prompt, None when not said."""

    passage: int | None
    text: str


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One proposed sentence of an answer and the quotes it claims to rest on."""

    text: str
    quotes: tuple[DraftQuote, ...]


class Unanswerable(Exception):  # noqa: N818
    """The writer read the passages and found no answer in them: an outcome, not a failure."""
