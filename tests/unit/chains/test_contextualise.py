from __future__ import annotations

from datetime import date

import pytest

from chains.contextualise import Search, changes_subject, contextualise
from core.types import Exchange, Question

PERMIT = "How do I renew my study permit in Canada?"


def understood(text: str, *history: str | tuple[str, str]) -> Search:
    exchanges = tuple(Exchange(*(turn if isinstance(turn, tuple) else (turn, ""))) for turn in history)
    return contextualise(Question(text, as_of=date(2026, 11, 21), history=exchanges))


@pytest.mark.parametrize("text", ["and for my wife?", "how much?", "How long does it take?", "can he work too"])
def test_a_follow_up_gets_its_subject_from_the_question_before(text: str) -> None:
    search = understood(text, PERMIT)
    assert search.history == (PERMIT,)
    assert "study permit" in search.topic
    assert search.places == ("CA",)


def test_another_country_keeps_the_topic_and_drops_the_country_before() -> None:
    search = understood("what about in the UK?", "How do I apply for a student visa in Canada?")
    assert search.places == ("GB",)
    assert "student visa" in search.topic
    assert "Canada" not in search.topic


def test_an_earlier_answer_counts_less_than_its_question() -> None:
    search = understood("and how much is it?", (PERMIT, "Apply online before it expires. " + "Then wait. " * 60))
    answer, question = search.history
    assert question == PERMIT
    assert answer.startswith("Apply online")
    assert len(answer.split()) == 40


def test_a_question_that_stands_alone_leaves_answers_out() -> None:
    search = understood(
        "What documents must an international student bring to the border?", (PERMIT, "Apply online before it expires.")
    )
    assert search.history == (PERMIT,)


def test_a_question_that_stands_alone_keeps_every_question_before_oldest_first() -> None:
    fee = "How much does the renewal of my permit cost in Canada?"
    search = understood(
        "Which documents must an international student bring to the border?", (PERMIT, "Apply online."), (fee, "150.")
    )
    assert search.history == (PERMIT, fee)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("ok thanks. other thing, does my baby need that ETA for London?", "what about Australia?"),
        ("How can I get residence in New Zealand after work?", "How do I get a visa for Germany?"),
        ("What documents go with the form DS-160 application?", "What does form I-485 cost?"),
        ("Who can apply for a visitor visa to see family?", "How many hours may I work on a student visa?"),
        ("Who can apply for a subclass 482 visa from abroad?", "How long is a 189 visa valid?"),
    ],
)
def test_another_country_form_or_kind_is_another_subject(newer: str, older: str) -> None:
    assert changes_subject(newer, older)
    assert understood(newer, older).history == ()


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("and for new zealand, from what age?", "Who needs a police certificate for Australia?"),
        ("What does the medical exam for applicants cost?", "Who does the medical exam for Canada?"),
        ("Where do I send form I485 with my photos?", "What does form I-485 cost?"),
        ("How many years of work does a 482 visa need?", "Who sponsors a subclass 482 visa holder?"),
        ("Is it the same for form I-765?", "What does form I-485 cost?"),
    ],
)
def test_a_message_on_the_same_thing_or_leaning_on_it_is_no_change(newer: str, older: str) -> None:
    assert not changes_subject(newer, older)


def test_turns_before_a_change_of_subject_are_dropped() -> None:
    search = understood(
        "and how long is it?", "How do I get asylum in Germany?", "How do I get a visitor visa for New Zealand?"
    )
    assert search.history == ("How do I get a visitor visa for New Zealand?",)
