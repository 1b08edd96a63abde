"""What becomes of a page: taken into use, left as it was, held for a decision, or taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.errors import Conflict, UnreadableDocument
from ingest.fetch.client import Validators
from ingest.fetch.files import PageFiles, WaitingPage
from ingest.fetch.listing import SourcePage
from ingest.fetch.problems import PageProblem, PageRefused
from ingest.fetch.report import FetchOutcome, PageResult
from ingest.fetch.states import PageState, PageStates
from ingest.fetch.verdict import PageText

if TYPE_CHECKING:
    from ingest.parser import Parser

__all__ = ["PageKeeper"]

_TRY_AGAIN = timedelta(hours=1)  # after what may be better the next time
_SHORTEST_WAIT = timedelta(minutes=1)
_NOTHING_TO_TAKE = (PageProblem.VANISHED, PageProblem.UNREADABLE)
_PASSING = (PageProblem.FAILING, PageProblem.TIMED_OUT, PageProblem.BUSY)


class PageKeeper:
    """Keeps a page's file and what is known of it in step: the file first, so that a crash leaves work to repeat."""

    def __init__(self, states: PageStates, files: PageFiles, parser: Parser, *, clock: Callable[[], datetime]) -> None:
        self._states = states
        self._files = files
        self._parser = parser
        self._clock = clock

    def is_in_use(self, state: PageState | None) -> bool:
        """Whether a text of this page is served, and still where it was put."""
        return state is not None and state.content_hash is not None and self._files.path_of(state.document_id).is_file()

    def read(self, waiting: WaitingPage) -> PageText:
        """Its main text, read in the parser's child process; raises `PageRefused` when there is none."""
        try:
            return PageText.of(self._parser.parse(waiting.path, waiting.format))
        except UnreadableDocument as error:
            raise PageRefused(PageProblem.UNREADABLE, error.detail) from error

    def take(self, page: SourcePage, waiting: WaitingPage, text: PageText, *, validators: Validators) -> PageResult:
        """Put a new text into use."""
        before, now = self._states.get(page.address), self._clock()
        document_id = self._files.document_id(waiting.target)
        is_new = before is None or before.content_hash is None
        self._files.put_in_use(waiting)
        if before is not None and before.document_id != document_id:
            self._files.remove(before.document_id)
        self._states.save(
            PageState(
                address=page.address,
                document_id=document_id,
                checked_at=now,
                due_at=now + page.every,
                validators=validators,
                content_hash=text.content_hash,
                words=text.words,
                changed_at=now,
            )
        )
        return PageResult(page.address, FetchOutcome.ADDED if is_new else FetchOutcome.CHANGED)

    def leave(self, page: SourcePage, state: PageState, *, validators: Validators) -> PageResult:
        """Its text is the one in use; what the entry says of it may have changed."""
        now = self._clock()
        self._files.drop_waiting(page)
        self._files.refresh_head(page, state.document_id)
        self._states.save(
            replace(state, checked_at=now, due_at=now + page.every, validators=validators, problem=None, detail="")
        )
        return PageResult(page.address, FetchOutcome.UNCHANGED)

    def flag(self, page: SourcePage, refusal: PageRefused) -> PageResult:
        """Keep what is in use and say what is wrong; a decision that is due is not hidden by a passing failure."""
        now = self._clock()
        before = self._states.get(page.address) or PageState(page.address, self._files.expected_id(page), now, now)
        if refusal.problem in _NOTHING_TO_TAKE:
            self._files.drop_waiting(page)
        checked = replace(before, checked_at=now, due_at=now + _wait(page, refusal))
        is_undecided = before.problem is not None and before.problem.needs_decision
        if not (refusal.problem in _PASSING and is_undecided):
            checked = replace(checked, problem=refusal.problem, detail=refusal.detail)
        self._states.save(checked)
        return PageResult(page.address, FetchOutcome.FLAGGED, refusal.problem, refusal.detail)

    def accept(self, page: SourcePage) -> PageResult:
        """Take the new state of a flagged page; raises `Conflict` when there is none."""
        waiting, state = self._files.waiting(page), self._states.get(page.address)
        if waiting is not None:
            try:
                text = self.read(waiting)
            except PageRefused as error:
                raise Conflict(f"{page.address!r} cannot be taken: {error}") from error
            # Asked without validators, the next answer is compared in full.
            return self.take(page, waiting, text, validators=Validators())
        if state is None or state.problem is not PageProblem.VANISHED:
            raise Conflict(f"{page.address!r} has no new state to accept; see `assistant fetch --list`")
        self._files.remove(state.document_id)
        self._states.save(replace(state, content_hash=None, words=0, problem=None, detail="", validators=Validators()))
        return PageResult(page.address, FetchOutcome.REMOVED)

    def refuse(self, page: SourcePage) -> PageResult:
        """Keep the text in use and drop the new one; raises `Conflict` when nothing was to be decided."""
        state = self._states.get(page.address)
        if state is None or state.problem is None or not state.problem.needs_decision:
            raise Conflict(f"{page.address!r} waits for no decision; see `assistant fetch --list`")
        self._files.drop_waiting(page)
        self._states.save(replace(state, problem=None, detail="", due_at=self._clock() + page.every))
        return PageResult(page.address, FetchOutcome.REFUSED)

    def take_away(self, state: PageState) -> PageResult:
        """A page that is no longer listed."""
        self._files.remove(state.document_id)
        self._states.forget(state.address)
        return PageResult(state.address, FetchOutcome.REMOVED)


def _wait(page: SourcePage, refusal: PageRefused) -> timedelta:
    if refusal.retry_after_s is not None:
        return max(_SHORTEST_WAIT, timedelta(seconds=refusal.retry_after_s))
    return min(page.every, _TRY_AGAIN) if refusal.problem in _PASSING else page.every
