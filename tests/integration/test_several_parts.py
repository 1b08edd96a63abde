"""Messages that ask several things: against the shipped knowledge base and the real encoder."""

from __future__ import annotations

from datetime import date

from api.application import Application
from core.types import Answer, CautionCode, Question, Reply


def _reply(application: Application, text: str) -> Reply:
    return application.chain.invoke(Question(text, as_of=date(2026, 11, 28)))


def test_each_part_is_answered_from_its_own_document(knowledgeable: Application) -> None:
    reply = _reply(
        knowledgeable,
        "How long can my mother stay on a super visa in Canada and how long may my parents stay on a subclass 870 visa"
        " in Australia?",
    )
    assert isinstance(reply, Answer)
    assert {citation.jurisdiction for citation in reply.citations} == {"CA", "AU"}
    assert "five years" in reply.text
    assert "three or five years" in reply.text
    assert all(sentence.citations for sentence in reply.sentences)


def test_a_part_that_is_not_answered_is_named(knowledgeable: Application) -> None:
    reply = _reply(
        knowledgeable,
        "How many hours can I work as a student in Canada and how much is a dormitory in Toronto?",
    )
    assert isinstance(reply, Answer)
    [caution] = [one for one in reply.warnings if one.code is CautionCode.PART_UNANSWERED]
    assert "dormitory in Toronto" in caution.text


def test_where_no_part_is_answered_nothing_is(knowledgeable: Application) -> None:
    assert not isinstance(_reply(knowledgeable, "How do I bake bread and how long does it take to rise?"), Answer)
