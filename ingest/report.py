"""What a sync tells of itself: as it goes, and at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.unreadable import UnreadableFile

if TYPE_CHECKING:
    from ingest.manifest import Plan
    from ingest.reading import EmbeddedDocument

__all__ = ["Follower", "OnProgress", "Outcome", "Progress", "SyncReport"]


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
        self.problems += part.problems
        self.passages += part.passages
        self.seconds += part.seconds


OnProgress = Callable[[Progress], None]


class Follower:
    """Keeps the report and tells how far a sync is."""

    def __init__(
        self, planned: Plan, report: SyncReport, progress: OnProgress, *, done: int, total: int | None
    ) -> None:
        self._replaced = frozenset(entry.file.id for entry in planned.replace)
        self._done = done
        self._total = len(planned.changed) + len(planned.remove) if total is None else total
        self._started = time.perf_counter()
        self._report = report
        self._progress = progress

    def removed(self, document_ids: Iterable[str]) -> None:
        for document_id in document_ids:
            self._report.removed.append(document_id)
            self._settled(document_id, Outcome.REMOVED)

    def refused(self, file: UnreadableFile) -> None:
        self._report.unreadable.append(file)
        self._settled(file.document_id, Outcome.UNREADABLE)

    def stored(self, item: EmbeddedDocument) -> None:
        document_id = item.document.source.id
        outcome = Outcome.REPLACED if document_id in self._replaced else Outcome.ADDED
        (self._report.replaced if outcome is Outcome.REPLACED else self._report.added).append(document_id)
        self._report.passages += len(item.passages)
        self._settled(document_id, outcome)

    def _settled(self, document_id: str, outcome: Outcome) -> None:
        self._done += 1
        seconds = time.perf_counter() - self._started
        self._progress(Progress(document_id, outcome, self._done, self._total, self._report.passages, seconds))
