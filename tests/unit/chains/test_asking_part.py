from datetime import date

import pytest

from chains.contextualise import asking_part, contextualise
from core.types import Exchange, Question

STORY = "We came by boat and by train and nobody tells us anything at the office. " * 20


def test_a_short_message_stays_as_it_is() -> None:
    assert asking_part("Hello. Can I work?") == "Hello. Can I work?"


def test_a_long_message_gives_its_question() -> None:
    part = asking_part(f"{STORY}My permit ends in May. Can I still work? Thank you. {STORY}")
    assert "My permit ends in May. Can I still work?" in part
    assert len(part.split()) <= 60


def test_a_story_without_a_question_gives_its_end() -> None:
    assert asking_part(f"{STORY}I need asylum in Canada.").endswith("I need asylum in Canada.")


def test_a_question_that_names_no_permit_keeps_the_sentence_that_does() -> None:
    part = asking_part(f"My study permit ends soon. {STORY}My friend knows nothing. Which day counts as its end?")
    assert part.startswith("My study permit ends soon.")
    assert part.endswith("My friend knows nothing. Which day counts as its end?")


def test_a_question_that_names_its_permit_keeps_what_stands_beside_it() -> None:
    part = asking_part(f"I had a work permit. {STORY}I came in May. My son is ill. Can I get a study permit?")
    assert part.endswith("I came in May. My son is ill. Can I get a study permit?")
    assert "work permit" not in part


def test_no_run_of_characters_is_longer_than_an_encoder_takes() -> None:
    assert max(map(len, asking_part("难民" * 900).split())) <= 100
    assert max(map(len, asking_part("a.b" * 600).split())) <= 100


def test_the_countries_of_the_whole_story_count() -> None:
    search = contextualise(Question(f"I live in Canada. {STORY} Can I work?", as_of=date(2026, 11, 20)))
    assert search.places == ("CA",)


def test_a_follow_up_names_its_topic() -> None:
    history = (Exchange("How do I apply for a study permit?", "…"),)
    assert "study permit" in contextualise(Question("How long is it?", date(2026, 11, 20), history=history)).topic


def test_a_country_that_no_document_covers_is_left_out_of_the_search() -> None:
    search = contextualise(Question("Can I get a Canada visa from Pakistan?", as_of=date(2026, 11, 20)))
    assert "Pakistan" not in search.within(("CA", "US")).text
    assert "Canada" in search.within(("CA", "US")).text


@pytest.mark.parametrize(
    ("text", "places", "looked_for"),
    [
        ("Can I travel to India while my I-485 is pending?", ("US",), "Can I travel to while my I-485 is pending?"),
        ("Can I visit Brazil with my pending PGWP?", ("CA",), "Can I visit with my pending PGWP?"),
        ("Can I go to Canada with my green card?", ("CA",), "Can I go to Canada with my green card?"),
        ("Do I need a visa for Mexico with a green card?", ("MX",), "Do I need a visa for Mexico with a green card?"),
        ("Do I need a visa to visit Mexico on OPT?", ("MX",), "Do I need a visa to visit Mexico on OPT?"),
        ("What are the laws of Mexico for green card holders?", ("MX",), None),
        ("Can I travel to India while my ILR is pending?", ("IN",), None),
        ("I married a US citizen in India, what is next?", ("US",), "I married a US citizen in , what is next?"),
        ("I am a US citizen, can I work in India?", ("IN",), None),
        ("My wife is a US citizen, do we need a visa for India?", ("IN",), None),
    ],
)
def test_who_travels_on_the_papers_of_a_covered_country_asks_for_its_rules(
    text: str, places: tuple[str, ...], looked_for: str | None
) -> None:
    search = contextualise(Question(text, as_of=date(2026, 11, 20))).within(("CA", "US"))
    assert search.places == places
    assert search.text == (looked_for or text)
    assert search.within(("CA", "US")) == search


@pytest.mark.parametrize(
    "text",
    [
        "I live in Dubai, how do I move to Canada?",
        "I'm from Pakistan and how do I move to Canada?",
        "We are currently living in Kenya. How do I move to Canada?",
    ],
)
def test_where_somebody_is_from_is_no_part_of_what_is_looked_for(text: str) -> None:
    search = contextualise(Question(text, as_of=date(2026, 11, 20))).within(("CA", "US"))
    assert search.text.casefold() == "how do i move to canada?"
