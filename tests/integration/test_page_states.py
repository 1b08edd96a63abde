"""What the chat page does when an answer comes slowly, breaks off, is refused or is no answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser import CHROMIUM, CITATION, SCRIPTED_CHAT, asked, axe_findings, open_browser, reply, send

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

FEE = "The fee is 150 dollars."
SENTENCE = {"index": 0, "text": FEE, "citations": [1]}
TURN = {"turn_id": "t1", "conversation_id": "c1"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A chat page whose answers the test sends itself."""
    context = browser.new_context(base_url=live_server)
    page = context.new_page()
    page.add_init_script(SCRIPTED_CHAT)
    page.goto("/")
    yield page
    context.close()


def ask(page: Page, question: str = "What is the fee?") -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    asked(page)


def begin(page: Page) -> None:
    """Asks, and lets the first sentence arrive."""
    ask(page)
    send(page, "turn", TURN)
    send(page, "citation", CITATION)
    send(page, "sentence", SENTENCE)
    expect(page.locator(".sentence")).to_be_visible()


def spoken(page: Page) -> list[str]:
    return page.locator("#announcer p").all_inner_texts()


def test_sentences_stand_as_soon_as_they_arrive(page: Page) -> None:
    begin(page)
    expect(page.get_by_role("button", name="Source 1: Fees in Canada, Canada")).to_be_visible()
    send(page, "status", {"text": "Checking every quote…"})
    expect(page.get_by_text("Checking every quote…").first).to_be_visible()
    send(page, "reply", reply())
    expect(page.locator(".working")).to_be_hidden()


def test_each_sentence_is_spoken_once(page: Page) -> None:
    begin(page)
    send(page, "reply", reply())
    expect(page.locator(".foot")).to_be_visible()
    assert spoken(page).count(FEE) == 1


def test_the_final_reply_replaces_what_arrived_before_it(page: Page) -> None:
    begin(page)
    send(page, "reply", reply(sentences=[{"text": "The fee is 155 dollars.", "citations": [1]}]))
    expect(page.locator(".foot")).to_be_visible()
    assert page.locator(".sentence").count() == 1
    expect(page.locator(".sentence")).to_contain_text("155 dollars")


def test_the_keyboard_goes_on_from_the_new_question(page: Page) -> None:
    page.locator(".example").first.press("Enter")
    asked(page)
    expect(page.locator(".asked")).to_be_focused()


def test_enter_sends_and_shift_enter_breaks_the_line(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("One")
    box.press("Shift+Enter")
    box.type("two")
    assert page.evaluate("window.asked.length") == 0
    box.press("Enter")
    assert asked(page)[0]["question"] == "One\ntwo"


def test_the_box_keeps_its_text_until_the_server_has_it(page: Page) -> None:
    ask(page)
    expect(page.get_by_label("Your question")).to_have_value("What is the fee?")
    send(page, "turn", TURN)
    expect(page.get_by_label("Your question")).to_have_value("")


def test_asking_while_an_answer_comes_asks_nothing_twice(page: Page) -> None:
    begin(page)
    ask(page, "What is the fee?")
    assert len(asked(page)) == 1


def test_the_chosen_country_goes_with_the_question(page: Page) -> None:
    chooser = page.get_by_label("Country the question is about")
    code = chooser.locator("option").nth(1).get_attribute("value")
    chooser.select_option(code)
    ask(page)
    assert asked(page)[0]["jurisdiction"] == code


def test_stop_ends_the_answer_on_the_server_too(page: Page) -> None:
    begin(page)
    page.route("**/turns/t1/stop", lambda route: route.fulfill(status=204))
    with page.expect_request("**/turns/t1/stop"):
        page.get_by_role("button", name="Stop").click()
    expect(page.locator(".sentence")).to_be_visible()
    expect(page.locator(".ended")).to_contain_text("Stopped")
    page.get_by_role("button", name="Ask again").click()
    assert asked(page)[0]["key"] != asked(page)[1]["key"]


def test_a_broken_connection_is_followed_by_the_stored_answer(page: Page) -> None:
    begin(page)
    page.route(
        "**/turns/t1", lambda route: route.fulfill(json={"turn_id": "t1", "status": "answered", "reply": reply()})
    )
    page.evaluate("window.hangUp()")
    expect(page.locator(".foot")).to_be_visible()
    assert page.locator(".sentence").count() == 1
    assert len(asked(page)) == 1


def test_a_failed_turn_says_so_and_is_asked_anew_under_a_new_key(page: Page) -> None:
    ask(page)
    send(page, "turn", TURN)
    send(
        page, "error", {"title": "The model did not answer", "status": 503, "detail": "It took too long.", "type": "x"}
    )
    card = page.get_by_label("What went wrong")
    expect(card).to_contain_text("The model did not answer")
    expect(card).to_contain_text("Nothing was lost")
    expect(page.get_by_label("Your question")).to_have_value("What is the fee?")
    page.get_by_role("button", name="Try again").click()
    assert asked(page)[0]["key"] != asked(page)[1]["key"]


def test_sending_the_same_words_again_is_another_try_not_another_question(page: Page) -> None:
    ask(page)
    page.evaluate("window.hangUp()")
    expect(page.get_by_label("What went wrong")).to_be_visible()
    ask(page)
    page.wait_for_function("window.asked.length === 2")
    assert asked(page)[0]["key"] == asked(page)[1]["key"]
    expect(page.get_by_role("heading", name="What is the fee?")).to_have_count(1)


def test_being_offline_is_said_and_passes(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_text("There is no connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("There is no connection")).to_be_hidden(timeout=30_000)


def test_an_abstention_is_a_card_with_next_steps(page: Page) -> None:
    ask(page)
    steps = ["Look at the official page."]
    refusal = "The documents do not say this."
    send(page, "turn", TURN)
    send(
        page,
        "reply",
        reply(abstained=True, answer=refusal, reason="not_covered", sentences=[], citations=[], next_steps=steps),
    )
    card = page.get_by_label("No answer, and what you can do")
    expect(card).to_contain_text(refusal)
    expect(card).to_contain_text("No sure answer")
    expect(card.get_by_role("heading")).to_have_text(["What you can do next"])
    expect(card.get_by_role("listitem")).to_have_text(steps)
    expect(page.get_by_label("What went wrong")).to_have_count(0)


def test_a_refusal_is_headed_as_the_server_says_and_written_from_where_its_script_begins(page: Page) -> None:
    begin(page)
    headings = {
        "language": "ar",
        "title": "لا توجد إجابة مؤكدة",
        "nearest": "أقرب سؤال",
        "suggestions": "هل قصدت أحد هذه الأسئلة؟",  # noqa: RUF001
        "next_steps": "ما يمكنك فعله الآن",
    }
    refused = {"abstained": True, "reason": "not_covered", "sentences": [], "citations": [], "next_steps": ["اسأل"]}
    send(page, "reply", reply(**refused, suggestions=["كم؟", "أين؟"], nearest=CITATION, headings=headings))  # noqa: RUF001
    card = page.get_by_label("No answer, and what you can do")
    expect(card).to_have_attribute("lang", "ar")
    expect(card).to_have_css("direction", "rtl")
    for part in ("title", "nearest", "suggestions", "next_steps"):
        expect(card.get_by_text(headings[part], exact=True)).to_have_css("direction", "rtl")


def test_a_question_that_is_offered_is_asked_by_a_click(page: Page) -> None:
    ask(page)
    offered = "Wie verlängere ich mein Visum?"
    send(page, "turn", TURN)
    send(
        page,
        "reply",
        reply(abstained=True, reason="not_covered", sentences=[], citations=[], suggestions=[offered]),
    )
    page.get_by_role("button", name=offered).click()
    expect(page.get_by_role("heading", name=offered)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_comes_nearest_is_shown_with_its_source_and_is_not_offered_again(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    begin(page)
    offered = ["What does it cost?", "Where do I pay?"]
    refused = {"abstained": True, "reason": "not_covered", "sentences": [], "citations": []}
    send(page, "reply", reply(**refused, suggestions=offered, nearest=CITATION))
    card = page.get_by_label("No answer, and what you can do")
    expect(card.locator("blockquote")).to_have_text(str(CITATION["quote"]))
    expect(card).to_contain_text("Canada · Checked on 3 October 2026")
    expect(card.get_by_role("link", name="Fees in Canada")).to_have_attribute("href", re.compile("start=.*end="))
    expect(card.get_by_text("What does it cost?")).to_have_count(1)
    expect(card.get_by_role("button")).to_have_text(["Where do I pay?"])
    assert axe_findings(page) == []


def test_a_next_step_links_to_the_site_it_names(page: Page) -> None:
    begin(page)
    send(page, "reply", reply(next_steps=["Look at https://www.canada.ca/en/fees.html."]))
    link = page.locator(".steps").get_by_role("link", name="canada.ca")
    expect(link).to_have_attribute("href", "https://www.canada.ca/en/fees.html")


def test_sources_say_when_they_were_checked_and_that_they_were_not(page: Page) -> None:
    begin(page)
    unchecked = {**CITATION, "id": 2, "document_id": "b", "title": "Other", "reviewed_on": None}
    warning = {"code": "never_reviewed", "text": "One source was never checked."}
    send(page, "reply", reply(citations=[CITATION, unchecked], warnings=[warning]))
    sources = page.locator(".sources li")
    expect(sources.nth(0)).to_contain_text("Checked on 3 October 2026")
    expect(sources.nth(1)).to_contain_text("Not yet checked against the official page")
    expect(page.get_by_label("Please note")).to_contain_text("One source was never checked.")


def test_a_quote_is_shown_in_its_surroundings(page: Page) -> None:
    passage = {"before": "About fees. ", "quote": CITATION["quote"], "after": " It changes in May.", "current": False}
    page.route("**/passages?*", lambda route: route.fulfill(json=passage))
    begin(page)
    page.locator(".cite").click()
    panel = page.get_by_role("dialog", name="Fees in Canada")
    expect(panel.locator("mark")).to_have_text("The fee is 150 dollars.")
    expect(panel).to_contain_text("About fees.")
    expect(panel).to_contain_text("Canada · page 2 · Checked on 3 October 2026")
    expect(panel).to_contain_text("replaced by a newer version")


def test_what_documents_and_people_wrote_never_becomes_markup(page: Page) -> None:
    evil = "<img src=x onerror=alert(1)><b>bold</b>"
    ask(page, evil)
    source = {
        **CITATION,
        "title": evil,
        "quote": evil,
        "url": "javascript:alert(1)",
        "document_id": evil,
        "section": [evil],
    }
    send(page, "turn", TURN)
    send(
        page,
        "reply",
        reply(sentences=[{"text": evil, "citations": [1]}], citations=[source], warnings=[{"code": "x", "text": evil}]),
    )
    page.locator(".answer .cite").click()
    assert page.locator("main img, main b").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0


def test_right_to_left_texts_run_right_to_left(page: Page) -> None:
    ask(page, "ما هي الرسوم؟")
    send(page, "turn", TURN)
    send(page, "reply", reply(sentences=[{"text": "الرسوم 150 دولارًا.", "citations": [1]}]))
    directions = "selector => getComputedStyle(document.querySelector(selector)).direction"
    expect(page.locator(".foot")).to_be_visible()
    assert page.evaluate(directions, ".asked") == "rtl"
    assert page.evaluate(directions, ".answer p") == "rtl"


def test_a_sentence_that_is_not_translated_stands_by_itself_and_steps_keep_their_marks(page: Page) -> None:
    ask(page)
    told = "الرسوم 150 دولارًا."
    sentences = [
        {"text": FEE, "citations": [1], "original": None},
        {"text": told, "citations": [1], "original": FEE},
        {"text": told, "citations": [1], "original": FEE},
    ]
    step = "راجع الصفحة الرسمية قبل أن تتصرف (كندا): https://www.canada.ca/fees"
    send(page, "reply", reply(sentences=sentences, next_steps=[step]))
    paragraphs = page.locator(".answer > p")
    expect(paragraphs).to_have_count(2)
    directions = "all => all.map(one => getComputedStyle(one).direction)"
    assert paragraphs.evaluate_all(directions) == ["ltr", "rtl"]
    assert page.locator(".steps ul").evaluate_all(directions) == ["rtl"]


def test_copy_takes_the_answer_with_its_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    begin(page)
    send(page, "reply", reply())
    page.get_by_role("button", name="Copy the answer and its sources").click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "The fee is 150 dollars. [1]" in copied
    assert "https://www.canada.ca/fees" in copied
