"""The knowledge base kept in step with its folder, one sync at a time, while questions are answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from ingest.pipeline import Ingestor
from ingest.report import Progress, SyncReport

__all__ = ["KnowledgeSync"]

log = structlog.get_logger(__name__)


class KnowledgeSync:
    """Syncs the folder in a thread of its own at the start, and again whenever it is asked to."""

    def __init__(self, ingestor: Ingestor, folder: Path) -> None:
        self._ingestor = ingestor
        self.folder = folder
        self.error: str | None = None
        self.progress: Progress | None = None
        self._one_at_a_time = threading.Lock()
        self._first_done = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def first_done(self) -> bool:
        """Whether the sync of this start has ended, well or not."""
        return self._first_done.is_set()

    def start(self) -> None:
        """Sync once in the background; an error is kept in `error` and logged."""
        self._thread = threading.Thread(target=self._first, name="knowledge-sync", daemon=True)
        self._thread.start()

    def stop(self, *, timeout_s: float) -> None:
        """Wait for the running sync; one that takes longer is taken up again at the next start."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def sync(self, progress: Callable[[Progress], None] | None = None) -> SyncReport:
        """Bring the index up to date with the folder; waits for a sync that is running."""
        with self._one_at_a_time:
            report = self._ingestor.sync_folder(self.folder, progress=progress or self._note)
        self.progress, self.error = None, None
        return report

    def _note(self, progress: Progress) -> None:
        self.progress = progress

    def _first(self) -> None:
        try:
            report = self.sync()
        except Exception as error:
            self.error = str(error)
            log.exception("knowledge.sync_failed", folder=str(self.folder))
        else:
            log.info(
                "knowledge.synced", added=len(report.added), replaced=len(report.replaced), kept=len(report.kept),
                removed=len(report.removed), unreadable=len(report.unreadable), seconds=round(report.seconds, 2),
            )  # fmt: skip
        finally:
            self._first_done.set()
