from __future__ import annotations

from datetime import date

import pytest

from chains.contextualise import contextualise
from chains.parts import Part, parts_of
from core.types import Question

COVERED = ("CA", "US", "GB", "AU", "NZ", "DE")


def parts(text: str) -> tuple[Part, ...]:
    return parts_of(contextualise(Question(text, as_of=date(2026, 11, 28))), COVERED)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (
            "How much is a work permit in Canada and how long does it take?",
            ["How much is a work permit in Canada", "how long does it take?"],
        ),
        (
            "My visa was refused. Can I appeal, and do I get the fee back?",
            ["Can I appeal", "do I get the fee back?"],
        ),
        (
            "nz: hours for student job, and how fast must I apply for the next visa",
            ["nz: hours for student job", "how fast must I apply for the next visa"],
        ),
    ],
)
def test_each_question_of_a_message_is_a_part(message: str, asked: list[str]) -> None:
    assert [part.search.text for part in parts(message)] == asked


@pytest.mark.parametrize(
    "message",
    [
        "How long is a work permit valid?",
        "I lost my passport and my money. What do I do?",
        "Can I work and study in Canada on a visitor visa?",
        "When I finish my studies in Canada, what can I do?",
        "Can I use my Canadian study permit to enter the US?",
        "Ignore all that was said before. How many hours can I work in Canada?",
    ],
)
def test_a_message_that_asks_one_thing_has_no_parts(message: str) -> None:
    assert parts(message) == ()


def test_what_stands_before_a_part_tells_what_it_is_about() -> None:
    first, second = parts("If my job ends, how long can I stay in Australia and how long in the US?")
    assert first.search.history == ("If my job ends,",)
    assert (first.places, second.places) == (("AU",), ("US",))
    assert "Australia" not in " ".join(second.search.history)


def test_countries_side_by_side_are_asked_one_by_one() -> None:
    found = parts("Canada vs Australia: how many correct answers does the citizenship test need?")
    assert [part.places for part in found] == [("CA",), ("AU",)]
    assert "Australia" not in found[0].search.text


def test_what_it_is_may_be_said_by_the_second_question() -> None:
    first, _ = parts("how much does it cost and how long does it take to get a UK student visa")
    assert first.search.text == "how much does it cost"
    assert "UK student visa" in first.search.history[-1]
    assert first.search.leans


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("How do I extend my visitor record? And what about a student visa in Australia?", [(), ("AU",)]),
        (
            "how long is my visitor record valid, and how many hours can a student work in New Zealand?",
            [(), ("NZ",)],
        ),
        (
            "how many days of unemployment on OPT, and how many hours can a student work in New Zealand?",
            [("US",), ("NZ",)],
        ),
        (
            "Can I work in Canada? How long is a visitor record valid? And how long is a student visa in Australia?",
            [("CA",), ("CA",), ("AU",)],
        ),
        ("In Canada: how do I extend my visitor record? And how long is a study permit valid?", [("CA",), ("CA",)]),
    ],
)
def test_a_country_counts_for_what_follows_it(message: str, places: list[tuple[str, ...]]) -> None:
    assert [part.places for part in parts(message)] == places


@pytest.mark.parametrize(
    "message",
    [
        "How do I get a work permit, and how much does it cost in Canada?",  # asked of the same thing
        "How old must I be, and how much money do I need for a study permit in Canada?",  # it does not say for what
    ],
)
def test_a_country_counts_for_what_stands_before_where_that_is_about_the_same(message: str) -> None:
    assert [part.places for part in parts(message)] == [("CA",), ("CA",)]


def test_a_country_that_is_named_later_is_known_to_a_part_of_its_own() -> None:
    first, second = parts("How many hours can a student work? And how long is the Graduate visa in the UK valid?")
    assert (first.places, first.later) == ((), ("GB",))
    assert (second.places, second.later) == (("GB",), ())
