"""The knowledge base kept in step with its folder while questions are answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from core.errors import NotFound
from ingest.pipeline import Ingestor, Stopped
from ingest.report import Progress, SyncReport
from ingest.watch import FolderWatch
from retrieval.opening import Upkeep

__all__ = ["KnowledgeSync"]

log = structlog.get_logger(__name__)

_MANY = 200
"""More paths at once than this are a folder that was copied: a durable sync of everything is the safer way."""


class KnowledgeSync:
    """Syncs the folder at the start, follows its changes, and keeps the indexes fit when there is nothing else to do.

    `sync_folder` brings a folder up to date, durably where there is an engine; `sync_pages` does so for the files of
    fetched pages.
    """

    def __init__(
        self,
        ingestor: Ingestor,
        upkeep: Upkeep,
        folder: Path,
        *,
        sync_folder: Callable[[Path], SyncReport],
        sync_pages: Callable[[], SyncReport],
        rescan_s: float,
    ) -> None:
        self.folder = folder
        self._ingestor = ingestor
        self._upkeep = upkeep
        self._sync_folder = sync_folder
        self._sync_pages = sync_pages
        self._watch = FolderWatch(folder, self._follow, rescan=self.sync, rescan_s=rescan_s)
        self._first_done = threading.Event()
        self._thread = threading.Thread(target=self._first, name="knowledge-sync", daemon=True)

    @property
    def first_done(self) -> bool:
        """Whether the sync of this start has ended, well or not."""
        return self._first_done.is_set()

    @property
    def progress(self) -> Progress | None:
        """How far the sync that runs now is."""
        return self._ingestor.progress

    def start(self) -> None:
        """Sync once in the background, then follow the folder; an error is logged."""
        self._thread.start()

    def stop(self, *, timeout_s: float) -> None:
        """End the watch and wait for a running sync; what is left is taken up at the next start."""
        self._watch.stop(timeout_s=timeout_s)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def sync(self) -> SyncReport:
        """Bring the index up to date with the folder; waits for a sync that is running."""
        report = self._sync_folder(self.folder)
        self._carry_out_upkeep()
        self._ingestor.rest()
        return report

    def refresh(self, paths: Iterable[Path]) -> SyncReport:
        """The same for these files alone; they are live, or on the list of unreadable ones, when this returns."""
        return self._ingestor.refresh(paths, self.folder)

    def reread(self, document_id: str) -> SyncReport:
        """Read a document's file anew though it did not change; raises `NotFound` when it is not in the folder."""
        folder = self.folder.resolve()
        path = folder / document_id.removeprefix(f"{folder.name}/")
        if not path.is_file():
            raise NotFound(f"there is no file for {document_id!r} in {str(self.folder)!r}")
        return self._ingestor.refresh([path], self.folder, again=True)

    def _first(self) -> None:
        try:
            self._sync_folder(self.folder)
            self._sync_pages()
        except Stopped:
            return
        except Exception:
            log.exception("knowledge.sync_failed", folder=str(self.folder))
        finally:
            self._first_done.set()
        self._watch.start()
        self._keep_fit()

    def _follow(self, paths: set[Path]) -> None:
        if len(paths) > _MANY:
            self.sync()
        else:
            self.refresh(paths)
            self._keep_fit()

    def _carry_out_upkeep(self) -> None:
        """Keep the indexes fit; where another model took over, sample questions follow it."""
        if self._upkeep.carry_out():
            self._ingestor.sync_samples(self.folder)

    def _keep_fit(self) -> None:
        try:
            self._carry_out_upkeep()
        except Exception:
            log.exception("knowledge.upkeep_failed")
