"""Pages of GOV.UK from its Content API."""

from __future__ import annotations

import json

import pytest

from ingest.fetch.problems import PageProblem
from tests.integration.fetch.place import ADDED, UNCHANGED, WORDS, Place, flagged, html
from tests.web_server import Page


def govuk(**changes: object) -> Page:
    parts = [{"title": "Overview", "slug": "overview", "body": f"<h2>Who</h2><p>{WORDS}</p>"}]
    item = {
        "base_path": "/work-visa", "title": "Work visa", "description": "About working.", "locale": "en",
        "document_type": "guide", "schema_name": "guide", "public_updated_at": "2026-10-01T09:00:00.000+00:00",
        "details": {"parts": parts}, **changes,
    }  # fmt: skip
    return Page(json.dumps(item).encode(), type="application/json; charset=utf-8")


def test_a_page_of_govuk_is_read_from_its_content_api(place: Place) -> None:
    address = "http://www.gov.uk/work-visa"
    place.lists(address)
    place.site.shows("/api/content/work-visa", govuk(), govuk(public_updated_at="2026-11-01T09:00:00.000+00:00"))
    assert [place.fetch(address), place.fetch(address)] == [ADDED, UNCHANGED]
    assert "<h2>Overview</h2>\n<h3>Who</h3>" in place.file("www.gov.uk/work-visa.html").read_text()
    assert place.head("www.gov.uk/work-visa.html")["source_url"] == address


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (govuk(withdrawn_notice={"explanation": "<p>Old.</p>", "withdrawn_at": "2026-11-02"}), PageProblem.WITHDRAWN),
        (govuk(document_type="gone", schema_name="gone"), PageProblem.VANISHED),
        (govuk(schema_name="redirect", redirects=[{"path": "/a", "destination": "/b"}]), PageProblem.REDIRECTED),
        (govuk(base_path="/other-visa"), PageProblem.REDIRECTED),
        (govuk(details={}), PageProblem.UNREADABLE),
        (Page(b"{", type="application/json"), PageProblem.FAILING),
        (Page(b"[]", type="application/json"), PageProblem.FAILING),
        (Page(b"[" * 100_000, type="application/json"), PageProblem.FAILING),
        (Page(html()), PageProblem.UNSUPPORTED),
    ],
)
def test_govuks_other_answers_are_flagged(place: Place, page: Page, problem: PageProblem) -> None:
    address = "http://www.gov.uk/work-visa"
    place.lists(address)
    place.site.shows("/api/content/work-visa", govuk(), page)
    place.fetch(address)
    assert place.fetch(address) == flagged(problem)
    assert WORDS in place.file("www.gov.uk/work-visa.html").read_text()


def test_a_withdrawn_page_that_was_accepted_stays_quiet(place: Place) -> None:
    address = "http://www.gov.uk/work-visa"
    place.lists(address)
    place.site.shows("/api/content/work-visa", govuk(withdrawn_notice={"explanation": "<p>Old.</p>"}))
    assert place.fetch(address) == flagged(PageProblem.WITHDRAWN)
    place.fetcher.accept(address)
    assert place.fetch(address) == UNCHANGED
