"""The pages of sources.yaml into files, as a site changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.fetch.problems import PageProblem
from tests.integration.fetch.place import ADDED, ADDRESS, CHANGED, UNCHANGED, WORDS, Place, flagged, html
from tests.pdf_bytes import Print, pdf_bytes
from tests.web_server import Page


def test_a_page_becomes_a_file_with_its_head(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    assert place.fetch() == ADDED
    assert place.file().read_bytes().endswith(html())
    assert place.head()["source_url"] == ADDRESS
    assert (place.head()["jurisdiction"], place.head()["reviewed_on"]) == ("GB", "")
    assert place.synced == [place.fetcher.root]
    state = place.entry().state
    assert state is not None
    assert (state.document_id, state.words, state.due_at - place.now) == (
        "sources/visa.example/work.html", 122, timedelta(days=7),
    )  # fmt: skip


def test_what_a_page_says_of_itself_under_our_names_is_not_believed(place: Place) -> None:
    from ingest.sources import discover, read_source

    claims = '<meta name="reviewed_on" content="2026-11-01"><meta name="jurisdiction" content="US">'
    place.site.shows("/work", Page(html(head=claims + '<meta name="supersedes" content="kb/a.md">')))
    place.fetch()
    (file,) = discover(place.fetcher.root)
    meta = read_source(file, "hash", max_bytes=1 << 20).meta
    assert (meta.title, meta.jurisdiction, meta.reviewed_on, meta.supersedes) == ("Work visa", "GB", None, None)


def test_an_unchanged_page_costs_one_short_answer(place: Place) -> None:
    place.site.shows("/work", Page(html(), headers={"ETag": '"1"'}), Page(status=304))
    assert [place.fetch(), place.fetch()] == [ADDED, UNCHANGED]
    assert place.site.asked[-1][1]["if-none-match"] == '"1"'


def test_noise_alone_changes_nothing(place: Place) -> None:
    place.site.shows("/work", Page(html(noise="1")), Page(html(noise="2"), headers={"ETag": '"2"'}))
    assert [place.fetch(), place.fetch()] == [ADDED, UNCHANGED]
    assert b"nonce='1'" in place.file().read_bytes()
    place.fetch()
    assert place.site.asked[-1][1]["if-none-match"] == '"2"'


def test_a_changed_text_replaces_the_file(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html(WORDS + "It costs money.")))
    assert [place.fetch(), place.fetch()] == [ADDED, CHANGED]
    assert b"It costs money." in place.file().read_bytes()


def test_a_review_ends_with_the_text_that_was_reviewed(place: Place) -> None:
    place.site.shows("/work", Page(html()), Page(html(noise="2")), Page(html(WORDS + "New.")))
    place.fetch()
    head = place.file("visa.example/work.html.meta.yaml")
    head.write_text(head.read_text().replace("reviewed_on: ''", "reviewed_on: '2026-11-20'"))
    place.fetch()
    assert place.head()["reviewed_on"] == "2026-11-20"
    place.fetch()
    assert place.head()["reviewed_on"] == ""


def test_a_changed_entry_reaches_a_page_that_stayed(place: Place) -> None:
    place.site.shows("/work", Page(html(), headers={"ETag": '"1"'}), Page(status=304))
    place.fetch()
    place.lists(ADDRESS, title="Working here", jurisdiction="IE")
    assert place.fetch() == UNCHANGED
    assert (place.head()["title"], place.head()["jurisdiction"]) == ("Working here", "IE")


def test_a_file_that_was_lost_is_fetched_in_full(place: Place) -> None:
    place.site.shows("/work", Page(html(), headers={"ETag": '"1"'}))
    place.fetch()
    place.file().unlink()
    place.fetch()
    assert "if-none-match" not in place.site.asked[-1][1]
    assert place.file().is_file()


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (Page(html(), type="application/zip"), PageProblem.UNSUPPORTED),
        (Page(html(), type=None), PageProblem.UNSUPPORTED),
        (Page(b"<html><body><script>app()</script></body></html>"), PageProblem.UNREADABLE),
        (Page(b""), PageProblem.UNREADABLE),
        (Page(status=403), PageProblem.REFUSED),
        (Page(status=500), PageProblem.FAILING),
    ],
)
def test_what_cannot_be_used_is_flagged_and_gone_again_with_a_good_answer(
    place: Place, page: Page, problem: PageProblem
) -> None:
    place.site.shows("/work", Page(html()), page, Page(html()))
    assert [place.fetch(), place.fetch(), place.fetch()] == [ADDED, flagged(problem), UNCHANGED]
    state = place.entry().state
    assert state is not None
    assert state.problem is None


def test_a_pdf_is_taken_as_one(place: Place) -> None:
    lines = [Print(WORDS[:58], y=700 - 14 * number) for number in range(12)]
    place.site.shows("/work", Page(html()), Page(pdf_bytes(lines), type="application/pdf"))
    place.fetch()
    assert place.fetch() == CHANGED
    assert sorted(path.name for path in place.file().parent.iterdir()) == ["work.pdf", "work.pdf.meta.yaml"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (html("Zürich, œuvre").decode().encode("cp1252"), "text/html; charset=windows-1252"),
        (html("Zürich, œuvre").decode().encode("utf-16"), "text/html; charset=utf-16"),
        (html("Zürich, œuvre"), "text/html; charset=no-such-thing"),
        (html("Zürich, œuvre"), "text/html; charset=punycode"),
        (html("Zürich, œuvre"), "text/html; charset=ascii"),
    ],
)
def test_letters_arrive_whatever_the_encoding(place: Place, body: bytes, kind: str) -> None:
    from ingest.textfiles import decode

    place.site.shows("/work", Page(body, type=kind))
    assert place.fetch() == ADDED
    assert "Zürich, œuvre" in decode(place.file().read_bytes())
