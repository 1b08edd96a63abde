from datetime import date

import pytest

from chains.abstain import confidence, refuse_passages, refuse_question
from chains.contextualise import contextualise
from core.types import Abstention, AbstentionReason, Question
from tests.unit.chains.conftest import MakePassage

COVERED = ("CA", "US", "GB")


def _refusal(text: str) -> Abstention | None:
    return refuse_question(contextualise(Question(text, as_of=date(2026, 11, 20))), COVERED)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What is the status of my application?", AbstentionReason.OWN_CASE),
        ("Where is my passport, they have it since May", AbstentionReason.OWN_CASE),
        ("Will my visa be approved?", AbstentionReason.PREDICTION),
        ("What are my chances of getting the green card", AbstentionReason.PREDICTION),
        ("Where can I buy fake bank statements for the visa", AbstentionReason.UNLAWFUL),
        ("Can I marry someone just for the papers", AbstentionReason.UNLAWFUL),
        ("How do I move to Japan?", AbstentionReason.OTHER_COUNTRY),
    ],
)
def test_refuses_for_what_is_asked(text: str, reason: AbstentionReason) -> None:
    refused = _refusal(text)
    assert refused is not None
    assert refused.reason is reason
    assert refused.next_steps


@pytest.mark.parametrize(
    "text",
    [
        "How can I immigrate to Canada?",
        "I am from Japan, how do I move to Canada?",
        "My application was refused, what can I do now?",
        "What happens if I give false documents?",
        "Can a refused visa be appealed?",
        "How long does it take until a work permit is approved?",
    ],
)
def test_does_not_refuse_a_question_about_the_rules(text: str) -> None:
    assert _refusal(text) is None


def test_a_country_is_covered_by_the_documents_of_its_area() -> None:
    search = contextualise(Question("How do I get a visa for France?", as_of=date(2026, 11, 20)))
    assert refuse_question(search, (*COVERED, "SCHENGEN")) is None
    assert refuse_question(search, COVERED) is not None


def test_another_country_is_named_and_the_covered_ones_are_listed() -> None:
    refused = _refusal("visa for Japan")
    assert refused is not None
    assert "Japan" in refused.text
    assert "Canada, the United States and the United Kingdom" in " ".join(refused.next_steps)


def test_confidence_grows_with_each_sign_of_an_answer(make_passage: MakePassage) -> None:
    weak = confidence([make_passage("A.", dense=0.2, coverage=0.2)])
    nearer = confidence([make_passage("A.", dense=0.7, coverage=0.2)])
    assert 0 <= weak < nearer < confidence([make_passage("A.", dense=0.7, coverage=1.0)]) <= 1
    assert confidence([]) == 0


def test_refuses_what_the_passages_do_not_carry(make_passage: MakePassage) -> None:
    search = contextualise(Question("Best pizza in town?", as_of=date(2026, 11, 20)))
    off_topic = refuse_passages(search, [make_passage("A.", dense=0.1, coverage=0.0)], COVERED, chosen_country=False)
    absent = refuse_passages(search, [make_passage("A.", dense=0.4, coverage=0.1)], COVERED, chosen_country=False)
    assert off_topic is not None
    assert off_topic.reason is AbstentionReason.OUT_OF_SCOPE
    assert absent is not None
    assert absent.reason is AbstentionReason.NOT_COVERED


def test_asks_back_when_two_countries_answer_equally_well(make_passage: MakePassage) -> None:
    search = contextualise(Question("How long can a visitor stay?", as_of=date(2026, 11, 20)))
    passages = [make_passage("A.", title="a"), make_passage("B.", title="b", jurisdiction="GB", score=0.99)]
    refused = refuse_passages(search, passages, COVERED, chosen_country=False)
    assert refused is not None
    assert "Canada or the United Kingdom" in refused.text
    assert refuse_passages(search, passages, COVERED, chosen_country=True) is None


def test_documents_that_name_no_country_are_answered_from(make_passage: MakePassage) -> None:
    search = contextualise(Question("How do I move to Canada?", as_of=date(2026, 11, 20)))
    assert refuse_question(search, ()) is None
    passages = [make_passage("You can move to Canada.", jurisdiction="ZZ", dense=0.9)]
    assert refuse_passages(search, passages, (), chosen_country=True) is None


def test_says_that_there_are_no_documents() -> None:
    search = contextualise(Question("How?", as_of=date(2026, 11, 20)))
    refused = refuse_passages(search, [], (), chosen_country=False)
    assert refused is not None
    assert refused.reason is AbstentionReason.NO_DOCUMENTS


def test_offers_every_country_that_has_a_fair_answer(make_passage: MakePassage) -> None:
    search = contextualise(Question("My visa was refused, what can I do?", as_of=date(2026, 11, 20)))
    scores = {"GB": 1.0, "US": 0.9, "CA": 0.7}
    passages = [make_passage("A.", title=code, jurisdiction=code, score=score) for code, score in scores.items()]
    refused = refuse_passages(search, passages, COVERED, chosen_country=False)
    assert refused is not None
    assert "Canada, the United States or the United Kingdom" in refused.text


def test_answers_where_one_country_stands_out(make_passage: MakePassage) -> None:
    search = contextualise(Question("What is the CRS?", as_of=date(2026, 11, 20)))
    passages = [make_passage("A.", title="a"), make_passage("B.", title="b", jurisdiction="GB", score=0.6)]
    assert refuse_passages(search, passages, COVERED, chosen_country=False) is None


@pytest.mark.parametrize("text", ["如何移民到这个国家？", "¿Puedo trabajar mientras estudio?"])
def test_asks_for_english_where_the_documents_are_english(make_passage: MakePassage, text: str) -> None:
    search = contextualise(Question(text, as_of=date(2026, 11, 20)))
    refused = refuse_passages(search, [make_passage("A.", dense=0.1, coverage=0)], COVERED, chosen_country=False)
    assert refused is not None
    assert "in English" in refused.next_steps[0]
