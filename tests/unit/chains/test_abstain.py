from datetime import date

import pytest

from chains.abstain import refuse_passages, refuse_question, rival_kinds
from chains.confidence import Confidence, confidence, shipped_model
from chains.contextualise import Search, contextualise
from chains.evidence import Collected
from chains.languages import SPOKEN
from chains.refusals import refusal
from core.types import GENERAL_JURISDICTION, Abstention, AbstentionReason, Passage, Question
from tests.unit.chains.conftest import MakePassage

COVERED = ("CA", "US", "GB")
SURE = Confidence(sure=1.0, topical=1.0)


def _search(text: str) -> Search:
    return contextualise(Question(text, as_of=date(2026, 11, 20)))


def _refusal(text: str) -> Abstention | None:
    return refuse_question(_search(text), COVERED)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What is the status of my application?", AbstentionReason.OWN_CASE),
        ("Will my visa be approved?", AbstentionReason.PREDICTION),
        ("Can I marry someone just for the papers", AbstentionReason.UNLAWFUL),
        ("How do I move to Japan?", AbstentionReason.OTHER_COUNTRY),
    ],
)
def test_refuses_for_what_is_asked(text: str, reason: AbstentionReason) -> None:
    refused = _refusal(text)
    assert refused is not None
    assert refused.reason is reason
    assert refused.next_steps


@pytest.mark.parametrize("text", ["How can I immigrate to Canada?", "I am from Japan, how do I move to Canada?"])
def test_does_not_refuse_a_question_about_the_rules(text: str) -> None:
    assert _refusal(text) is None


def test_a_country_is_covered_by_the_documents_of_its_area() -> None:
    search = _search("How do I get a visa for France?")
    assert refuse_question(search, (*COVERED, "SCHENGEN")) is None
    assert refuse_question(search, COVERED) is not None


def test_another_country_is_named_and_the_covered_ones_are_listed() -> None:
    refused = _refusal("visa for Japan")
    assert refused is not None
    assert "Japan" in refused.text
    assert "Canada, the United States and the United Kingdom" in " ".join(refused.next_steps)


def test_refuses_what_the_passages_do_not_carry(make_passage: MakePassage) -> None:
    below = shipped_model().answer_from - 0.01
    passages = [make_passage("A.")]
    off_topic = refuse_passages(passages, COVERED, Confidence(below, topical=0.1), chosen_country=False)
    absent = refuse_passages(passages, COVERED, Confidence(below, topical=0.9), chosen_country=False)
    assert off_topic is not None
    assert off_topic.reason is AbstentionReason.OUT_OF_SCOPE
    assert absent is not None
    assert absent.reason is AbstentionReason.NOT_COVERED
    assert refuse_passages(passages, COVERED, Confidence(below + 0.02, topical=0.9), chosen_country=True) is None


def test_a_country_without_documents_is_named_where_nothing_was_found(make_passage: MakePassage) -> None:
    weak = Confidence(0.0, topical=1.0)
    refused = refuse_passages([make_passage("A.")], COVERED, weak, chosen_country=False, missing="TR")
    assert refused is not None
    assert (refused.reason, "Türkiye" in refused.text) == (AbstentionReason.OTHER_COUNTRY, True)


@pytest.mark.parametrize(
    ("text", "jurisdiction", "refused"),
    [
        ("You may hold two citizenships.", "GB", True),
        ("You may hold two citizenships. India does not allow it.", "GB", False),
        ("Ask the other country.", GENERAL_JURISDICTION, False),
    ],
)
def test_a_country_without_documents_is_not_answered_with_the_rules_of_another(
    make_passage: MakePassage, text: str, jurisdiction: str, refused: bool
) -> None:
    sure = Confidence(0.99, topical=1.0)
    found = refuse_passages(
        [make_passage(text, jurisdiction=jurisdiction)], COVERED, sure, chosen_country=True, missing="IN"
    )
    assert (found is not None and found.reason is AbstentionReason.OTHER_COUNTRY) is refused


def test_every_refusal_offers_a_next_step(make_passage: MakePassage) -> None:
    weak = Confidence(0.0, topical=1.0)
    for refused in (
        refuse_passages([make_passage("A.")], COVERED, weak, chosen_country=True),
        refuse_passages([], (), weak, chosen_country=True),
        _refusal("Will my visa be approved?"),
    ):
        assert refused is not None
        assert refused.next_steps


def test_asks_back_when_two_countries_answer_equally_well(make_passage: MakePassage) -> None:
    passages = [make_passage("A.", title="a"), make_passage("B.", title="b", jurisdiction="GB", score=0.99)]
    refused = refuse_passages(passages, COVERED, SURE, chosen_country=False)
    assert refused is not None
    assert "Canada or the United Kingdom" in refused.text
    assert refuse_passages(passages, COVERED, SURE, chosen_country=True) is None


def test_offers_every_country_that_has_a_fair_answer(make_passage: MakePassage) -> None:
    scores = {"GB": 1.0, "US": 0.9, "CA": 0.7}
    passages = [make_passage("A.", title=code, jurisdiction=code, score=score) for code, score in scores.items()]
    refused = refuse_passages(passages, COVERED, SURE, chosen_country=False)
    assert refused is not None
    assert "Canada, the United States or the United Kingdom" in refused.text


def test_answers_where_one_country_stands_out(make_passage: MakePassage) -> None:
    passages = [make_passage("A.", title="a"), make_passage("B.", title="b", jurisdiction="GB", score=0.6)]
    assert refuse_passages(passages, COVERED, SURE, chosen_country=False) is None


def test_documents_that_name_no_country_are_answered_from(make_passage: MakePassage) -> None:
    assert refuse_question(_search("How do I move to Canada?"), ()) is None
    passages = [make_passage("You can move to Canada.", jurisdiction="ZZ", dense=0.9)]
    assert refuse_passages(passages, (), SURE, chosen_country=True) is None


def test_says_that_there_are_no_documents() -> None:
    refused = refuse_passages([], (), Confidence(0.0, topical=0.0), chosen_country=False)
    assert refused is not None
    assert refused.reason is AbstentionReason.NO_DOCUMENTS


def _sure(text: str, passages: list[Passage]) -> float:
    return confidence(_search(text), passages, Collected({}, 1000)).sure


def test_confidence_grows_with_each_sign_of_an_answer(make_passage: MakePassage) -> None:
    asked = "How long may a visitor stay in Canada?"
    far = _sure(asked, [make_passage("Study permits are issued abroad.", dense=0.3)])
    near = _sure(asked, [make_passage("Study permits are issued abroad.", dense=0.7)])
    held = _sure(asked, [make_passage("A visitor may stay in Canada for six months.", dense=0.7)])
    assert 0 <= far < near < held <= 1
    assert _sure(asked, []) == 0


def test_the_name_of_a_country_alone_does_not_make_it_doubt(make_passage: MakePassage) -> None:
    passages = [make_passage("You may stay for 90 days in any 180 days.", jurisdiction="SCHENGEN", dense=0.6)]
    named = _sure("How many days may I stay in Italy?", passages)
    assert named >= _sure("How many days may I stay?", passages) - 0.05


def test_asks_which_kind_of_permit_is_meant_where_their_pages_are_about_equally_good(make_passage: MakePassage) -> None:
    passages = [
        make_passage("Apply before it ends.", title="Study permit in Canada", score=0.9),
        make_passage("Apply before it ends.", title="Work permits in Canada", score=0.85),
        make_passage("You pay on arrival.", title="Visitor visa for Canada", score=0.3),
    ]
    kinds = rival_kinds(_search("How do I extend my permit in Canada?"), passages)
    assert kinds == {"study": "study permit", "work": "work permit"}
    assert rival_kinds(_search("How do I extend my work permit in Canada?"), passages) == {}
    refused = refuse_passages(passages, COVERED, SURE, chosen_country=True, kinds=tuple(kinds.values()))
    assert refused is not None
    assert refused.reason is AbstentionReason.UNCLEAR
    assert refused.text.endswith("Which one do you mean: study permit or work permit?")


def test_does_not_ask_back_where_a_page_about_all_of_them_is_better(make_passage: MakePassage) -> None:
    passages = [
        make_passage("The fee is on the list.", title="Fees", score=1.0),
        make_passage("Pay the fee.", title="Study permit in Canada", score=0.7),
        make_passage("Pay the fee.", title="Work permits in Canada", score=0.7),
    ]
    assert rival_kinds(_search("What is the fee for a permit in Canada?"), passages) == {}


@pytest.mark.parametrize("language", SPOKEN)
def test_asks_for_the_kind_in_every_language_that_is_spoken(language: str) -> None:
    kinds = ("study permit", "work permit")
    refused = refusal(AbstentionReason.UNCLEAR, covered=COVERED, kinds=kinds, language=language)
    assert all(kind in refused.text for kind in kinds)
    assert len(refused.next_steps) == 1
    assert "{" not in refused.text + refused.next_steps[0]
