"""An approved answer against the documents it rests on."""

from __future__ import annotations

import pytest

from training.contradiction import contradiction

RULES = (
    "The fee for a teaching permit is 18,000 krónur.",
    "The fee is not paid back.",
    "You must apply for a teaching permit before you travel to Iceland.",
    "A decision takes 30 days.",
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much does a teaching permit for Iceland cost?", "A teaching permit costs 9,000 krónur."),
        ("Do I get the fee back?", "The fee is paid back."),
        ("When do I apply?", "You need not apply for a teaching permit before you travel to Iceland."),
        ("How long does a decision take?", "A decision takes 90 days."),
    ],
)
def test_another_figure_and_the_opposite_rule_are_found(question: str, answer: str) -> None:
    assert contradiction(question, [answer], RULES) is not None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much does a teaching permit for Iceland cost?", "A teaching permit costs 18,000 krónur."),
        ("How long does an appeal take?", "An appeal takes 3 months."),
        ("Can my wife work?", "Yes, in any job."),
    ],
)
def test_what_agrees_and_what_no_document_speaks_of_is_no_contradiction(question: str, answer: str) -> None:
    assert contradiction(question, [answer], RULES) is None
