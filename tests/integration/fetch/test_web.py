"""Single pages from a real web server on its good and bad days."""

from __future__ import annotations

import gzip

import pytest

from ingest.fetch.client import Validators
from ingest.fetch.problems import PageProblem, PageRefused
from tests.integration.fetch.web import AGENT, MAX_BYTES, Web, redirect
from tests.web_server import PUBLIC, Names, Page, Site


def test_a_page_comes_with_what_to_ask_for_changes_with(web: Web) -> None:
    web.site.shows("/a", Page(b"<p>Text", headers={"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"}))
    found = web.page()
    assert (found.body, found.content_type, found.charset) == (b"<p>Text", "text/html", "utf-8")
    assert found.validators == Validators('"v1"', "Fri, 20 Nov 2026 10:00:00 GMT")


def test_it_says_who_asks_and_for_which_host(web: Web) -> None:
    web.site.shows("/a", Page(b"x"))
    web.page()
    _, headers = web.site.asked[-1]
    assert (headers["user-agent"], headers["host"], headers["accept-encoding"]) == (AGENT, "visa.example", "gzip")
    assert "cookie" not in headers


def test_an_unchanged_page_is_not_sent_again(web: Web) -> None:
    web.site.shows("/a", Page(status=304))
    assert web.get(known=Validators('"v1"', "Fri, 20 Nov 2026 10:00:00 GMT")) is None
    _, headers = web.site.asked[-1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Fri, 20 Nov 2026 10:00:00 GMT"


def test_unchanged_is_no_answer_to_who_knows_nothing(web: Web) -> None:
    web.site.shows("/a", Page(status=304))
    assert web.refusal().problem is PageProblem.FAILING


def test_redirects_are_followed_and_the_end_is_told(web: Web) -> None:
    web.site.shows("/a", redirect("/b", 301))
    web.site.shows("/b", redirect("http://www.visa.example/c#part", 308))
    web.site.shows("/c", Page(b"here"))
    assert (web.page().address, web.page().body) == ("http://www.visa.example/c", b"here")


def test_five_hops_are_followed_and_no_more(web: Web) -> None:
    for hop in range(6):
        web.site.shows(f"/{hop}", redirect(f"/{hop + 1}"))
    web.site.shows("/6", Page(b"end"))
    assert web.page("/1").body == b"end"
    assert web.refusal("/0").problem is PageProblem.FAILING


def test_a_loop_ends(web: Web) -> None:
    web.site.shows("/a", redirect("/a"))
    assert web.refusal().problem is PageProblem.FAILING
    assert len(web.site.paths()) == 6


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://visa.example/", "http://visa.example:8080/", "http://me:pw@visa.example/",
     "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/",
     "http://inner.example/", "http://[64:ff9b::a00:1]/"],
)  # fmt: skip
def test_no_redirect_leads_into_a_private_network(played: Site, target: str) -> None:
    host = target.split("//")[1].strip("/").split("/")[0].strip("[]")
    names = Names(inner_example=[["10.0.0.7"]])
    if host != "visa.example":
        names.answers.setdefault(host, [[host]])
    web = Web(played, names=names)
    played.shows("/a", redirect(target))
    assert web.refusal().problem is PageProblem.FORBIDDEN_ADDRESS
    assert {host for host, _ in web.wires.wanted} == {PUBLIC}


@pytest.mark.parametrize("location", ["http://[::1", "http://a\tb:x/"])
def test_a_redirect_to_nonsense_is_a_failure(web: Web, location: str) -> None:
    web.site.shows("/a", redirect(location))
    assert web.refusal().problem is PageProblem.FAILING


def test_a_redirect_without_a_place_is_a_failure(web: Web) -> None:
    web.site.shows("/a", Page(status=302))
    assert web.refusal().problem is PageProblem.FAILING


def test_a_name_that_turns_private_between_two_requests_is_refused(played: Site) -> None:
    # The first answer serves robots.txt, the second the page.
    web = Web(played, names=Names(visa_example=[[PUBLIC], ["10.0.0.1"]]))
    played.shows("/a", Page(b"inner secret"))
    assert web.refusal().problem is PageProblem.FORBIDDEN_ADDRESS
    assert web.wires.wanted == [(PUBLIC, 80)]


def test_a_connection_goes_to_the_answer_that_was_checked(played: Site) -> None:
    web = Web(played, names=Names(visa_example=[[PUBLIC], ["93.184.216.99"], ["10.0.0.1"]]))
    played.shows("/a", Page(b"x"))
    web.page()
    assert web.wires.wanted == [(PUBLIC, 80), ("93.184.216.99", 80)]
    assert web.names.asked == ["visa.example"] * 2


def test_the_next_address_is_tried_when_one_is_dead(played: Site) -> None:
    dead = "2606:4700::1111"
    web = Web(played, names=Names(visa_example=[[dead, PUBLIC]]), dead=dead)
    played.shows("/a", Page(b"x"))
    assert web.page().body == b"x"


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (Page(status=404), PageProblem.VANISHED),
        (Page(status=410), PageProblem.VANISHED),
        (Page(status=401), PageProblem.REFUSED),
        (Page(status=403), PageProblem.REFUSED),
        (Page(status=429), PageProblem.FAILING),
        (Page(status=500), PageProblem.FAILING),
        (Page(status=503), PageProblem.FAILING),
        (Page(b"part", status=206), PageProblem.FAILING),
        (Page(b"x" * 5000, cut=100), PageProblem.FAILING),
        (Page(b"x" * 5000, cut=100, reset=True), PageProblem.FAILING),
        (Page(b"x" * (MAX_BYTES + 1)), PageProblem.TOO_LARGE),
        (Page(b"x", length=10**12), PageProblem.TOO_LARGE),
        (Page(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}), PageProblem.TOO_LARGE),
        (Page(gzip.compress(b"text" * 999)[:-12], headers={"Content-Encoding": "gzip"}), PageProblem.FAILING),
        (Page(b"no gzip at all", headers={"Content-Encoding": "gzip"}), PageProblem.FAILING),
        (Page(b"x", headers={"Content-Encoding": "br"}), PageProblem.UNSUPPORTED),
        (Page(gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": "gzip, gzip"}), PageProblem.UNSUPPORTED),
        (Page(b"", headers={"X-Long": "y" * 200_000}), PageProblem.FAILING),
    ],
)
def test_every_bad_answer_has_a_reason(web: Web, page: Page, problem: PageProblem) -> None:
    web.site.shows("/a", page)
    assert web.refusal().problem is problem


def test_a_packed_page_is_unpacked(web: Web) -> None:
    text = b"All about visas. " * 9000
    web.site.shows("/a", Page(gzip.compress(text), headers={"Content-Encoding": "gzip"}))
    assert web.page().body == text


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["120", "Fri, 20 Nov 2026 12:02:00 GMT"])
def test_a_busy_site_says_when_to_come_back(web: Web, status: int, value: str) -> None:
    web.site.shows("/a", Page(status=status, headers={"Retry-After": value}))
    refused = web.refusal()
    assert (refused.problem, refused.retry_after_s) == (PageProblem.BUSY, 120)


@pytest.mark.parametrize(
    "page", [Page(stall=True), Page(b"x" * 99, drip_s=0.05), Page(b"x", drip_s=0.05, drip_head=True)]
)
def test_a_page_that_takes_for_ever_is_given_up(played: Site, page: Page) -> None:
    web = Web(played, timeout_s=0.3)
    played.shows("/a", page)
    assert web.refusal().problem is PageProblem.TIMED_OUT


def test_no_redirect_leads_from_https_to_http() -> None:
    from ingest.fetch.exchange import Answer
    from ingest.fetch.redirects import next_address

    answer = Answer(301, {"location": "http://visa.example/a"}, b"")
    with pytest.raises(PageRefused) as refused:
        next_address("https://visa.example/a", answer)
    assert refused.value.problem is PageProblem.FORBIDDEN_ADDRESS
    assert next_address("http://visa.example/a", answer) == "http://visa.example/a"
