"""What is said around a question is left out, and nothing of what is asked."""

from __future__ import annotations

import time
from datetime import date

import pytest

from chains.contextualise import contextualise
from chains.framing import without_frame
from chains.parts import parts_of
from chains.questions_refused import refused_for
from chains.same_question import difference
from core.types import AbstentionReason, Exchange, Question

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Hello, could you please tell me: how do I apply for a visa? Thank you!", "how do I apply for a visa?"),
        ("Hello, could you please tell me: i had a pardon. Can I enter? Thank you!", "i had a pardon. Can I enter?"),
        ("I would like to know: can I work?", "can I work?"),
        ("Hi! Can I work? Thanks", "Can I work?"),
        ("hi can i work", "can i work"),
        ("Dear Sir or Madam, I wonder how long it takes. Kind regards, Amina Diallo", "how long it takes."),
        ("Hi there, I was wondering if you could tell me how long it lasts?", "how long it lasts?"),
        ("I have a question. Do I need a visa?", "Do I need a visa?"),
        ("How long does it take, please?", "How long does it take?"),
        ("Thank you! And how much is it?", "And how much is it?"),
        ("I am so scared and I can\u2019t sleep. My visa ended. What now?", "My visa ended. What now?"),
        ("pls help me, bag stolen in rome", "bag stolen in rome"),
        ("im shaking, I got a notice", "I got a notice"),
        ("Bonjour, puis-je travailler ?", "puis-je travailler ?"),
        ("Guten Tag, darf ich arbeiten?", "darf ich arbeiten?"),
        ("请问，我可以工作吗", "我可以工作吗"),  # noqa: RUF001
    ],
)
def test_what_is_said_around_a_question_is_left_out(message: str, asked: str) -> None:
    assert without_frame(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        "Hello",
        "Thank you!",
        "Good morning, please help me",
        "I am so scared",
        "",
        "?",
    ],
)
def test_a_message_that_asks_nothing_stays_whole(message: str) -> None:
    assert without_frame(message) == message


@pytest.mark.parametrize(
    "message",
    [
        "Can I get a visa for the U.S. with Form I-94?",
        "I am afraid of him. Who can help me?",  # of whom says what it is about
        "I have a question about the UK. Do I need a visa?",
        "I would like to know if I can work",  # without its request it would be a condition
        "Tell me my case status",
        "Dear wife of mine is ill",
        "What help is there for people who cannot sleep in a shelter?",
        "Who can tell me the fee?",
    ],
)
def test_what_is_asked_stays(message: str) -> None:
    assert without_frame(message) == message


def test_known_questions_are_compared_without_it() -> None:
    known = "How do I apply for a study permit?"
    assert (
        difference("Good evening, can you kindly tell me how I apply for a study permit? Many thanks!", known) is None
    )
    assert difference("How do I apply for a study permit?", f"Hello! {known} Thank you") is None
    assert difference("Hello, could you tell me how I apply for a work permit? Thanks", known) is not None


def test_a_request_to_be_told_is_no_question_of_its_own() -> None:
    asked = "Hello, could you please tell me: how do I apply for a study permit in Canada?"
    assert parts_of(contextualise(Question(asked, as_of=TODAY)), ("CA",)) == ()


def test_rules_of_refusal_see_the_question() -> None:
    asked = "Dear Sir or Madam, I would like to ask: what are my chances to get the visa? Have a nice day"
    assert refused_for(contextualise(Question(asked, as_of=TODAY)).text) is AbstentionReason.PREDICTION


def test_earlier_turns_lose_it_too() -> None:
    history = (Exchange("Hello! How do I apply for a study permit? Thank you", "…"),)
    search = contextualise(Question("How long is it?", as_of=TODAY, history=history))
    assert search.history[-1] == "How do I apply for a study permit?"


@pytest.mark.parametrize("part", ["help please ", "scared and ", "hi ", "no", " ", "!", "tell me : ", "thank you, "])
def test_repeated_courtesies_take_no_time(part: str) -> None:
    before = time.thread_time()
    without_frame(f"{part * 1000}x")
    assert time.thread_time() - before < 1
