"""Every quote stands where its citation says, in the text that `assistant documents show` prints."""

from __future__ import annotations

import re
from datetime import date

from api.application import Application
from chains.conversation import Ask
from core.types import Answer
from tests.conftest import KNOWLEDGE_BASE

QUESTIONS = 100


def _questions() -> list[str]:
    """Headings of the shipped documents that ask something, evenly over all of them."""
    headings = [
        line.lstrip("# ").strip()
        for path in sorted(KNOWLEDGE_BASE.rglob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("#") and line.endswith("?")
    ]
    return headings[:: len(headings) // QUESTIONS][:QUESTIONS]


def _answers(application: Application) -> list[Answer]:
    answers = []
    for question in _questions():
        turn, _ = application.conversations.accept("test", Ask(question, as_of=date(2026, 11, 20)))
        list(application.conversations.work(turn.id))
        reply = application.conversations.turn("test", turn.id).reply
        if isinstance(reply, Answer):
            answers.append(reply)
    return answers


def _words(text: str) -> set[str]:
    without_step_numbers = re.sub(r"^\s*\d+[.)] ", "", text, flags=re.MULTILINE)
    return set(re.findall(r"\w+", without_step_numbers))


def test_every_quote_of_a_hundred_answers_is_where_it_is_said_to_be(knowledgeable: Application) -> None:
    answers = _answers(knowledgeable)
    assert len(_questions()) == QUESTIONS
    assert len(answers) >= 0.9 * QUESTIONS  # each question is a heading that its own section answers
    for answer in answers:
        for citation in answer.citations:
            text = knowledgeable.store.get_version(citation.document_id, citation.version).canonical_text
            assert text[citation.start : citation.end] == citation.quote
        for sentence in answer.sentences:
            quotes = [citation.quote for citation in answer.citations if citation.id in sentence.citations]
            assert quotes
            assert _words(sentence.text) <= _words(" ".join(quotes))
