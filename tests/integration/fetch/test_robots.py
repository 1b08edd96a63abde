"""What a site's robots.txt forbids, and how long it wants to be left alone."""

from __future__ import annotations

import pytest

from ingest.fetch.problems import PageProblem
from tests.integration.fetch.web import Web, redirect
from tests.web_server import Page


def test_a_page_that_robots_txt_forbids_is_not_asked_for(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nDisallow: /a\nAllow: /a/open$\n"))
    web.site.shows("/a/open", Page(b"x"))
    assert web.refusal("/a/closed").problem is PageProblem.BLOCKED_BY_ROBOTS
    assert web.page("/a/open").body == b"x"
    assert web.site.paths() == ["/a/open"]


def test_our_own_name_in_robots_txt_counts_before_everybodys(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nDisallow: /\n\nUser-agent: visa-reader\nAllow: /\n"))
    web.site.shows("/a", Page(b"x"))
    assert web.page().body == b"x"


def test_a_redirect_does_not_lead_around_robots_txt(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nDisallow: /closed\n"))
    web.site.shows("/a", redirect("http://other.example/closed"))
    assert web.refusal().problem is PageProblem.BLOCKED_BY_ROBOTS
    assert web.site.paths() == ["/a"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_allows_everything(web: Web, status: int) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nDisallow: /", status=status))
    web.site.shows("/a", Page(b"x"))
    assert web.page().body == b"x"


@pytest.mark.parametrize("robots", [Page(status=500), Page(status=429), Page(b"x" * 600_000), Page(b"x" * 9, cut=1)])
def test_a_robots_txt_that_cannot_be_read_forbids_everything_and_is_asked_once(web: Web, robots: Page) -> None:
    web.site.shows("/robots.txt", robots)
    assert [web.refusal("/a").problem, web.refusal("/b").problem] == [PageProblem.FAILING] * 2
    assert [path for path, _ in web.site.asked] == ["/robots.txt"]


def test_a_robots_txt_that_moved_is_followed(web: Web) -> None:
    web.site.shows("/robots.txt", redirect("/new-robots.txt"))
    web.site.shows("/new-robots.txt", Page(b"User-agent: *\nDisallow: /\n"))
    assert web.refusal().problem is PageProblem.BLOCKED_BY_ROBOTS


def test_between_two_pages_it_waits_as_the_site_asks(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nCrawl-delay: 7\n"))
    web.site.shows("/a", Page(b"x"))
    for _ in range(3):
        web.page()
    assert web.waited == [7.0, 7.0]


def test_a_site_that_asks_for_nothing_is_given_a_second(web: Web) -> None:
    web.site.shows("/a", Page(b"x"))
    web.page()
    web.page()
    assert web.waited == [1.0]


def test_a_site_that_wants_long_pauses_is_left_for_later(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nCrawl-delay: 600\n"))
    web.site.shows("/a", Page(b"x"))
    web.page()
    refused = web.refusal()
    assert (refused.problem, refused.retry_after_s) == (PageProblem.BUSY, 600)
    assert web.waited == []


def test_a_pause_of_ages_is_taken_for_a_week(web: Web) -> None:
    web.site.shows("/robots.txt", Page(b"User-agent: *\nCrawl-delay: 1000000000000\n"))
    web.site.shows("/a", Page(b"x"))
    web.page()
    assert web.refusal().retry_after_s == pytest.approx(7 * 24 * 3600)
