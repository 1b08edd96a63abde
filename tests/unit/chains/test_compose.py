from datetime import date

from chains.compose import ReplyComposer
from chains.drafts import DraftQuote, DraftSentence
from chains.grounding import ground
from core.types import Answer, AnswerMode, CautionCode, Passage
from tests.unit.chains.conftest import MakePassage

TODAY = date(2026, 11, 20)
FEE = "You must pay the fee before you apply."
PERMIT = "You need a study permit to study in Canada."


def _answer(passages: list[Passage], *texts: str) -> Answer:
    composer = _composed(passages, *((text, text) for text in texts))
    return composer.answer(mode=AnswerMode.EXTRACTIVE, confidence=0.9, today=TODAY)


def _composed(passages: list[Passage], *said: tuple[str, str]) -> ReplyComposer:
    """Sentences, each with the quote it claims to rest on."""
    composer = ReplyComposer(passages)
    for grounded in ground([DraftSentence(text, (DraftQuote(None, quote),)) for text, quote in said], passages):
        composer.add(grounded)
    return composer


def test_a_citation_names_the_place_of_its_quote(make_passage: MakePassage) -> None:
    answer = _answer([make_passage(PERMIT, FEE)], FEE)
    citation = answer.citations[0]
    assert (citation.start, citation.end) == (100 + len(PERMIT) + 1, 100 + len(PERMIT) + 1 + len(FEE))
    assert citation.quote == FEE


def test_every_sentence_has_a_citation_and_numbers_count_from_one(make_passage: MakePassage) -> None:
    answer = _answer([make_passage(PERMIT, FEE)], PERMIT, FEE)
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]
    assert [citation.id for citation in answer.citations] == [1, 2]


def test_says_that_no_person_has_checked_a_source(make_passage: MakePassage) -> None:
    answer = _answer([make_passage(FEE)], FEE)
    assert [caution.code for caution in answer.warnings] == [CautionCode.NEVER_REVIEWED]
    assert "Study permit in Canada" in answer.warnings[0].text


def test_says_that_a_review_is_overdue_from_the_day_after(make_passage: MakePassage) -> None:
    checked = date(2026, 1, 1)
    due_today = make_passage(FEE, reviewed_on=checked, review_by=TODAY)
    overdue = make_passage(FEE, reviewed_on=checked, review_by=date(2026, 11, 19))
    assert _answer([due_today], FEE).warnings == ()
    assert [caution.code for caution in _answer([overdue], FEE).warnings] == [CautionCode.REVIEW_OVERDUE]


def test_leads_on_to_the_official_page(make_passage: MakePassage) -> None:
    assert "https://www.canada.ca/study" in _answer([make_passage(FEE)], FEE).next_steps[0]


def test_says_that_a_sentence_gave_way_only_where_a_model_wrote_it(make_passage: MakePassage) -> None:
    composer = _composed([make_passage(FEE, reviewed_on=TODAY)], ("You may pay the fee after you apply.", FEE))
    replies = {
        mode: composer.answer(mode=mode, confidence=0.9, today=TODAY)
        for mode in (AnswerMode.EXTRACTIVE, AnswerMode.GENERATIVE)
    }
    assert replies[AnswerMode.EXTRACTIVE].warnings == ()
    assert [w.code for w in replies[AnswerMode.GENERATIVE].warnings] == [CautionCode.SENTENCES_REPLACED]
