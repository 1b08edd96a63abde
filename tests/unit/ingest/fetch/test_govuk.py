from __future__ import annotations

import json

import pytest

from ingest.fetch.govuk import ContentItem, api_address, page_of_item, parse_item

API = "https://www.gov.uk/api/content/work-visa"


def item(**said: object) -> ContentItem:
    given = {"base_path": "/work-visa", "title": "Work visa", "details": {"body": "<p>Text.</p>"}, **said}
    return parse_item(json.dumps(given).encode(), address=API)


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("https://www.gov.uk/work-visa", API),
        ("https://www.gov.uk/work-visa/", API),
        ("https://www.gov.uk/work-visa?step=1#top", API),
        ("https://www.gov.uk/guidance/a/b", "https://www.gov.uk/api/content/guidance/a/b"),
    ],
)
def test_content_lies_below_the_api(address: str, api: str) -> None:
    assert api_address(address) == api


@pytest.mark.parametrize(
    "body",
    [
        "<p>Text.</p>",
        [
            {"content_type": "text/govspeak", "content": "Text."},
            {"content_type": "text/html", "content": "<p>Text.</p>"},
        ],
    ],
)
def test_a_body_is_html_in_one_format_or_several(body: object) -> None:
    assert item(details={"body": body}).parts == (("", "<p>Text.</p>"),)


def test_a_guide_keeps_its_parts_in_order_under_their_titles() -> None:
    parts = [{"title": "Overview", "body": "<h2 id='a'>Who</h2>"}, {"title": "Fees", "body": "<p>Text.</p>"}]
    page = page_of_item(item(details={"parts": parts}))
    assert "<h2>Overview</h2>\n<h3 id='a'>Who</h3>\n<h2>Fees</h2>\n<p>Text.</p>" in page


def test_a_service_page_keeps_what_it_says_before_and_after_its_button() -> None:
    details = {
        "introductory_paragraph": "<p>Before.</p>",
        "more_information": "<p>After.</p>",
        "start_button_text": "Go",
    }
    assert [text for _, text in item(details=details).parts] == ["<p>Before.</p>", "<p>After.</p>"]


def test_titles_are_text_and_the_language_is_told() -> None:
    page = page_of_item(item(title="Work & <study>", locale="cy", description="1 < 2"))
    assert '<html lang="cy">' in page
    assert "<h1>Work &amp; &lt;study&gt;</h1>" in page
    assert "<p>1 &lt; 2</p>" in page


def test_a_withdrawn_page_says_so_in_its_text() -> None:
    notice = {"explanation": "<p>See another.</p>", "withdrawn_at": "2026-11-02T10:00:00Z"}
    page = page_of_item(item(withdrawn_notice=notice))
    assert "<p>GOV.UK withdrew this page on 2026-11-02.</p><p>See another.</p>" in page


@pytest.mark.parametrize("said", [{"title": 7}, {"locale": ["en"]}, {"withdrawn_notice": "x"}, {"description": None}])
def test_odd_values_are_left_out(said: dict[str, object]) -> None:
    assert "<p>Text.</p>" in page_of_item(item(**said))
