"""Approved answers from the file to the reply: word for word, and only for as long as what they cite is current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from api.application import Application
from api.bootstrap import build_application
from core.types import Abstention, AbstentionReason, Answer, AnswerMode, CautionCode, Kind, Question, Reply
from tests.conftest import make_settings

TODAY = date(2026, 11, 21)
RULES = """---
title: Teaching permits
jurisdiction: IS
effective_from: 2026-01-01
reviewed_on: 2026-10-01
---
# Teaching permits in Iceland

## Fee
The fee for a teaching permit is 18,000 krónur. The fee is not paid back.

## Where to apply
You must apply for a teaching permit before you travel to Iceland.
"""
APPROVED = """---
title: Approved answers
kind: approved
cites: rules.md
jurisdiction: IS
reviewed_on: 2026-10-15
---
# Approved answers

## How much does a teaching permit for Iceland cost?
A teaching permit costs 18,000 krónur. You need:

- the money in your account,
- a card for the payment.

You do not get it back if the permit is refused.

## Can I apply for a teaching permit for Iceland from outside the country?
Yes, and you must: apply before you travel.

## When does my teaching permit for Iceland start?
It starts on the day on its card.

## I have a teaching permit for Iceland. Can I bring my dog, and how long does its test take?
You can, and its test takes three days.
"""
WHOLE = (
    "A teaching permit costs 18,000 krónur. You need: - the money in your account, - a card for the payment."
    " You do not get it back if the permit is refused."
)
COST = "What is the price of a teaching permit in Iceland?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "rules.md").write_text(RULES, encoding="utf-8")
    (folder / "approved.md").write_text(APPROVED, encoding="utf-8")
    return folder


@pytest.fixture
def application(folder: Path, tmp_path: Path) -> Iterator[Application]:
    built = build_application(make_settings(tmp_path / "data", knowledge_base=folder), durable=False)
    yield built
    built.stop()


@pytest.fixture
def ask(application: Application) -> Callable[..., Reply]:
    def ask(text: str, as_of: date = TODAY) -> Reply:
        assert application.knowledge.sync().unreadable == []
        return application.chain.invoke(Question(text, as_of=as_of))

    return ask


def test_the_same_question_in_other_words_gets_the_approved_answer_whole(ask: Callable[..., Reply]) -> None:
    reply = ask(COST)
    assert isinstance(reply, Answer)
    assert reply.mode is AnswerMode.APPROVED
    assert " ".join(reply.text.split()) == WHOLE
    assert {citation.reviewed_on for citation in reply.citations} == {date(2026, 10, 15)}


def test_every_sentence_of_it_is_a_quote_at_its_place(ask: Callable[..., Reply], application: Application) -> None:
    reply = ask(COST)
    assert isinstance(reply, Answer)
    for citation in reply.citations:
        text = application.store.get_version(citation.document_id, citation.version).canonical_text
        assert text[citation.start : citation.end] == citation.quote
    assert [sentence.text for sentence in reply.sentences] == [citation.quote for citation in reply.citations]


def test_a_near_miss_gets_no_word_of_the_approved_answer(ask: Callable[..., Reply]) -> None:
    reply = ask("Can I apply for a teaching permit for Iceland from inside the country?")
    assert reply.mode is not AnswerMode.APPROVED
    assert "Yes" not in reply.text
    assert "and you must" not in reply.text.lower()


def test_it_is_no_longer_served_once_what_it_cites_is_gone(ask: Callable[..., Reply], folder: Path) -> None:
    assert ask(COST).mode is AnswerMode.APPROVED
    (folder / "rules.md").unlink()
    reply = ask(COST)
    assert reply.mode is not AnswerMode.APPROVED
    assert "18,000" not in reply.text


def test_it_is_no_longer_served_once_what_it_cites_has_been_replaced(ask: Callable[..., Reply], folder: Path) -> None:
    newer = RULES.replace("18,000", "21,000").replace("effective_from: 2026-01-01", "effective_from: 2026-06-01")
    (folder / "newer.md").write_text(newer.replace("reviewed_on", "supersedes: rules.md\nreviewed_on"))
    reply = ask(COST)
    assert "21,000" in reply.text
    assert "18,000" not in reply.text
    assert ask(COST, as_of=date(2026, 3, 1)).mode is AnswerMode.APPROVED


def test_what_a_current_document_says_against_it_is_shown(ask: Callable[..., Reply], folder: Path) -> None:
    (folder / "fees.md").write_text(RULES.replace("18,000", "21,000").replace("Teaching permits\n", "Fees\n", 1))
    reply = ask("Is the fee for a teaching permit for Iceland 18,000?")
    assert "18,000" in reply.text
    assert "21,000" in reply.text
    assert CautionCode.SOURCES_DISAGREE in {caution.code for caution in reply.warnings}


def test_an_approved_file_is_kept_by_the_next_sync_and_removed_with_its_file(
    ask: Callable[..., Reply], application: Application, folder: Path
) -> None:
    ask(COST)
    assert application.knowledge.sync().added == []
    assert {item.id: item.kind for item in application.store.documents()}["kb/approved.md"] is Kind.APPROVED
    (folder / "approved.md").unlink()
    assert application.knowledge.sync().removed == ["kb/approved.md"]


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("cites: rules.md\n", "", "cites"),
        ("reviewed_on: 2026-10-15\n", "", "reviewed_on"),
        ("kind: approved", "kind: aproved", "aproved"),
    ],
)
def test_an_approved_file_that_does_not_say_enough_is_refused_with_the_fix(
    application: Application, folder: Path, line: str, instead: str, told: str
) -> None:
    (folder / "approved.md").write_text(APPROVED.replace(line, instead))
    [refused] = application.knowledge.sync().unreadable
    assert told in refused.detail


def test_a_web_page_cannot_call_itself_approved(application: Application, folder: Path) -> None:
    head = '<meta name="kind" content="approved"><meta name="cites" content="rules.md"><title>Page</title>'
    (folder / "page.html").write_text(f"<html><head>{head}</head><body><p>Permits are free for all.</p></body></html>")
    assert application.knowledge.sync().unreadable == []
    kinds = {item.id: item.kind for item in application.store.documents()}
    assert kinds["kb/page.html"] is Kind.DOCUMENT


def test_what_a_document_asks_itself_is_no_own_case(ask: Callable[..., Reply]) -> None:
    known = ask("When does my teaching permit for Iceland start?")
    assert isinstance(known, Answer)
    assert known.mode is AnswerMode.APPROVED
    other = ask("When does my teaching permit for Iceland end?")
    assert isinstance(other, Abstention)
    assert other.reason is AbstentionReason.OWN_CASE


def test_a_known_question_is_not_taken_apart(ask: Callable[..., Reply]) -> None:
    reply = ask("I have a teaching permit for Iceland. Can I bring my dog, and how long does its test take?")
    assert isinstance(reply, Answer)
    assert reply.mode is AnswerMode.APPROVED


def test_courtesy_makes_no_other_question(ask: Callable[..., Reply]) -> None:
    reply = ask("Hello, could you please tell me: how much does a teaching permit for Iceland cost? Thank you!")
    assert isinstance(reply, Answer)
    assert reply.mode is AnswerMode.APPROVED
