"""The pages of those who teach the assistant, in a real browser: review, gaps, versions, log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from core.types import Scope
from tests.conftest import make_settings, served
from tests.integration.browser import CHROMIUM, open_browser, viewport_overflow
from tests.integration.editors import editor_token
from tests.integration.training import RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

APPROVING = (Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE, Scope.TRAINING_START)
PAGES = ("review", "gaps", "versions", "audit")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learning") / "kb"
    folder.mkdir()
    (folder / "rules.md").write_text(RULES)
    return folder.parent / "data"


@pytest.fixture(scope="module")
def address(data_dir: Path) -> Iterator[str]:
    settings = make_settings(
        data_dir, knowledge_base=data_dir.parent / "kb", allow_self_approval=True, training_sweep_s=0.2
    )
    with served(settings) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def staff(address: str, data_dir: Path) -> Iterator[httpx.Client]:
    token = editor_token(data_dir, Scope.CHAT, *APPROVING)
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


@pytest.fixture
def open_page(browser: Browser, address: str, data_dir: Path) -> Iterator[Callable[..., Page]]:
    contexts, faults = [], []

    def open_at(name: str, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=address, reduced_motion="reduce", viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"/app/{name}#token={editor_token(data_dir, *APPROVING)}")
        expect(page.locator("#desk h1")).to_be_visible()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


def propose(staff: httpx.Client, question: str, answer: str) -> str:
    made = staff.post("/training/examples", json={"question": question, "answer": answer, "jurisdiction": "IS"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def status(staff: httpx.Client, example: str) -> str:
    return str(staff.get(f"/training/examples/{example}").json()["example"]["status"])


def queue(staff: httpx.Client, kind: str, count: int) -> list[str]:
    """Proposals that differ in their subject alone."""
    subjects = ("painter", "baker", "driver", "nurse", "farmer")[:count]
    return [
        propose(staff, f"What does a {kind} {one} pay for a teaching permit?", f"The fee for a {one} is 18,000 krónur.")
        for one in subjects
    ]


def gaps_page(open_page: Callable[..., Page], staff: httpx.Client, question: str) -> Page:
    """The page once a question that nothing answers stands there."""
    staff.post("/chat", json={"question": question})
    page = open_page("gaps")
    for _ in range(60):
        if page.get_by_role("heading", name=question).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return page


def test_a_queue_is_decided_by_keyboard_alone(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    first, second, third = queue(staff, "young", 3)
    page = open_page("review")
    expect(page.locator("#proposal h2")).to_contain_text("painter")
    page.keyboard.press("a")
    expect(page.locator("#proposal h2")).to_contain_text("baker")
    page.keyboard.press("r")
    page.keyboard.type("The fee is another one")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#proposal h2")).to_contain_text("driver")
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("The fee for a teaching permit is 18,000 krónur.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_contain_text("Nothing to decide")
    assert [status(staff, one) for one in (first, second, third)] == ["PENDING", "REJECTED", "PENDING"]
    page.keyboard.press("z")
    expect(page.locator("#proposal h2")).to_contain_text("driver")
    assert status(staff, third) == "PROPOSED"
    staff.post("/training/examples/bulk", json={"act": "reject", "ids": [third], "reason": "done"})


def test_several_are_chosen_and_approved_at_once_and_taken_back(
    open_page: Callable[..., Page], staff: httpx.Client
) -> None:
    ids = queue(staff, "retired", 2)
    page = open_page("review")
    expect(page.locator("#queue li")).to_have_count(2)
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-words")).to_have_text("2 chosen")
    page.keyboard.press("a")
    expect(page.locator("#toast-words")).to_contain_text("2 proposals approved")
    assert {status(staff, one) for one in ids} == {"PENDING"}
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#queue li")).to_have_count(2)
    assert {status(staff, one) for one in ids} == {"PROPOSED"}
    staff.post("/training/examples/bulk", json={"act": "reject", "ids": ids, "reason": "done"})


def test_what_says_otherwise_stands_beside_the_proposal(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    example = propose(
        staff, "How much is the fee for a teaching permit in Iceland?", "The fee for a teaching permit is 9,000 krónur."
    )
    page = open_page("review")
    expect(page.locator(".quoted.against").first).to_contain_text("18,000")
    expect(page.locator(".difference ins").first).to_be_visible()
    staff.post("/training/examples/bulk", json={"act": "reject", "ids": [example], "reason": "done"})


def test_country_dates_and_what_it_rests_on_are_corrected(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    example = propose(staff, "When is a yoga class for guests held?", "It is held on Fridays.")
    page = open_page("review")
    expect(page.locator("#proposal h2")).to_contain_text("yoga")
    page.keyboard.press("e")
    page.get_by_label("Country").fill("")
    page.get_by_label("Holds from").fill("2026-01-02")
    for box in page.locator(".choice input").all():
        box.uncheck()
    page.get_by_label("Another document").fill("kb/rules.md")
    page.keyboard.press("Enter")
    expect(page.locator("#toast-words")).to_contain_text("Corrected and approved")
    found = staff.get(f"/training/examples/{example}").json()["example"]
    assert (found["status"], found["jurisdiction"], found["effective_from"]) == ("PENDING", None, "2026-01-02")
    assert len(found["cites"]) == 1


def test_words_of_a_proposer_are_never_markup(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    example = propose(staff, "Is a <b>permit</b> & its <i>fee</i> bold?", "The fee is <b>18,000</b> krónur.")
    page = open_page("review")
    expect(page.locator("#proposal h2")).to_have_text("Is a <b>permit</b> & its <i>fee</i> bold?")
    assert page.locator("#desk i, #desk b").count() == 0
    staff.post("/training/examples/bulk", json={"act": "reject", "ids": [example], "reason": "done"})


def test_a_gap_becomes_a_proposal_in_one_step(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    page = gaps_page(open_page, staff, "Can I bring my dog to Iceland?")
    page.get_by_role("button", name="Propose an answer").first.click()
    expect(page.get_by_role("textbox", name="Question")).to_have_value("Can I bring my dog to Iceland?")
    page.get_by_label("Answer").fill("You must apply for a permit for the dog before you travel to Iceland.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("link", name="A proposal is waiting")).to_be_visible()


def test_a_gap_shows_the_nearest_quote_and_is_dismissed_and_brought_back(
    open_page: Callable[..., Page], staff: httpx.Client
) -> None:
    question = "Can I drive a car in Iceland?"
    page = gaps_page(open_page, staff, question)
    gap = page.locator(".entry").filter(has_text=question)
    gap.get_by_text("What the documents say nearest").click()
    expect(gap.locator(".quoted a")).to_have_attribute("href", re.compile("^/app/documents/kb/rules.md"))
    gap.get_by_role("button", name="Dismiss", exact=True).click()
    expect(gap).to_have_count(0)
    page.keyboard.press("z")
    expect(gap).to_have_count(1)
    gap.get_by_role("button", name="Dismiss", exact=True).click()
    page.get_by_role("button", name="Dismissed").click()
    gap.get_by_role("button", name="Open it again").click()
    expect(gap).to_have_count(0)


def test_a_list_that_comes_late_does_not_replace_the_one_that_was_asked_for_since(
    open_page: Callable[..., Page], staff: httpx.Client
) -> None:
    question = "Can I bring my dog to Iceland?"
    page = gaps_page(open_page, staff, question)
    late: list[Route] = []
    page.route("**/training/gaps?status=dismissed", lambda route: late.append(route))
    page.get_by_role("button", name="Dismissed").click()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    with page.expect_response("**/training/gaps?status=dismissed"):
        late[0].fulfill(json={"items": []})
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.get_by_role("heading", name=question).count() == 1


def test_the_shipped_version_is_the_current_one(open_page: Callable[..., Page]) -> None:
    page = open_page("versions")
    expect(page.locator(".entry.current")).to_contain_text("Answers now")


def test_the_log_says_who_changed_what(open_page: Callable[..., Page], staff: httpx.Client) -> None:
    example = propose(staff, "Who logs the fee of a permit?", "The fee for a teaching permit is 18,000 krónur.")
    staff.post(f"/training/examples/{example}/reject", json={"reason": "Not a question"})
    page = open_page(f"audit?example={example}")
    expect(page.locator("#rows tr")).to_have_count(2)
    expect(page.locator("#rows tr").first).to_contain_text("REJECTED")


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: Callable[..., Page], staff: httpx.Client, width: int
) -> None:
    propose(staff, f"Is this word too wide {'a' * 200} at {width}?", f"The fee is 18,000 krónur, not {'b' * 200}.")
    found = {}
    for name in PAGES:
        page = open_page(name, width)
        page.wait_for_load_state("networkidle")
        violations = [one["id"] for one in Axe().run(page).response["violations"]]
        found[name] = (violations, viewport_overflow(page))
    assert found == dict.fromkeys(PAGES, ([], 0))
