"""Every quote stands where its citation says, in the text that `assistant documents show` prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from api.application import Application
from chains.stored import Ask
from core.types import Abstention, Answer, Citation, Reply
from tests.conftest import KNOWLEDGE_BASE

QUESTIONS = 100
BARELY_ANSWERED = (
    "can my employer in sydney cancel my 482",
    "Integrationskurs right or obligation Germany",
    "points needed for chancenkarte",
    "max years on h1b",
)
"""Refused, each surely enough for the nearest section to be shown."""


def _questions() -> list[str]:
    """Headings of the shipped documents that ask something, evenly over all of them."""
    headings = [
        line.lstrip("# ").strip()
        for path in sorted(KNOWLEDGE_BASE.rglob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("#") and line.endswith("?")
    ]
    return headings[:: len(headings) // QUESTIONS][:QUESTIONS]


def _replies(application: Application, questions: Iterable[str]) -> Iterator[Reply | None]:
    for question in questions:
        turn, _ = application.conversations.accept("test", Ask(question, as_of=date(2026, 11, 20)))
        list(application.conversations.work(turn.id))
        yield application.conversations.turn("test", turn.id).reply


def _stands(application: Application, citation: Citation) -> bool:
    text = application.store.get_version(citation.document_id, citation.version).canonical_text
    return text[citation.start : citation.end] == citation.quote


def _words(text: str) -> set[str]:
    without_step_numbers = re.sub(r"^\s*\d+[.)] ", "", text, flags=re.MULTILINE)
    return set(re.findall(r"\w+", without_step_numbers))


def test_every_quote_of_a_hundred_answers_is_where_it_is_said_to_be(knowledgeable: Application) -> None:
    answers = [reply for reply in _replies(knowledgeable, _questions()) if isinstance(reply, Answer)]
    assert len(_questions()) == QUESTIONS
    assert len(answers) >= 0.9 * QUESTIONS  # each question is a heading that its own section answers
    for answer in answers:
        assert all(_stands(knowledgeable, citation) for citation in answer.citations)
        for sentence in answer.sentences:
            quotes = [citation.quote for citation in answer.citations if citation.id in sentence.citations]
            assert quotes
            assert _words(sentence.text) <= _words(" ".join(quotes))


def test_what_a_refusal_shows_stands_where_it_says_under_the_question_it_offers(knowledgeable: Application) -> None:
    refusals = [reply for reply in _replies(knowledgeable, BARELY_ANSWERED) if isinstance(reply, Abstention)]
    shown = [(reply.suggestions[0], reply.nearest) for reply in refusals if reply.nearest is not None]
    assert len(shown) >= 0.5 * len(BARELY_ANSWERED)
    for question, nearest in shown:
        assert _stands(knowledgeable, nearest)
        assert nearest.section[-1] == question
