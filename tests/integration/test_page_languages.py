"""The pages in the languages of those who read them, against the served application, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from api.application import Application
from api.page_words import LANGUAGES, page_words
from assistance.configuration import OTHER_TITLES
from core.types import Answer, Question
from tests.integration.browser import CHROMIUM, axe_findings, open_browser, viewport_overflow

browsed = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
OTHERS = sorted(set(LANGUAGES) - {"en"})
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
FIRST_LOAD_BYTES = 100_000
TEXTS = """() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label], [placeholder], option")]
  .flatMap((node) => [node.ariaLabel, node.placeholder, node.textContent])].join("\\n")"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@contextmanager
def reading(browser: Browser, live_server: str, language: str, **changes: object) -> Iterator[Page]:
    """A page of somebody whose browser is in that language."""
    context = browser.new_context(base_url=live_server, locale=language, reduced_motion="reduce", **changes)  # type: ignore[arg-type]
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert faults == []


def english_on(page: Page, language: str) -> list[str]:
    """Words of the English pages that stand on a page of another language, which has not the same ones itself."""
    words, english = page_words(language), page_words("en")
    own = "\n".join((*words.page.values(), *words.script.values()))
    pieces = {
        piece.strip()
        for text in (*english.page.values(), *english.script.values())
        for piece in re.split(r"\{\w+\}", text)
        if len(piece.strip()) > 4
    }
    shown = page.evaluate(TEXTS)
    return sorted(piece for piece in pieces if re.search(rf"\b{re.escape(piece)}", shown) and piece not in own)


def first_load_bytes(browser: Browser, live_server: str, language: str) -> int:
    sizes: list[int] = []

    def finished(request: Request) -> None:
        sizes.append(request.sizes()["responseBodySize"])

    context = browser.new_context(base_url=live_server, locale=language)
    page = context.new_page()
    page.on("requestfinished", finished)
    page.goto("/", wait_until="networkidle")
    context.close()
    return sum(sizes)


def answered(page: Page) -> None:
    expect(page.locator(".turn.latest .afterwards")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language", OTHERS)
def test_every_question_that_a_page_offers_is_answered(knowledgeable: Application, language: str) -> None:
    for question in page_words(language).examples:
        reply = knowledgeable.chain.invoke(Question(question, as_of=knowledgeable.today()))
        assert isinstance(reply, Answer), question


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_comes_in_the_language_of_the_browser(live_server: str, language: str) -> None:
    page = httpx.get(live_server, headers={"Accept-Language": f"{language},en;q=0.5"})
    assert f'<html lang="{language}" dir="{page_words(language).direction}">' in page.text
    assert page.headers["Content-Language"] == language
    assert {"accept-language", "cookie"} <= {name.strip().lower() for name in page.headers["Vary"].split(",")}


@pytest.mark.parametrize("language", ["ar", "tr"])
class TestInAnotherLanguage:
    pytestmark = browsed

    def test_an_answer_its_source_and_its_document_have_no_english_around_them(
        self, browser: Browser, live_server: str, language: str
    ) -> None:
        words = page_words(language)
        with reading(browser, live_server, language, viewport=PHONE) as page:
            assert english_on(page, language) == []
            page.locator(".example").first.click()
            answered(page)
            expect(page.get_by_role("heading", name=words.script["sources"])).to_be_visible()
            page.locator(".answer .cite").first.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            assert english_on(page, language) == []
            page.get_by_role("link", name=words.script["open_document"]).click()
            expect(page.locator("#quote")).to_be_in_viewport()
            assert english_on(page, language) == []
            assert axe_findings(page) == []
            page.get_by_role("link", name=words.page["back"]).click()
            answered(page)

    def test_a_person_is_asked_without_english(self, browser: Browser, live_server: str, language: str) -> None:
        words = page_words(language).script
        with reading(browser, live_server, language) as page:
            page.locator(".example").nth(1).click()
            answered(page)
            page.get_by_role("button", name=words["no"], exact=True).click()
            page.get_by_role("button", name=words["ask_a_person"]).click()
            page.get_by_role("button", name=words["send_to_person"]).click()
            expect(page.locator(".receipt")).to_be_visible()
            page.reload()
            expect(page.locator(".receipt")).to_contain_text(OTHER_TITLES[language])
            page.locator("#open-history").click()
            expect(page.locator(".past").first).to_be_visible()
            assert english_on(page, language) == []

    def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
        self, browser: Browser, live_server: str, language: str
    ) -> None:
        with reading(browser, live_server, language, viewport=SMALLEST) as page:
            assert (axe_findings(page), viewport_overflow(page)) == ([], 0)
            page.locator(".example").first.click()
            answered(page)
            assert (axe_findings(page), viewport_overflow(page)) == ([], 0)


class TestEveryLanguage:
    pytestmark = browsed

    def test_the_first_load_is_light_in_every_language(self, browser: Browser, live_server: str) -> None:
        for language in LANGUAGES:
            assert 10_000 < first_load_bytes(browser, live_server, language) < FIRST_LOAD_BYTES, language

    def test_no_language_is_wider_than_the_smallest_window(self, browser: Browser, live_server: str) -> None:
        for language in OTHERS:
            with reading(browser, live_server, language, viewport=SMALLEST) as page:
                page.locator("#start-anew").evaluate("(button) => { button.hidden = false; }")
                assert viewport_overflow(page) == 0, language

    def test_a_language_that_is_chosen_stays(self, browser: Browser, live_server: str) -> None:
        with reading(browser, live_server, "en-GB") as page:
            page.get_by_role("link", name="Español").click()
            expect(page.get_by_role("heading", name=page_words("es").page["intro_title"])).to_be_visible()
            assert page.url == f"{live_server}/"
            page.goto("/app/documents/no/such.md")
            expect(page.get_by_role("heading", name=page_words("es").page["not_here"])).to_be_visible()
            page.goto("/?language=en")
            expect(page.get_by_role("heading", name=page_words("en").page["intro_title"])).to_be_visible()

    def test_what_the_server_refuses_is_told_in_the_language_of_the_page(
        self, browser: Browser, live_server: str
    ) -> None:
        words = page_words("ru").script
        with reading(browser, live_server, "ru") as page:
            page.locator("#question").fill("?" * 9000)
            page.keyboard.press("Enter")
            expect(page.locator(".trouble-title")).to_have_text(words["unusable"])
            assert english_on(page, "ru") == []

    @pytest.mark.parametrize(
        ("kind", "status", "key"),
        [("starting", 503, "starting"), ("overloaded", 503, "too_many"), ("conflict", 409, "went_wrong")],
    )
    def test_why_the_server_refuses_is_told_by_its_kind(
        self, browser: Browser, live_server: str, kind: str, status: int, key: str
    ) -> None:
        told = {"type": f"urn:immigration-assistant:{kind}", "title": "No", "status": status, "detail": "Because"}
        with reading(browser, live_server, "es") as page:
            page.route("**/chat", lambda route: route.fulfill(status=status, json=told))
            page.locator("#question").fill("¿Y ahora?")
            page.keyboard.press("Enter")
            expect(page.locator(".trouble-title")).to_have_text(page_words("es").script[key])
            assert english_on(page, "es") == []

    def test_what_is_in_another_language_than_the_page_says_so(self, browser: Browser, live_server: str) -> None:
        question = page_words("en").examples[0]
        with reading(browser, live_server, "ar") as page:
            assert page.locator("#question").evaluate("(box) => getComputedStyle(box).direction") == "rtl"
            page.locator("#question").fill(question)
            assert page.locator("#question").evaluate("(box) => getComputedStyle(box).direction") == "ltr"
            page.keyboard.press("Enter")
            answered(page)
            spoken = "(node) => node.closest('[lang]').lang"
            assert page.locator(".answer .sentence").first.evaluate(spoken) == "en"
            assert page.locator(".sources .title").first.evaluate(spoken) == "en"
            page.locator(".answer .cite").first.click()
            assert page.locator(".source .passage").evaluate(spoken) == "en"

    def test_a_language_is_chosen_on_any_page_and_leads_back_to_it(self, browser: Browser, live_server: str) -> None:
        with reading(browser, live_server, "en-GB") as page:
            page.goto("/app/documents/knowledge_base/general/first-steps.es.md?start=10&end=20")
            page.get_by_role("link", name="Français").click()
            expect(page.get_by_text(page_words("fr").page["country"], exact=True)).to_be_visible()
            expect(page.locator("html")).to_have_attribute("lang", "fr")
            expect(page.locator("article")).to_have_attribute("lang", "es")
            assert page.url == f"{live_server}/app/documents/knowledge_base/general/first-steps.es.md?start=10&end=20"

    def test_a_page_without_its_words_sends_no_question_in_the_address(
        self, browser: Browser, live_server: str
    ) -> None:
        with reading(browser, live_server, "en-GB", java_script_enabled=False) as page:
            page.locator("#question").fill("My secret")
            page.locator("#send").click()
            assert page.url == f"{live_server}/"

    def test_staff_read_english(self, browser: Browser, live_server: str) -> None:
        with reading(browser, live_server, "fa") as page:
            page.goto("/app/inbox")
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.locator("html").get_attribute("dir") == "ltr"
