import json
from datetime import date
from pathlib import Path

import pytest

from chains.languages import SPOKEN, asked_in
from chains.person_wanted import person_wanted_in
from core.types import Question
from tests.unit.chains.person_examples import ASKS_FOR_A_PERSON, ASKS_SOMETHING_ELSE

CASES = Path(__file__).parents[3] / "evals" / "cases"


def _wanted(text: str) -> str | None:
    return person_wanted_in(text, asked_in(Question(text, as_of=date(2026, 11, 28))))


def test_there_are_examples_in_every_language() -> None:
    assert set(ASKS_FOR_A_PERSON) == set(ASKS_SOMETHING_ELSE) == set(SPOKEN)
    assert sum(map(len, ASKS_FOR_A_PERSON.values())) >= 60
    assert sum(map(len, ASKS_SOMETHING_ELSE.values())) >= 60


@pytest.mark.parametrize("language", SPOKEN)
def test_a_wish_for_a_person_is_told_in_its_language(language: str) -> None:
    assert [text for text in ASKS_FOR_A_PERSON[language] if _wanted(text) != language] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_a_question_about_people_is_a_question(language: str) -> None:
    assert [text for text in ASKS_SOMETHING_ELSE[language] if _wanted(text)] == []


def test_no_eval_case_but_those_that_want_a_person_is_taken_for_one() -> None:
    cases = [json.loads(line) for path in CASES.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    taken = {case["id"] for case in cases if _wanted(case["question"])}
    assert taken == {case["id"] for case in cases if case["expect"].get("refusal") == "person_wanted"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("You did not help me. I want to talk to a person.", True),
        ("agent: you must report it, human", False),
        ("If my visa is refused, can I talk to a person?", False),
        ("word " * 41 + "I want to talk to a person", False),
    ],
)
def test_the_wish_is_a_clause_of_its_own(text: str, wanted: bool) -> None:
    assert bool(_wanted(text)) is wanted
