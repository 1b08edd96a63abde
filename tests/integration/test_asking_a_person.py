"""From a refusal to a person and back, in a real browser: the person's page and the inbox of the staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from core.types import Scope
from tests.conftest import make_settings, served
from tests.integration.browser import CHROMIUM, axe_findings, open_browser, viewport_overflow
from tests.integration.editors import editor_token

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

UNKNOWN = "Which vaccinations does my dog need?"
KNOWN = "What do I need to work in Canada?"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("person") / "kb"
    folder.mkdir()
    (folder / "work.md").write_text(
        "---\ntitle: Work in Canada\njurisdiction: CA\n---\n# Work\n\nTo work in Canada you need a work permit.\n"
    )
    return folder.parent / "data"


@pytest.fixture(scope="module")
def address(data_dir: Path) -> Iterator[str]:
    with served(make_settings(data_dir, knowledge_base=data_dir.parent / "kb")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[object]:
    """Opens a page that must throw nothing; the window is as wide as asked."""
    contexts = []
    faults: list[str] = []

    def open_at(path: str, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=address, reduced_motion="reduce", viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def person(open_page) -> Page:  # type: ignore[no-untyped-def]
    page: Page = open_page("/")
    return page


@pytest.fixture
def inbox(open_page, data_dir: Path) -> Page:  # type: ignore[no-untyped-def]
    token = editor_token(data_dir, Scope.ASSISTANCE_READ, Scope.ASSISTANCE_REPLY, Scope.TRAINING_PROPOSE)
    page: Page = open_page(f"/app/inbox#token={token}")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    return page


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn.latest .afterwards")).to_be_visible(timeout=30_000)


def ask_a_person(page: Page, words: str) -> None:
    ask(page, UNKNOWN)
    page.locator(".turn.latest").get_by_role("button", name="Ask a person").click()
    page.get_by_label("What you would like to know").fill(words)
    page.get_by_role("button", name="Send to a person").click()
    expect(page.locator(".turn.latest .receipt")).to_contain_text("Receipt")


def test_the_form_is_filled_from_the_question_and_can_be_put_away(person: Page) -> None:
    ask(person, UNKNOWN)
    person.get_by_role("button", name="Ask a person").click()
    expect(person.get_by_label("What you would like to know")).to_have_value(UNKNOWN)
    expect(person.get_by_label("What it is about")).not_to_have_value("")
    person.get_by_role("button", name="Cancel").click()
    expect(person.get_by_role("button", name="Ask a person")).to_be_focused()


def test_a_reply_from_the_inbox_lands_in_the_conversation(person: Page, inbox: Page) -> None:
    ask_a_person(person, "Please tell me about my dog Rex.")
    inbox.reload()
    inbox.get_by_role("button", name="my dog Rex").click()
    inbox.get_by_label("Your reply").fill("Rex needs a rabies vaccination.")
    inbox.get_by_label("Your name").fill("Anna")
    inbox.get_by_role("button", name="Send the reply").click()
    expect(inbox.locator(".given")).to_contain_text("Rex needs a rabies vaccination.")
    person.reload()
    expect(person.locator(".human")).to_contain_text("Anna, a person")
    expect(person.locator(".human .words")).to_have_text("Rex needs a rabies vaccination.")


def test_a_reply_is_proposed_for_everybody_from_the_inbox(person: Page, inbox: Page) -> None:
    ask_a_person(person, "Please tell me about my dog Bello.")
    inbox.reload()
    inbox.get_by_role("button", name="my dog Bello").click()
    inbox.get_by_label("Your reply").fill("Bello needs a rabies vaccination before you travel.")
    inbox.get_by_role("button", name="Send the reply").click()
    expect(inbox.locator(".given")).to_contain_text("rabies vaccination")
    inbox.get_by_role("button", name="Propose it for everybody").click()
    expect(inbox.get_by_role("link", name="it waits for review")).to_have_attribute(
        "href", re.compile(r"^/app/review\?open=[0-9a-f]+$")
    )


def test_an_answer_that_comes_late_does_not_hide_a_newer_one(person: Page, inbox: Page) -> None:
    ask_a_person(person, "Please tell me about my cat Mia.")
    inbox.reload()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    one_request = re.compile(r"/assistance/[0-9a-f]{32}$")
    inbox.route(one_request, hold_the_first)
    inbox.get_by_role("button", name="my cat Mia").click()
    inbox.get_by_role("button", name="Close", exact=True).click()
    inbox.get_by_role("button", name="my cat Mia").click()
    expect(inbox.locator(".asked-for")).to_contain_text("my cat Mia")
    [late] = held
    answer = late.fetch()
    with inbox.expect_response(one_request):
        late.fulfill(response=answer, json={**answer.json(), "description": "What stood there before."})
    expect(inbox.locator(".asked-for")).to_contain_text("my cat Mia")
    inbox.unroute(one_request)


def test_the_inbox_shows_the_conversation_with_its_sources(person: Page, inbox: Page) -> None:
    ask(person, KNOWN)
    ask_a_person(person, "What about the second year?")
    inbox.reload()
    inbox.get_by_role("button", name="the second year").click()
    seen = inbox.locator(".seen")
    expect(seen.first).to_contain_text("you need a work permit")
    expect(seen.first.get_by_role("link", name="Work in Canada")).to_be_visible()
    expect(inbox.locator(".seen.about")).to_contain_text(UNKNOWN)


def test_words_of_a_person_are_never_markup(person: Page, inbox: Page) -> None:
    ask_a_person(person, "<img src=x onerror=alert(1)> & <b>bold</b>")
    inbox.reload()
    inbox.get_by_role("button", name="onerror").click()
    expect(inbox.locator(".asked-for")).to_have_text("<img src=x onerror=alert(1)> & <b>bold</b>")
    assert inbox.locator("#request img, #request b").count() == 0


def test_what_could_not_be_sent_is_said_and_stays(person: Page) -> None:
    ask(person, UNKNOWN)
    person.get_by_role("button", name="Ask a person").click()
    person.get_by_label("What you would like to know").fill("My own words")
    person.route("**/assistance", lambda route: route.abort())
    person.get_by_role("button", name="Send to a person").click()
    expect(person.get_by_role("alert")).to_contain_text("was not sent")
    expect(person.get_by_label("What you would like to know")).to_have_value("My own words")
    person.unroute("**/assistance")
    person.get_by_role("button", name="Send to a person").click()
    expect(person.locator(".receipt")).to_contain_text("Receipt")


def test_a_request_is_closed_by_the_person(person: Page) -> None:
    ask_a_person(person, "Never mind")
    person.get_by_role("button", name="I no longer need this").click()
    expect(person.locator(".receipt h3")).to_have_text("Closed")
    person.reload()
    expect(person.locator(".receipt h3")).to_have_text("Closed")


def test_everything_is_erased_from_the_page_itself(person: Page) -> None:
    ask_a_person(person, "Forget me afterwards")
    person.get_by_role("button", name="Earlier questions").click()
    person.get_by_role("button", name="Erase everything").click()
    person.get_by_role("button", name="Erase", exact=True).click()
    expect(person.get_by_role("heading", name="What do you need to know?")).to_be_visible()
    assert person.request.get("/assistance/mine").json() == {"items": []}


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(open_page, data_dir: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    person = open_page("/", width)
    ask_a_person(person, "A word that is long: " + "a" * 300)
    person.get_by_role("button", name="No", exact=True).click()
    token = editor_token(data_dir, Scope.ASSISTANCE_READ, Scope.ASSISTANCE_REPLY)
    inbox = open_page(f"/app/inbox#token={token}", width)
    expect(inbox.locator("#rows tr").first).to_be_visible()
    found = [axe_findings(person), axe_findings(inbox), [viewport_overflow(person), viewport_overflow(inbox)]]
    inbox.get_by_role("button", name="A word that is long").first.click()
    expect(inbox.locator(".reply-form")).to_be_visible()
    assert [*found, axe_findings(inbox)] == [[], [], [0, 0], []]


def test_staff_without_the_scope_are_told_which_is_missing(open_page, data_dir: Path) -> None:  # type: ignore[no-untyped-def]
    page = open_page(f"/app/inbox#token={editor_token(data_dir, Scope.PING)}")
    expect(page.get_by_role("alert")).to_contain_text("assistance:read")
