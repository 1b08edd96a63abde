"""The whole application with a language model: a real server that speaks the protocol, and does what it should not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import copied, make_settings, served
from tests.llm_server import LlmServer, Reply, llm_server, sentences

QUESTION = "My aunt comes to the United Kingdom as a Standard Visitor: how long may each visit last?"
"""Not the question of any pair in the documents, whose answer would be given without the model."""
QUOTE = "A Standard Visitor can usually stay in the United Kingdom for up to six months on each visit."
SHORTER = "A Standard Visitor can usually stay in the United Kingdom for up to 6 months on each visit."
GOOD = sentences((SHORTER, [(1, QUOTE)]))
UNSURE = "visa for germany was rejected, is the cash in my sperrkonto lost"
"""Its passages hold the answer, and without a model are not sure enough to."""
DEPOSIT = "If your German visa is refused, you can close the blocked account and get the deposit back."


@pytest.fixture(scope="module")
def model() -> Iterator[LlmServer]:
    with llm_server(Reply(GOOD)) as server:
        yield server


@pytest.fixture(scope="module")
def address(indexed: Path, model: LlmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = make_settings(
        copied(indexed, tmp_path_factory.mktemp("generative")), llm_model="openai:scripted", openai_api_key="x",
        openai_base_url=model.url, llm_timeout_s=30, llm_stall_s=3,
    )  # fmt: skip
    with served(settings) as address:
        yield address


def _ask(address: str, model: LlmServer, *replies: Reply, question: str = QUESTION) -> dict[str, Any]:
    model.replies[:] = replies
    reply: dict[str, Any] = httpx.post(f"{address}/chat", json={"question": question}, timeout=60).json()
    return reply


def _codes(reply: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in reply["warnings"]]


def test_the_model_writes_and_the_quote_is_the_documents(address: str, model: LlmServer) -> None:
    reply = _ask(address, model, Reply(GOOD))
    assert (reply["mode"], reply["answer"]) == ("generative", SHORTER)
    assert reply["citations"][0]["quote"] == QUOTE


def test_a_lie_is_replaced_by_the_sources_own_sentence(address: str, model: LlmServer) -> None:
    lie = "A Standard Visitor can usually stay in the United Kingdom for up to nine months on each visit."
    reply = _ask(address, model, Reply(sentences((lie, [(1, QUOTE)]))))
    assert reply["answer"] == QUOTE
    assert "sentences_replaced" in _codes(reply)


def test_an_invented_quote_leaves_nothing_of_the_sentence(address: str, model: LlmServer) -> None:
    lie = "Every visitor may stay in the United Kingdom for ten years."
    reply = _ask(address, model, Reply(sentences((lie, [(1, lie)]))))
    assert lie not in reply["answer"]
    assert reply["mode"] == "extractive"


def test_the_model_may_say_that_the_passages_do_not_answer(address: str, model: LlmServer) -> None:
    reply = _ask(address, model, Reply(sentences(unanswerable=True)))
    assert (reply["abstained"], reply["reason"]) == (True, "not_covered")


def test_a_model_reads_what_is_not_sure_enough_without_one(address: str, model: LlmServer) -> None:
    reply = _ask(address, model, Reply(sentences((DEPOSIT, [(1, DEPOSIT)]))), question=UNSURE)
    assert (reply["mode"], reply["answer"]) == ("generative", DEPOSIT)
    assert reply["confidence"] > 0.9


def test_what_a_model_finds_no_answer_in_is_refused_and_not_shown(address: str, model: LlmServer) -> None:
    reply = _ask(address, model, Reply(sentences(unanswerable=True)), question=UNSURE)
    assert (reply["reason"], reply["nearest"]) == ("not_covered", None)
    assert reply["confidence"] < 0.1
    assert reply["suggestions"]


FEE = "No, the fee for a German visa is normally not paid back after a refusal."


@pytest.mark.parametrize("unanswerable", [True, False])
def test_a_model_that_tells_that_the_documents_are_silent_gives_no_answer(
    address: str, model: LlmServer, unanswerable: bool
) -> None:
    silent = "The documents do not say whether the money in your blocked account is lost."
    reply = _ask(
        address, model, Reply(sentences((silent, [(1, FEE)]), unanswerable=unanswerable)), question=UNSURE
    )  # fmt: skip
    assert (reply["reason"], reply["nearest"]) == ("not_covered", None)


def test_an_answer_that_broke_off_is_not_given_where_only_a_model_could(address: str, model: LlmServer) -> None:
    cut = sentences((DEPOSIT, [(1, DEPOSIT)]), (DEPOSIT, [(1, DEPOSIT)]))[:-60]
    reply = _ask(address, model, Reply(cut), question=UNSURE)
    assert (reply["reason"], _codes(reply)[-1]) == ("not_covered", "model_unavailable")


def test_an_answer_that_broke_off_is_no_surer_for_it(address: str, model: LlmServer) -> None:
    whole = _ask(address, model, Reply(sentences((SHORTER, [(1, QUOTE)]), (QUOTE, [(1, QUOTE)]))))
    cut = _ask(address, model, Reply(sentences((SHORTER, [(1, QUOTE)]), (QUOTE, [(1, QUOTE)]))[:-60]))
    assert cut["answer"] == SHORTER
    assert "model_unavailable" in _codes(cut)
    assert cut["confidence"] < whole["confidence"]


def test_what_follows_the_documents_silence_is_no_answer(address: str, model: LlmServer) -> None:
    silent = "The passages do not contain information on the money in your blocked account."
    reply = _ask(address, model, Reply(sentences((silent, [(1, FEE)]), (FEE, [(1, FEE)]))), question=UNSURE)
    assert (reply["abstained"], reply["reason"]) == (True, "not_covered")


def test_where_countries_compete_nobody_reads_and_the_country_is_asked_for(address: str, model: LlmServer) -> None:
    before = len(model.requests)
    reply = _ask(address, model, Reply(GOOD), question="Do I need to renew my medical exam?")
    assert (reply["reason"], len(model.requests)) == ("unclear", before)


@pytest.mark.parametrize(
    "reply",
    [Reply(sentences(("You lose it all.", [(1, "You lose it all.")]))), Reply("this is no JSON at all")],
    ids=["invented", "garbage"],
)
def test_what_only_a_model_could_answer_is_refused_without_its_answer(
    address: str, model: LlmServer, reply: Reply
) -> None:
    refused = _ask(address, model, reply, question=UNSURE)
    assert (refused["abstained"], refused["reason"]) == (True, "not_covered")
    assert DEPOSIT in refused["nearest"]["quote"]
    assert ("model_unavailable" in _codes(refused)) == ("sentences" not in reply.text)


def test_who_asks_a_price_is_told_where_it_stands_when_the_model_finds_none(address: str, model: LlmServer) -> None:
    asked = "How much does a study permit for Canada cost?"
    reply = _ask(address, model, Reply(sentences(unanswerable=True)), question=asked)
    assert (reply["abstained"], reply["mode"]) == (False, "extractive")
    assert "official fee list" in reply["answer"]


def test_who_was_translated_and_is_refused_is_not_sent_to_other_languages(address: str, model: LlmServer) -> None:
    translated = "Can I bring my dog on a visit to the United Kingdom?"
    asked = "Puis-je emmener mon chien en visite au Royaume-Uni ?"
    instead = "Que puis-je faire en visite au Royaume-Uni ?"
    offer = json.dumps({"translations": [{"index": 1, "text": instead}]})
    refused = _ask(address, model, Reply(translated), Reply(offer), question=asked)
    assert (refused["abstained"], refused["reason"]) == (True, "not_covered")
    assert refused["suggestions"] == [instead]
    assert "anglais" not in " ".join(refused["next_steps"])
    unread = _ask(address, model, Reply(status=400), question=asked)
    assert "anglais" in unread["next_steps"][0]


def test_so_is_who_asks_it_in_another_language(address: str, model: LlmServer) -> None:
    translated, none = "How much does a study permit for Canada cost?", sentences(unanswerable=True)
    asked = "Combien coûte un permis d'études pour le Canada ?"
    told = "Dans la plupart des cas, vous payez les frais d'immigration du Canada en ligne avec une carte bancaire."
    back = "In most cases you pay Canadian immigration fees online with a bank card."
    there, here = (json.dumps({"translations": [{"index": at, "text": text}]}) for at, text in ((2, told), (1, back)))
    reply = _ask(address, model, *(Reply(text) for text in (translated, none, there, here)), question=asked)
    assert (reply["abstained"], reply["mode"]) == (False, "extractive")
    assert "official fee list" in reply["sentences"][0]["text"]
    assert reply["sentences"][1]["text"] == told
    assert "page officielle" in " ".join(reply["next_steps"])


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply("this is no JSON at all"),
        Reply(GOOD[:20], drop_after=1),
        Reply(GOOD, stall_after=1, stall_s=60),
        Reply(GOOD, drop_after=1, reset=True),
    ],
    ids=["500", "garbage", "half JSON", "stall", "reset"],
)
def test_a_failing_model_gives_way_to_the_documents_sentences(address: str, model: LlmServer, reply: Reply) -> None:
    began = time.monotonic()
    answered = _ask(address, model, reply)
    assert time.monotonic() - began < 40  # the one that stalls says nothing for 60
    assert answered["mode"] == "extractive"
    assert "model_unavailable" in _codes(answered)
    assert "six months" in answered["answer"]


def test_a_model_that_is_down_is_left_alone_and_the_answer_comes_at_once(address: str, model: LlmServer) -> None:
    for _ in range(3):
        _ask(address, model, Reply(status=503))
    asked = len(model.requests)
    reply = _ask(address, model, Reply(GOOD))
    assert len(model.requests) == asked
    assert "model_unavailable" in _codes(reply)
    # What only it could have answered, or read at all, is refused with that said, in the asker's language.
    refused = _ask(address, model, Reply(GOOD), question=UNSURE)
    assert (refused["abstained"], _codes(refused)[-1]) == (True, "model_unavailable")
    asked_in_french = "Combien de temps un visiteur peut-il rester au Royaume-Uni ?"
    refused = _ask(address, model, Reply(GOOD), question=asked_in_french)
    assert refused["abstained"]
    (caution,) = [one for one in refused["warnings"] if one["code"] == "model_unavailable"]
    assert "modèle de langage" in caution["text"]
    beside = _ask(address, model, Reply(GOOD), question="What is the best recipe for apple pie?")
    assert "model_unavailable" not in _codes(beside)
    assert len(model.requests) == asked
