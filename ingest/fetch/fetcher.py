"""MAIN FLOW: the pages of `sources.yaml` into files, and their files into the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import httpx
import structlog

from core.errors import NotFound
from ingest.fetch.client import Validators, WebClient
from ingest.fetch.files import PageFiles
from ingest.fetch.keeper import PageKeeper
from ingest.fetch.listing import SourcePage, read_listing
from ingest.fetch.naming import file_stem
from ingest.fetch.problems import PageProblem, PageRefused
from ingest.fetch.readers import ACCEPT, asked_address, page_file
from ingest.fetch.report import FetchReport, ListedPage, PageResult
from ingest.fetch.states import PageState, PageStates
from ingest.fetch.verdict import NewState, find_problem
from ingest.sources import SOURCES_FILE

if TYPE_CHECKING:
    from core.database import Database
    from ingest.parser import Parser
    from ingest.report import SyncReport

__all__ = ["Fetcher"]

log = structlog.get_logger(__name__)


class Fetcher:
    """Keeps the files below `root` in step with the pages that `listing_folder` lists. One run at a time.

    `sync_folder` then brings the store in step with the files, as with any other document.
    Every step may be repeated: a run that a crash ended is taken up by the next, and no page is taken half.
    """

    def __init__(
        self,
        client: WebClient,
        parser: Parser,
        *,
        sync_folder: Callable[[Path], SyncReport],
        database: Database,
        listing_folder: Path,
        root: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._sync_folder = sync_folder
        self._client = client
        self._states = PageStates(database)
        self._files = PageFiles(root)
        self._keeper = PageKeeper(self._states, self._files, parser, clock=clock)
        self._listing_folder = listing_folder
        self._clock = clock
        self._lock = Lock()

    @property
    def root(self) -> Path:
        return self._files.root

    def listed(self) -> list[ListedPage]:
        """Every entry and what is known of its page; raises `InvalidInput` for a list that cannot be read."""
        states = self._states.all()
        return [self._known(page, states.get(page.address)) for page in read_listing(self._listing_folder) or ()]

    def due(self, now: datetime | None = None) -> list[str]:
        """The addresses of the pages whose turn it is."""
        return [page.address for page in self._due(now)]

    def fetch_due(self, now: datetime | None = None) -> FetchReport:
        """Fetch what is due, take away what is no longer listed, and bring the store in step with the files."""
        return self._run(self._due(now))

    def fetch_all(self) -> FetchReport:
        """The same for every page, due or not."""
        return self._run([entry.page for entry in self.listed()])

    def fetch(self, addresses: Sequence[str]) -> FetchReport:
        """The same for these; raises `NotFound` for one that is not listed."""
        return self._run([self._entry(address) for address in addresses])

    def fetch_one(self, address: str) -> PageResult:
        """One page into its file; the store is left alone."""
        with self._lock:
            self._files.tidy()
            return self._visit(self._entry(address))

    def accept(self, address: str) -> FetchReport:
        """Take the new state of a flagged page, its new text or that it is gone; raises `Conflict` without one."""
        return self._decide(address, self._keeper.accept)

    def refuse(self, address: str) -> FetchReport:
        """Keep the text in use; the page is flagged again when it is due and has not changed back."""
        return self._decide(address, self._keeper.refuse)

    def sync(self) -> SyncReport:
        """Bring the store in step with the files, as after a crash; nothing is fetched or looked up."""
        with self._lock:
            self._files.tidy()
            return self._sync_folder(self._files.root)

    def _due(self, now: datetime | None) -> list[SourcePage]:
        now = now or self._clock()
        return [entry.page for entry in self.listed() if entry.due_at is None or entry.due_at <= now]

    def _run(self, pages: Iterable[SourcePage]) -> FetchReport:
        started, report = time.perf_counter(), FetchReport()
        with self._lock:
            self._files.tidy()
            report.pages += [self._visit(page) for page in pages]
            report.pages += self._take_away_unlisted()
            report.sync = self._sync_folder(self._files.root)
        report.seconds = time.perf_counter() - started
        return report

    def _decide(self, address: str, decision: Callable[[SourcePage], PageResult]) -> FetchReport:
        started, page = time.perf_counter(), self._entry(address)
        with self._lock:
            self._files.tidy()
            decided = decision(page)
            synced = self._sync_folder(self._files.root)
        return FetchReport([decided], synced, time.perf_counter() - started)

    def _visit(self, page: SourcePage) -> PageResult:
        try:
            result = self._fetch(page)
        except PageRefused as error:
            result = self._keeper.flag(page, error)
        except Exception as error:
            # Whatever goes wrong with one page, the others must be fetched.
            log.exception("fetch.failed", address=page.address)
            result = self._keeper.flag(page, PageRefused(PageProblem.FAILING, f"{type(error).__name__}: {error}"))
        log.info("fetch.page", address=page.address, outcome=result.outcome, problem=result.problem)
        return result

    def _fetch(self, page: SourcePage) -> PageResult:
        state = self._states.get(page.address)
        used = state if self._keeper.is_in_use(state) else None
        known = used.validators if used is not None else Validators()
        fetched = self._client.get(asked_address(page), known=known, accept=ACCEPT[page.reader])
        if fetched is None:
            assert used is not None, "the client takes 304 only where something was known"
            return self._keeper.leave(page, used, validators=known)
        self._files.drop_waiting(page)  # what waited is no longer the newest
        file = page_file(page, fetched)
        waiting = self._files.wait(page, file)
        text = self._keeper.read(waiting)
        is_same = used is not None and used.content_hash == text.content_hash
        refusal = find_problem(
            NewState(text, file.address, is_withdrawn=file.is_withdrawn and not is_same),
            asked=page.address,
            accepted_at=self._files.said_address(used.document_id) if used is not None else None,
            words_before=state.words if state is not None else 0,
        )
        if refusal is not None:
            raise refusal
        if used is not None and is_same:
            return self._keeper.leave(page, used, validators=fetched.validators)
        return self._keeper.take(page, waiting, text, validators=fetched.validators)

    def _take_away_unlisted(self) -> list[PageResult]:
        pages = read_listing(self._listing_folder)
        if pages is None:  # a list that is missing must not look like one that was emptied
            return []
        listed = {page.address for page in pages}
        return [self._keeper.take_away(state) for state in self._states.all().values() if state.address not in listed]

    def _entry(self, address: str) -> SourcePage:
        pages = read_listing(self._listing_folder) or []
        found = [page for page in pages if page.address == address] or [page for page in pages if _same(page, address)]
        if not found:
            raise NotFound(f"{address!r} is not in {SOURCES_FILE}; add it there with its jurisdiction and how often")
        return found[0]

    def _known(self, page: SourcePage, state: PageState | None) -> ListedPage:
        return ListedPage(page, state, _due_at(page, state), is_waiting=self._files.waiting(page) is not None)


def _same(page: SourcePage, address: str) -> bool:
    try:
        return file_stem(address) == file_stem(page.address)
    except httpx.InvalidURL:
        return False


def _due_at(page: SourcePage, state: PageState | None) -> datetime | None:
    """None for a page that was never asked for; an entry that now says "more often" is followed at once."""
    if state is None:
        return None
    return state.due_at if state.problem is PageProblem.BUSY else min(state.due_at, state.checked_at + page.every)
