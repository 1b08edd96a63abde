"""Questions of the shipped documents, asked in other words: answered from their section, word for word."""

from __future__ import annotations

from datetime import date

import pytest

from api.application import Application
from core.types import Answer, Question


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ("How can I immigrate to Germany?", "How can I move to Germany?"),
        ("hello, how do I emigrate to germany please", "How can I move to Germany?"),
        ("what is a bridging visa", "What is a bridging visa in Australia?"),
    ],
)
def test_the_section_of_the_same_question_answers(knowledgeable: Application, asked: str, heading: str) -> None:
    reply = knowledgeable.chain.invoke(Question(asked, as_of=date(2026, 11, 29)))
    assert isinstance(reply, Answer)
    assert {citation.section[-1] for citation in reply.citations} == {heading}
