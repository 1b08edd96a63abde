"""What happens while a question is answered, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.types import Citation, Reply, Sentence

__all__ = ["Doing", "Event", "Settled", "Status", "Verified"]


class Doing(StrEnum):
    """What a chain does while somebody waits, for whoever words it in another language."""

    LOOKING = "looking"
    CHECKING = "checking"
    WRITING = "writing"
    READING = "reading"
    TRANSLATING = "translating"


_TOLD = {
    Doing.LOOKING: "Looking through the documents…",
    Doing.CHECKING: "Checking every quote…",
    Doing.WRITING: "Writing, and checking every sentence against its quote…",
    Doing.READING: "Reading what comes nearest to your question…",
    Doing.TRANSLATING: "Translating, and checking every translation…",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done now, and among how many documents where that says something."""

    doing: Doing
    documents: int | None = None

    @property
    def text(self) -> str:
        """It in English words for the person who waits."""
        if self.doing is Doing.LOOKING and self.documents is not None:
            return f"Looking through {self.documents} documents…"
        return _TOLD[self.doing]


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence that was checked, with the citations it is the first to use and the languages of what it quotes."""

    index: int
    sentence: Sentence
    new_citations: tuple[Citation, ...]
    written_in: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settled:
    """The authoritative reply; nothing follows it."""

    reply: Reply


Event = Status | Verified | Settled
