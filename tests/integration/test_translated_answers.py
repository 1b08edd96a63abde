"""Answers put into the asker's language, against a real server that speaks the OpenAI protocol and lies on request."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from chains.compose import ReplyComposer
from chains.events import Event, Settled, Verified
from chains.grounding import GroundedSentence, LocatedQuote
from chains.languages import wording
from chains.refusals import headings, refusal
from chains.translated import can_be_translated, in_askers_language
from chains.translator import Translator
from core.breaker import Breaker
from core.chat_model import build_chat_model
from core.settings import Settings
from core.types import Abstention, AbstentionReason, Answer, AnswerMode, Chunk, DocumentMeta, Passage
from tests.llm_server import LlmServer, Reply, llm_server

FIRST = "You can work up to 24 hours a week."
SECOND = "You must not work before the course begins."
TEXT = f"{FIRST} {SECOND}"
SPANS = ((0, len(FIRST)), (len(FIRST) + 1, len(TEXT)))
FRENCH = (
    "Vous pouvez travailler jusqu'à 24 heures par semaine.",
    "Vous ne devez pas travailler avant le début du cours.",
)
DENIAL_LOST = "Vous devez travailler avant le début du cours."
FIGURE_CHANGED = "Vous pouvez travailler jusqu'à 40 heures par semaine."
TOLD = ((1, FRENCH[0]), (2, FRENCH[1]))
BACK = ((1, FIRST), (2, SECOND))


def _passage(language: str = "en") -> Passage:
    chunk = Chunk("c", "d", "v", 0, TEXT, 0, len(TEXT), sentences=SPANS)
    return Passage(chunk, DocumentMeta("Work while you study", "CA", language), 1.0)


def _answer(mode: AnswerMode = AnswerMode.GENERATIVE) -> Iterator[Event]:
    composer = ReplyComposer([_passage()])
    for (start, end), text in zip(SPANS, (FIRST, SECOND), strict=True):
        yield composer.add(GroundedSentence(text, (LocatedQuote(0, start, end, text),)))
    yield Settled(composer.answer(mode=mode, confidence=0.9, today=date(2026, 11, 28)))


def _said(*numbered: tuple[int, str]) -> Reply:
    items = [{"index": number, "text": text} for number, text in numbered]
    return Reply(json.dumps({"translations": items}, ensure_ascii=False))


def _translator(server: LlmServer, *, breaker: Breaker | None = None, stall_s: float = 20.0) -> Translator:
    settings = Settings(
        _env_file=None, llm_model="openai:scripted", openai_api_key=SecretStr("k"), openai_base_url=server.url
    )  # type: ignore[call-arg]
    model = build_chat_model(settings)
    assert model is not None
    return Translator(model, breaker=breaker or Breaker(), timeout_s=60.0, stall_s=stall_s)


def _reply(translator: Translator, *, cancelled: Callable[[], bool] = lambda: False) -> tuple[Answer, list[Event]]:
    events = list(in_askers_language(_answer(), "fr", translator, cancelled=cancelled))
    assert isinstance(events[-1], Settled)
    assert isinstance(events[-1].reply, Answer)
    return events[-1].reply, events


def _shown(*replies: Reply) -> list[tuple[str, str | None]]:
    with llm_server(*replies) as server:
        reply, _ = _reply(_translator(server))
    return [(sentence.text, sentence.original) for sentence in reply.sentences]


ORIGINALS = [(FIRST, None), (SECOND, None)]


def test_verified_sentences_are_translated_and_keep_their_original_and_quote() -> None:
    with llm_server(_said(*TOLD), _said(*BACK)) as server:
        reply, events = _reply(_translator(server))
        asked = [json.dumps(request["messages"], ensure_ascii=False) for request in server.requests]
    assert [(one.text, one.original) for one in reply.sentences] == [(FRENCH[0], FIRST), (FRENCH[1], SECOND)]
    assert [citation.quote for citation in reply.citations] == [FIRST, SECOND]
    assert [event.sentence.text for event in events if isinstance(event, Verified)] == list(FRENCH)
    assert (reply.warnings[0].code, reply.warnings[0].text[:18]) == ("translated", "Ces phrases ont ét")
    assert FIRST in asked[0]
    assert FIRST not in asked[1]  # who translates back does not see what should come out


def test_what_the_first_check_sees_is_not_shown() -> None:
    lies = _said((1, FIGURE_CHANGED), (2, FRENCH[1]))
    assert _shown(lies, _said((1, SECOND))) == [(FIRST, None), (FRENCH[1], SECOND)]
    assert _shown(_said((1, FRENCH[0]), (2, DENIAL_LOST)), _said((1, FIRST))) == [(FRENCH[0], FIRST), (SECOND, None)]


@pytest.mark.parametrize(
    "back",
    ["You must work before the course begins.", "You can work before the course begins.",
     "You must not work before 30 days have passed.", "The weather is fine today."],
)  # fmt: skip
def test_what_comes_back_otherwise_is_not_shown(back: str) -> None:
    assert _shown(_said(*TOLD), _said((1, FIRST), (2, back))) == [(FRENCH[0], FIRST), (SECOND, None)]


def test_other_words_for_the_same_may_come_back() -> None:
    back = _said((1, "You may work up to 24 hours per week."), (2, "You must not work before the course starts."))
    assert _shown(_said(*TOLD), back) == [(FRENCH[0], FIRST), (FRENCH[1], SECOND)]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(_said(*TOLD).text[:-30]), Reply("Bien sûr !"), Reply("{}"), Reply("[1]"), Reply(status=500),
        Reply(status=401), Reply(_said(*TOLD).text, drop_after=3, reset=True),
        _said((1, FIRST), (2, SECOND)), _said((0, FRENCH[0]), (3, FRENCH[1])),
        _said((1, FRENCH[0]), (1, FRENCH[0])), _said((1, FRENCH[0] * 9)), _said((2, FRENCH[0]), (1, FRENCH[1])),
        _said((1, "Puede trabajar hasta 24 horas por semana.")),
    ],
)  # fmt: skip
def test_a_reply_that_cannot_be_used_leaves_the_originals(reply: Reply) -> None:
    assert _shown(reply, _said(*BACK)) == ORIGINALS


def test_without_a_way_back_nothing_is_shown_translated() -> None:
    assert _shown(_said(*TOLD), Reply("half {")) == ORIGINALS


def test_a_stalling_model_is_not_waited_for_and_opens_the_breaker() -> None:
    breaker = Breaker(failures=1)
    with llm_server(Reply(_said(*TOLD).text, stall_after=2)) as server:
        began = time.monotonic()
        reply, _ = _reply(_translator(server, breaker=breaker, stall_s=0.2))
        assert time.monotonic() - began < 15  # the server says nothing for 30
        _reply(_translator(server, breaker=breaker))
        assert len(server.requests) == 1
    assert [sentence.original for sentence in reply.sentences] == [None, None]
    assert breaker.is_open


def test_an_approved_answer_stays_word_for_word() -> None:
    with llm_server(_said(*TOLD)) as server:
        events = in_askers_language(_answer(AnswerMode.APPROVED), "fr", _translator(server), cancelled=lambda: False)
        shown = [event.sentence.text for event in events if isinstance(event, Verified)]
        assert (shown, server.requests) == ([FIRST, SECOND], [])


def test_whoever_went_away_is_told_nothing_more() -> None:
    with llm_server(_said(*TOLD)) as server:
        events = list(
            in_askers_language(_answer(), "fr", _translator(server), cancelled=lambda: True)
        )  # fmt: skip
        assert server.requests == []
    assert not any(isinstance(event, Verified | Settled) for event in events)


def test_a_sentence_of_another_language_beside_english_ones_is_left_as_it_is() -> None:
    composer = ReplyComposer([_passage("es")])
    sentence = composer.add(GroundedSentence(FIRST, (LocatedQuote(0, *SPANS[0], FIRST),)))
    settled = Settled(composer.answer(mode=AnswerMode.GENERATIVE, confidence=0.9, today=date(2026, 11, 28)))
    with llm_server(_said(*TOLD)) as server:
        *_, last = in_askers_language(iter([sentence, settled]), "fr", _translator(server), cancelled=lambda: False)
        assert (last, server.requests) == (settled, [])


def test_only_english_is_translated_since_only_english_can_be_checked() -> None:
    assert can_be_translated([_passage()], "fr")
    assert not can_be_translated([_passage()], "en")
    assert not can_be_translated([_passage()], "pl")
    assert not can_be_translated([_passage("es")], "fr")


QUESTIONS = ("Can I work before 30 days have passed?", "How do I extend my visa in Canada?", "What does it cost?")
ASKED = (
    "Puis-je travailler avant 30 jours ?",
    "Comment prolonger mon visa au Canada ?",
    "Combien est-ce que cela coûte ?",
)


def _refused(*replies: Reply, reason: AbstentionReason = AbstentionReason.NOT_COVERED) -> Abstention:
    refused = refusal(reason, covered=["CA"], language="fr")
    with llm_server(*replies) as server:
        *_, last = in_askers_language(
            iter([Settled(refused)]), "fr", _translator(server), questions=lambda: QUESTIONS, cancelled=lambda: False
        )
    assert isinstance(last, Settled)
    assert isinstance(last.reply, Abstention)
    return last.reply


def test_a_refusal_offers_english_questions_in_the_askers_words() -> None:
    reply = _refused(_said(*enumerate(ASKED, 1)))
    assert (reply.suggestions, reply.originals) == (ASKED, QUESTIONS)
    assert reply.text == wording("fr").phrases["not_sure"]
    assert headings(reply)["title"] == wording("fr").titles["not_sure"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Puis-je travailler avant 90 jours ?", ASKED[1:]),
        ("Vous pouvez travailler avant 30 jours.", ASKED[1:]),
        (QUESTIONS[0], ASKED[1:]),
        ("¿Puedo trabajar antes de 30 días de estancia?", ASKED[1:]),
    ],
)
def test_what_is_no_question_of_theirs_or_asks_otherwise_is_not_offered(said: str, left: tuple[str, ...]) -> None:
    assert _refused(_said((1, said), (2, ASKED[1]), (3, ASKED[2]))).suggestions == left


def test_of_two_that_are_translated_alike_the_nearer_is_offered() -> None:
    reply = _refused(_said((1, ASKED[0]), (2, ASKED[1]), (3, ASKED[1])))
    assert reply.originals == QUESTIONS[:2]


def test_a_question_of_another_country_is_not_offered() -> None:
    said = _said((1, ASKED[0]), (2, "Comment prolonger mon visa en Allemagne ?"), (3, ASKED[2]))
    assert _refused(said).originals == (QUESTIONS[0], QUESTIONS[2])


@pytest.mark.parametrize("reply", [Reply("half {"), Reply(status=500), _said(), _said((1, "Non."))])
def test_without_translations_a_refusal_is_as_it_was(reply: Reply) -> None:
    assert _refused(reply) == refusal(AbstentionReason.NOT_COVERED, covered=["CA"], language="fr")


def test_who_is_refused_for_what_they_ask_is_offered_nothing() -> None:
    refused = _refused(_said(*enumerate(ASKED, 1)), reason=AbstentionReason.PREDICTION)
    assert refused.suggestions == ()
