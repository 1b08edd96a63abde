"""What a sync tells of itself: as it goes, and at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ingest.unreadable import UnreadableFile

__all__ = ["OnProgress", "Outcome", "Progress", "SyncReport"]


class Outcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Progress:
    """One document is settled; `done` of `total` changes are, and `passages` were embedded in `seconds` so far."""

    document_id: str
    outcome: Outcome
    done: int
    total: int
    passages: int
    seconds: float


@dataclass(slots=True)
class SyncReport:
    """What a sync did, by document id; `unreadable` also lists files that were found so before and did not change.

    `problems` are lines of sample questions that cannot be used, in words.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unreadable: list[UnreadableFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0

    def add(self, part: SyncReport) -> None:
        """Take in the report of a part of the same sync."""
        self.added += part.added
        self.replaced += part.replaced
        self.kept += part.kept
        self.removed += part.removed
        self.unreadable += part.unreadable
        self.passages += part.passages
        self.seconds += part.seconds


OnProgress = Callable[[Progress], None]
