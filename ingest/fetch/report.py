"""What a run of fetching tells of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.fetch.listing import SourcePage
from ingest.fetch.problems import PageProblem
from ingest.fetch.states import PageState
from ingest.report import SyncReport

__all__ = ["FetchOutcome", "FetchReport", "ListedPage", "PageResult"]


class FetchOutcome(StrEnum):
    """What became of a page; `flagged` means that the text before stays in use."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FLAGGED = "flagged"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page; `problem` and `detail` say why it was flagged, `detail` alone may say what to know besides."""

    address: str
    outcome: FetchOutcome
    problem: PageProblem | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """An entry of `sources.yaml` and what is known of its page; `is_waiting`: a new text waits for a decision."""

    page: SourcePage
    state: PageState | None
    due_at: datetime | None
    is_waiting: bool


@dataclass(slots=True)
class FetchReport:
    """A run: its pages in order, and what the pipeline then did with their files."""

    pages: list[PageResult] = field(default_factory=list)
    sync: SyncReport = field(default_factory=SyncReport)
    seconds: float = 0.0
