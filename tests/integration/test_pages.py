"""The pages against the served application, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.integration.browser import CHROMIUM, axe_findings, open_browser, viewport_overflow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
FIRST_LOAD_BYTES = 100_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server, reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    page.goto("/")
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="module")
def question(live_server: str) -> str:
    """A question that the served documents answer."""
    return str(httpx.get(f"{live_server}/catalogue").json()["examples"][0])


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, question: str) -> Page:
    ask(page, question)
    expect(page.locator(".turn.latest .foot")).to_be_visible(timeout=30_000)
    return page


def test_first_load_is_light_and_stays_on_this_server(browser: Browser, live_server: str) -> None:
    responses: list[Response] = []
    page = browser.new_page()
    page.on("response", lambda response: responses.append(response))
    page.goto(live_server, wait_until="networkidle")
    assert {httpx.URL(one.url).host for one in responses} == {httpx.URL(live_server).host}
    assert sum(one.request.sizes()["responseBodySize"] for one in responses) < FIRST_LOAD_BYTES
    page.close()


def test_pages_forbid_everything_that_is_not_their_own(live_server: str) -> None:
    policy = httpx.get(live_server).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_frontend_html_is_the_chat_page_too(page: Page) -> None:
    page.goto("/frontend.html")
    expect(page.get_by_label("Your question")).to_be_visible()


def test_an_example_is_asked_with_one_press(page: Page, question: str) -> None:
    page.get_by_role("button", name=question).click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    expect(page.locator(".answer .sentence").first).to_be_visible(timeout=30_000)


def test_every_sentence_carries_a_mark(page: Page, question: str) -> None:
    answered(page, question)
    sentences = page.locator(".answer .sentence")
    assert sentences.count() > 0
    assert all(sentences.nth(i).locator(".cite").count() > 0 for i in range(sentences.count()))


def test_a_status_in_words_stands_before_the_server_says_anything(page: Page, question: str) -> None:
    page.route("**/chat", lambda _: None)  # it never answers
    page.get_by_label("Your question").fill(question)
    shown = page.evaluate(
        """() => {
          document.getElementById("composer").requestSubmit();
          return document.querySelector(".working:not([hidden])")?.textContent;
        }"""
    )
    assert shown


def test_a_mark_opens_its_source_and_leads_to_the_highlighted_quote(page: Page, question: str) -> None:
    answered(page, question).locator(".answer .cite").first.click()
    panel = page.get_by_role("dialog")
    quote = panel.locator("mark").inner_text()
    panel.get_by_role("link", name="Open the document at this place").click()
    highlighted = page.locator("mark")
    expect(page.locator("#quote")).to_be_in_viewport()
    assert re.sub(r"\s+", "", "".join(highlighted.all_inner_texts())) == re.sub(r"\s+", "", quote)


def test_the_way_back_from_a_document_finds_the_conversation_again(page: Page, question: str) -> None:
    answered(page, question).locator(".sources .title").first.click()
    page.get_by_role("link", name="Back to your question").click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()


def test_a_source_opens_by_keyboard_and_gives_the_focus_back(page: Page, question: str) -> None:
    mark = answered(page, question).locator(".answer .cite").first
    page.keyboard.press("Shift+Tab")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(mark).to_be_focused()


def test_hovering_a_mark_shows_its_source_and_leaving_hides_it(page: Page, question: str) -> None:
    answered(page, question).locator(".answer .cite").first.hover()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.move(2, 2)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_reloading_brings_the_conversation_back(page: Page, question: str) -> None:
    text = answered(page, question).locator(".answer").inner_text()
    page.reload()
    expect(page.locator(".answer")).to_have_text(text, use_inner_text=True)


def test_a_follow_up_joins_the_conversation_and_starting_anew_leaves_it(page: Page, question: str) -> None:
    answered(page, question)
    ask(page, "And how long does it take?")
    expect(page.locator(".turn.latest .foot, .turn.latest .help")).to_be_visible(timeout=30_000)
    first = page.url
    page.get_by_role("button", name="New question").click()
    expect(page.get_by_role("heading", name="What do you need to know?")).to_be_visible()
    answered(page, question)
    assert page.url != first


def test_an_earlier_conversation_is_opened_and_deleted(page: Page, question: str) -> None:
    answered(page, question)
    page.get_by_role("button", name="New question").click()
    page.get_by_role("button", name="Earlier questions").click()
    page.get_by_role("dialog").get_by_role("link", name=question).first.click()
    expect(page.locator(".answer")).to_be_visible()
    page.get_by_role("button", name="Earlier questions").click()
    page.get_by_role("button", name=f"Delete “{question}”").first.click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".answer")).to_be_hidden()


def test_another_try_after_a_refusal_asks_once_only(page: Page, question: str) -> None:
    keys: list[str | None] = []
    page.on("request", lambda one: keys.append(one.header_value("idempotency-key")) if one.method == "POST" else None)
    page.route("**/chat", lambda route: route.fulfill(status=503, json={"title": "Too busy", "detail": "x"}), times=1)
    ask(page, question)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".foot")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_role("heading", name=question)).to_have_count(1)
    assert len(keys) == 2
    assert keys[0] == keys[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, question: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert axe_findings(page) == []
    answered(page, question).locator(".answer .cite").first.click()
    expect(page.locator(".around").first).to_be_attached()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Earlier questions").click()
    expect(page.locator(".past").first).to_be_visible()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.locator(".sources .title").first.click()
    expect(page.locator("#quote")).to_be_visible()
    assert axe_findings(page) == []


def test_axe_finds_nothing_on_the_error_page(page: Page) -> None:
    page.goto("/app/documents/there-is-none")
    assert axe_findings(page) == []


@pytest.mark.parametrize("size", [PHONE, SMALLEST])
def test_nothing_is_wider_than_a_phone(page: Page, question: str, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    assert viewport_overflow(page) == 0
    answered(page, question).locator(".answer .cite").first.click()
    expect(page.get_by_role("dialog")).to_be_in_viewport()
    assert viewport_overflow(page) == 0
    page.get_by_role("link", name="Open the document at this place").click()
    expect(page.locator("#quote")).to_be_in_viewport()
    assert viewport_overflow(page) == 0
