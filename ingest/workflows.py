"""Bringing a folder up to date, and fetching pages, as durable workflows: a restart goes on where a crash stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import structlog
from dbos import DBOS, SetWorkflowID

from core.durable import workflow
from core.errors import InvalidInput, NotFound
from ingest.fetch.fetcher import Fetcher
from ingest.pipeline import Ingestor
from ingest.report import SyncReport

__all__ = ["FolderSync", "register_fetching", "register_folder_sync"]

log = structlog.get_logger(__name__)

FolderSync = Callable[[Path], SyncReport]

_DOCUMENTS_A_STEP = 1000
"""Few enough that a crash repeats little, many enough that the encoder seldom waits for a step to end."""

_FETCH_SCHEDULE = "fetch-sources"
_EVERY_HOUR = "17 * * * *"  # how often each page is due stands in sources.yaml; not on the hour, when others ask


def register_folder_sync(ingestor: Ingestor) -> FolderSync:
    """Register the workflow; the function returned plans a folder's changes, runs it for them and waits.

    What is to be done in which step is the workflow's input, so a run that is resumed finishes just that, though a
    newer version resumes it. A step may run twice: what is indexed already is recognised by its content.
    """
    reports: dict[str, SyncReport] = {}

    @workflow("sync_folder")
    def sync_folder(root: str, parts: list[list[str]]) -> None:
        done, total = 0, sum(map(len, parts))
        for document_ids in parts:
            bring_up_to_date(root, document_ids, done, total)
            done += len(document_ids)

    @DBOS.step(name="bring_up_to_date")
    def bring_up_to_date(root: str, document_ids: list[str], done: int, total: int) -> None:
        report = ingestor.take(document_ids, Path(root), done=done, total=total)
        # Nobody waits for the report of a run that a crash left.
        if (mine := reports.get(DBOS.workflow_id or "")) is not None:
            mine.add(report)

    def run(root: Path) -> SyncReport:
        started = time.perf_counter()
        planned = ingestor.plan(root)
        report = SyncReport(kept=list(planned.keep), unreadable=list(planned.still_unreadable))
        touched = planned.touched
        if touched:
            workflow_id = uuid4().hex
            reports[workflow_id] = report
            parts = [list(touched[at : at + _DOCUMENTS_A_STEP]) for at in range(0, len(touched), _DOCUMENTS_A_STEP)]
            try:
                with SetWorkflowID(workflow_id):
                    DBOS.start_workflow(sync_folder, str(root.resolve()), parts).get_result()
            finally:
                del reports[workflow_id]
        report.problems = ingestor.sync_samples(root)
        report.seconds = time.perf_counter() - started
        return report

    return run


def register_fetching(fetcher: Fetcher) -> Callable[[bool], None]:
    """Register the fetching of official pages; the function returned puts it on its schedule, or takes it off.

    Call that once after the engine has started. Every page is a step of its own, so that a restart asks no site twice
    for what it has sent; the last step indexes what changed and takes away what is no longer listed.
    """

    @workflow("fetch_sources")
    def fetch_sources(_scheduled_at: datetime, _context: object) -> None:
        for address in due_pages():
            fetch_page(address)
        settle_pages()

    @DBOS.step(name="due_pages")
    def due_pages() -> list[str]:
        try:
            return fetcher.due()
        except InvalidInput as error:
            log.error("fetch.listing", error=error.detail)
            return []

    @DBOS.step(name="fetch_page")
    def fetch_page(address: str) -> None:
        with suppress(NotFound):  # it was taken off the list meanwhile
            fetcher.fetch_one(address)

    @DBOS.step(name="settle_pages")
    def settle_pages() -> None:
        try:
            fetcher.fetch_due()
        except InvalidInput as error:
            log.error("fetch.listing", error=error.detail)

    def schedule(wanted: bool) -> None:
        DBOS.delete_schedule(_FETCH_SCHEDULE)
        if wanted:
            DBOS.create_schedule(schedule_name=_FETCH_SCHEDULE, workflow_fn=fetch_sources, schedule=_EVERY_HOUR)

    return schedule
