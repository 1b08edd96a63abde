"""Pages that changed too much: held back, then accepted or refused."""

from __future__ import annotations

import pytest

from core.errors import Conflict
from ingest.fetch.problems import PageProblem
from ingest.fetch.report import FetchOutcome
from tests.integration.fetch.place import ADDED, ADDRESS, CHANGED, UNCHANGED, WORDS, Place, flagged, html
from tests.web_server import Page


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_flagged_and_its_text_stays(place: Place, status: int) -> None:
    place.site.shows("/work", Page(html()), Page(b"Gone", status=status))
    place.fetch()
    assert place.fetch() == flagged(PageProblem.VANISHED)
    assert place.file().is_file()


@pytest.mark.parametrize(
    "page",
    [Page(html("Sorry. Try our search.", title="Page not found")), Page(status=302, headers={"Location": "/"})],
)
def test_a_page_that_hides_that_it_is_gone_is_flagged_too(place: Place, page: Page) -> None:
    place.site.shows("/", Page(html("Welcome. " * 200, title="Home")))
    place.site.shows("/work", Page(html()), page)
    place.fetch()
    assert place.fetch() == flagged(PageProblem.VANISHED)
    assert WORDS.encode() in place.file().read_bytes()


def test_that_a_page_is_gone_can_be_accepted(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(status=410))
    place.fetch()
    place.fetch()
    assert place.fetcher.accept(ADDRESS).pages[0].outcome is FetchOutcome.REMOVED
    assert [path for path in place.fetcher.root.rglob("*") if path.is_file()] == []


def test_a_page_that_shrank_waits_for_a_decision(place: Place) -> None:
    place.site.shows("/work", Page(html(), headers={"ETag": '"1"'}), Page(html("Call us."), headers={"ETag": '"2"'}))
    place.fetch()
    assert place.fetch() == flagged(PageProblem.SHRUNK)
    assert WORDS.encode() in place.file().read_bytes()
    assert place.entry().is_waiting
    place.fetch()
    assert place.site.asked[-1][1]["if-none-match"] == '"1"'


def test_accepting_takes_the_text_that_was_seen(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html("Call us.")), Page(status=500))
    place.fetch()
    place.fetch()
    assert place.fetcher.accept(ADDRESS).pages[0].outcome is FetchOutcome.CHANGED
    assert b"Call us." in place.file().read_bytes()
    entry = place.entry()
    assert entry.state is not None
    assert (entry.state.problem, entry.is_waiting) == (None, False)


def test_refusing_keeps_the_text_and_asks_again_when_it_is_due(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html("Call us.")))
    place.fetch()
    place.fetch()
    assert place.fetcher.refuse(ADDRESS).pages[0].outcome is FetchOutcome.REFUSED
    assert not place.entry().is_waiting
    assert WORDS.encode() in place.file().read_bytes()
    assert place.fetch() == flagged(PageProblem.SHRUNK)


def test_a_page_that_grows_back_needs_no_decision(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html("Call us.")), Page(html()))
    assert [place.fetch(), place.fetch(), place.fetch()] == [ADDED, flagged(PageProblem.SHRUNK), UNCHANGED]
    assert not place.entry().is_waiting


def test_a_failure_that_passes_does_not_hide_a_decision(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html("Call us.")), Page(status=500))
    for _ in range(3):
        place.fetch()
    state = place.entry().state
    assert state is not None
    assert state.problem is PageProblem.SHRUNK


@pytest.mark.parametrize("later", [Page(b"<script>app()</script>"), Page(status=404), Page(b"x", type="image/png")])
def test_what_waited_is_dropped_when_the_site_has_moved_on(place: Place, later: Page) -> None:
    place.site.shows("/work", Page(html()), Page(html("Call us.")), later)
    for _ in range(3):
        place.fetch()
    assert not place.entry().is_waiting
    assert WORDS.encode() in place.file().read_bytes()


def test_nothing_to_decide_is_a_conflict(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    place.fetch()
    for decide in (place.fetcher.accept, place.fetcher.refuse):
        with pytest.raises(Conflict):
            decide(ADDRESS)


def test_a_page_that_moved_is_taken_once_its_place_is_accepted(place: Place) -> None:
    place.site.shows("/work", Page(status=301, headers={"Location": "http://new.example/jobs"}))
    place.site.shows("/jobs", Page(html()), Page(html(WORDS + "New.")))
    assert place.fetch() == flagged(PageProblem.REDIRECTED)
    assert not place.file().exists()
    place.fetcher.accept(ADDRESS)
    assert place.head()["source_url"] == "http://new.example/jobs"
    assert place.fetch() == CHANGED
