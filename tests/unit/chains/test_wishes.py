"""A wish and what is asked of it, put as one question."""

import pytest

from chains.wishes import as_one_question


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I want to study in Canada, what do I need?", "What do I need to study in Canada?"),
        (
            "I'm from Nigeria and I want to study in Canada, what do I need?",
            "I'm from Nigeria. What do I need to study in Canada?",
        ),
        (
            "How can I hide my record? I want to move to Canada, what do I need?",
            "How can I hide my record? What do I need to move to Canada?",
        ),
        ("I’d love to live in Spain, what’s needed?", "What do I need to live in Spain?"),
        ("We would like to move to Australia. How can we do it?", "How can I move to Australia?"),
        (
            "i plan to visit my aunt in london - which visa do i need",
            "Which visa do I need to visit my aunt in london?",
        ),
        ("I'd love to work in Germany; is it possible?", "Can I work in Germany?"),
        (
            "I am hoping to stay longer in the UK, how much does it cost?",
            "How much does it cost to stay longer in the UK?",
        ),
    ],
)
def test_a_wish_and_its_question_become_one(said: str, asked: str) -> None:
    assert as_one_question(said) == asked


@pytest.mark.parametrize(
    "said",
    [
        "I want to study in Canada, what does a study permit cost?",
        "What do I need to study in Canada?",
        "I want to marry my girlfriend in London, is an ETA enough for that?",
        "I want to know how long it takes",
        "My visitor visa ends in May and I want to extend it, what do I need?",
        "I need to leave Canada, what can I do?",
        "My sister wants to go home, what do I need?",
        "I want to bring my husband and my two sons and my mother who lives with us to Canada, what do I need?",
    ],
)
def test_what_asks_something_of_its_own_is_left_as_it_is(said: str) -> None:
    assert as_one_question(said) == said
