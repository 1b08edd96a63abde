"""What happens while a question is answered, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass

from core.types import Citation, Reply, Sentence

__all__ = ["Event", "Settled", "Status", "Verified"]


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done now, in words for the person who waits."""

    text: str


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
