from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places

_OTHER = page("# Fees\n\nRead on.\n\n## What does it cost, and when?\n\nLook at the page.", title="Other")


@pytest.mark.parametrize(
    "target", ["b.md", "./b.md", "../kb/b.md", "b.md#fees", "b.md#what-does-it-cost-and-when", "#own", "mailto:a@b.ca"]
)
def test_links_that_lead_somewhere_are_left_alone(check: Check, target: str) -> None:
    body = f"# Own\n\nRead [more]({target}) about it.\n"
    assert check({"a.md": page(body), "b.md": _OTHER}) == []


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("c.md", "dead-link"),
        ("../../b.md", "dead-link"),
        ("b.md#fee", "dead-anchor"),
        ("#nowhere", "dead-anchor"),
        ("www.canada.ca/visa", "bad-address"),
        ("http://www.canada.ca/visa", "insecure-address"),
        ("https:/www.canada.ca/visa", "bad-address"),
        ("https://canada", "bad-address"),
    ],
)
def test_links_that_lead_nowhere_are_found_on_their_line(check: Check, target: str, code: str) -> None:
    body = f"# Own\n\nSome words\nand [more]({target}) about it.\n"
    assert places(check({"a.md": page(body), "b.md": _OTHER})) == [(code, "kb/a.md", 9)]


def test_a_dead_anchor_gets_the_nearest_heading(check: Check) -> None:
    [finding] = check({"a.md": page("Read [more](b.md#what-does-it-cost)."), "b.md": _OTHER})
    assert finding.fix == "did you mean #what-does-it-cost-and-when?"


def test_links_of_a_web_page_are_checked_too(check: Check) -> None:
    html = "<title>A</title><meta name=jurisdiction content=CA><meta name=source_url content=https://www.canada.ca/a>\n"
    found = check(
        {
            "a.html": html
            + "<p id=top>You need a visa, see\n<a href='gone.html'>here</a> or <a href='#top'>above</a>.</p>"
        }
    )
    assert places(found) == [("dead-link", "kb/a.html", 3)]


def test_an_official_page_without_encryption_is_found(check: Check) -> None:
    found = check({"a.md": page(source_url="http://www.canada.ca/visa")})
    assert places(found) == [("insecure-address", "kb/a.md", 4)]


def test_addresses_in_a_table_end_at_the_comma(check: Check) -> None:
    rows = "question,answer,jurisdiction,source_url,language\nhow long,Up to a year.,CA,https://www.canada.ca,en\n"
    assert check({"a.csv": rows, "a.csv.meta.yaml": "title: Questions\n"}) == []
