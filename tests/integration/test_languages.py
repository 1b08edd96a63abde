"""The shipped documents in twelve languages, found by questions in them and answered with their own sentences."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.application import Application
from chains.languages import asked_in, readable
from chains.languages_confidence import confidence_by_words
from chains.prompts import rewriting_prompt, writing_prompt
from core.types import Abstention, AbstentionReason, Answer, Exchange, Passage, Question
from retrieval.english import EnglishWords
from retrieval.query import Query

CASES = Path(__file__).parents[2] / "evals" / "cases"
KNOWLEDGE_BASE = CASES.parents[1] / "knowledge_base"
LANGUAGES = ("ar", "de", "es", "fa", "fr", "hi", "pt", "ru", "tr", "uk", "vi", "zh")
TODAY = date(2026, 11, 21)


def _cases(language: str) -> list[dict[str, Any]]:
    lines = (CASES / f"language-{language}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _found(application: Application, question: str, language: str) -> list[Passage]:
    return readable(application.retriever.search(Query(question, as_of=TODAY, k=24)), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_finds_the_document_of_its_language(knowledgeable: Application, language: str) -> None:
    asked = [case for case in _cases(language) if "sections" in case["expect"]]
    right = 0
    for case in asked:
        best = next(iter(_found(knowledgeable, case["question"], language)))
        assert best.chunk.document_id.endswith(case["expect"]["documents"][0])
        right += case["expect"]["sections"][0].partition("#")[2] in (best.chunk.question, *best.chunk.section)
    assert right >= len(asked) - 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("eta canada validity", "en"),
        ("visitor visa canada extension", "en"),
        ("change employer 482", "en"),
        ("what's minimum income uk spouse visa", "en"),
        ("visa permanente canada", "es"),
        ("visa de estudiante canadá", "es"),
        ("permis de travail canada", "fr"),
        ("Aufenthaltserlaubnis verlängern", "de"),
        ("Niederlassungserlaubnis", "de"),  # English documents hold it as a name
    ],
)
def test_a_few_words_are_english_where_the_english_documents_hold_them(
    knowledgeable: Application, text: str, language: str
) -> None:
    words = EnglishWords(knowledgeable.store)
    assert asked_in(Question(text, as_of=TODAY), is_english=words.make_up) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_tell_what_is_there_from_what_is_not(knowledgeable: Application, language: str) -> None:
    sure = {
        case["slices"][1]: confidence_by_words(
            case["question"], _found(knowledgeable, case["question"], language), language
        ).sure
        for case in _cases(language)
    }
    assert sure["figure"] > max(sure["absent"], sure["off_topic"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_suggested_is_answered_as_it_stands(knowledgeable: Application, language: str) -> None:
    path = f"general/first-steps.{language}.md"
    headings = re.findall(r"^## (.+)$", (KNOWLEDGE_BASE / path).read_text("utf-8"), re.MULTILINE)
    assert len(headings) == 16
    for heading in headings:
        reply = knowledgeable.chain.invoke(Question(heading, as_of=TODAY))
        assert isinstance(reply, Answer), heading
        assert {heading} == {*reply.citations[0].section[-1:]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_is_not_recognised_is_offered_those_that_are(knowledgeable: Application, language: str) -> None:
    cases = [json.loads(line) for line in (CASES / "languages-near.jsonl").read_text("utf-8").splitlines()]
    asked = [case for case in cases if case["language"] == language and "sections" in case["expect"]]
    met = 0
    for case in asked:
        reply = knowledgeable.chain.invoke(Question(case["question"], as_of=TODAY))
        heading = case["expect"]["sections"][0].partition("#")[2]
        said = reply.suggestions if isinstance(reply, Abstention) else reply.citations[0].section
        met += heading in said
    assert met >= len(asked) - 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_case_prediction_and_unlawful_are_refused_in_the_askers_words(
    knowledgeable: Application, language: str
) -> None:
    for case in _cases(language):
        reason = case["expect"].get("refusal")
        if reason in ("own_case", "prediction", "unlawful"):
            reply = knowledgeable.chain.invoke(Question(case["question"], as_of=TODAY))
            assert isinstance(reply, Abstention)
            assert reply.reason is AbstentionReason(reason)


def test_a_prompt_names_the_language_to_search_in_and_writes_in_that_of_the_passages() -> None:
    asked = Question("¿Y para mi esposa?", as_of=TODAY, history=(Exchange("¿Puedo trabajar en Canadá?", "Sí."),))
    assert "Spanish" not in str(writing_prompt(asked, [])[1].content)
    assert "in the language of the passage it quotes" in str(writing_prompt(asked, [])[0].content)
    assert "Write it in English" in str(rewriting_prompt(asked, into="en")[0].content)
    assert "Keep its language." in str(rewriting_prompt(asked)[0].content)
