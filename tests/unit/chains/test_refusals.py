import re
from dataclasses import replace
from datetime import date

import pytest

from chains.citing import cited
from chains.languages import SPOKEN, asked_in, language_names, place_name, wording
from chains.languages_rules import asks_for
from chains.refusals import headings, refusal
from core.languages import detect
from core.types import AbstentionReason, Exchange, Passage, Question
from tests.unit.chains.conftest import MakePassage

COVERED = ("CA", "US", "SCHENGEN")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("reason", AbstentionReason)
def test_every_reason_is_worded_in_every_language(reason: AbstentionReason, language: str) -> None:
    refused = refusal(reason, covered=COVERED, asked="JP", language=language, documents_in=("en", language))
    told = " ".join((refused.text, *refused.next_steps))
    assert refused.reason is reason
    assert refused.next_steps
    assert not re.search(r"[{}]", told)
    assert detect(told) == language


@pytest.mark.parametrize("language", SPOKEN)
def test_all_languages_say_the_same_things(language: str) -> None:
    said, english = wording(language), wording("en")
    assert said.phrases.keys() == english.phrases.keys()
    for reason, (text, steps) in english.refusals.items():
        fields = re.compile(r"\{\w+\}")
        other_text, other_steps = said.refusals[reason]
        assert set(fields.findall(other_text)) == set(fields.findall(text))
        assert len(other_steps) == len(steps)


@pytest.mark.parametrize("language", [code for code in SPOKEN if code != "en"])
def test_where_no_document_is_in_the_askers_language_those_there_are_are_named(language: str) -> None:
    refused = refusal(AbstentionReason.NOT_COVERED, covered=COVERED, language=language, documents_in=("en", "it"))
    english = language_names(["en"], language)
    assert english in refused.text
    assert language_names(["it"], language) in refused.text
    assert english in refused.next_steps[0]


def test_a_language_that_is_not_spoken_is_answered_in_english() -> None:
    refused = refusal(AbstentionReason.NOT_COVERED, covered=COVERED, language="pl", documents_in=("en", "fr"))
    assert refused.text == (
        "I have no documents in your language that answer this. My documents are in: English and French."
    )


def test_who_asks_in_the_language_of_the_documents_is_not_sent_to_another() -> None:
    refused = refusal(AbstentionReason.NOT_COVERED, covered=COVERED, language="en", documents_in=("en", "fr"))
    assert "French" not in " ".join((refused.text, *refused.next_steps))


def test_countries_are_named_in_the_language_of_the_refusal() -> None:
    assert [place_name("DE", language) for language in ("en", "fr", "zh")] == ["Germany", "Allemagne", "德国"]
    told = refusal(AbstentionReason.UNCLEAR, covered=COVERED, language="es").text
    assert told.endswith("Canadá, Estados Unidos o el espacio Schengen?")


def test_the_closest_page_is_offered(make_passage: MakePassage) -> None:
    near = refusal(AbstentionReason.NOT_COVERED, covered=(), nearest=[make_passage("You can work.")], language="fr")
    assert near.next_steps[-1].endswith("https://www.canada.ca/study")
    off = refusal(AbstentionReason.OUT_OF_SCOPE, covered=(), nearest=[make_passage("You can work.")])
    assert not any("https" in step for step in off.next_steps)


def test_a_short_message_is_in_the_language_of_its_conversation() -> None:
    history = (Exchange("Как продлить визу?", "…"),)
    assert asked_in(Question("482?", as_of=date(2026, 11, 21), history=history)) == "ru"
    assert asked_in(Question("482?", as_of=date(2026, 11, 21))) == "en"


def test_a_few_words_that_are_all_english_are_english() -> None:
    def reads(text: str, *history: str) -> str:
        said = tuple(Exchange(turn, "…") for turn in history)
        known = {"eta", "canada", "validity", "visa", "partner"}
        question = Question(text, as_of=date(2026, 11, 21), history=said)
        return asked_in(question, is_english=lambda words: bool(words) and known.issuperset(words))

    assert reads("eta canada validity") == "en"
    assert reads("what's eta canada validity") == "en"
    assert reads("eta canada precio") == "es"
    assert reads("visa de partner canada") != "en"  # a small word of another language
    assert reads("eta canada validity", "¿Cuánto cuesta la visa de Canadá?") == "es"


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("Où puis-je acheter un faux diplôme ?", "fr", AbstentionReason.UNLAWFUL),
        ("Que risque-t-on avec un faux document ?", "fr", None),
        ("Pourquoi ma demande a-t-elle été refusée ?", "fr", AbstentionReason.OWN_CASE),
        ("Ma demande a été refusée, que puis-je faire ?", "fr", None),
        ("¿Qué pasa si presento un documento falso?", "es", None),
        ("¿Me van a aprobar la visa?", "es", AbstentionReason.PREDICTION),
        ("Onde consigo comprar um diploma falso?", "pt", AbstentionReason.UNLAWFUL),
        ("Wo ist mein Antrag?", "de", AbstentionReason.OWN_CASE),
        ("पासपोर्ट खो गया", "hi", None),
        ("我的申请怎么样了", "zh", AbstentionReason.OWN_CASE),
        ("Почему мне отказали?", "ru", AbstentionReason.OWN_CASE),
        ("Мне отказали в визе, что делать?", "ru", None),
        ("Які в мене шанси?", "uk", AbstentionReason.PREDICTION),
        ("Vizem onaylanacak mı?", "tr", AbstentionReason.PREDICTION),
        ("Làm sao mua hộ chiếu giả?", "vi", AbstentionReason.UNLAWFUL),
        ("أين أشتري جواز سفر مزور؟", "ar", AbstentionReason.UNLAWFUL),
        ("وضعیت پرونده من چیست؟", "fa", AbstentionReason.OWN_CASE),
        ("Why was my visa refused?", "en", None),
        ("Gdzie jest mój wniosek?", "pl", None),
    ],
)
def test_what_a_question_asks_for_is_told_in_other_languages(
    text: str, language: str, reason: AbstentionReason | None
) -> None:
    assert asks_for(text, language) is reason


def test_a_refusal_offers_the_nearest_questions_that_are_answered(make_passage: MakePassage) -> None:
    def near(question: str | None, *, coverage: float = 0.5, dense: float = 0.3, language: str = "en") -> Passage:
        passage = make_passage("The fee is 150 dollars.", section=("Fees",), dense=dense)
        meta = replace(passage.meta, language=language)
        return replace(passage, chunk=replace(passage.chunk, question=question), meta=meta, coverage=coverage)

    passages = [
        near("What does it cost?"), near("What does it cost?"), near(None), near("¿Cuánto cuesta?", language="es"),
        near("Who pays?", coverage=0.1), near("When do I pay?"), near("How do I pay?"), near("Where do I pay?"),
    ]  # fmt: skip
    reasons = (AbstentionReason.NOT_COVERED, AbstentionReason.OUT_OF_SCOPE)
    refused, off = (refusal(reason, covered=["CA"], nearest=passages) for reason in reasons)
    assert refused.suggestions == ("What does it cost?", "Who pays?", "When do I pay?", "How do I pay?")
    assert off.suggestions == ()


def test_in_other_languages_only_what_holds_words_of_the_question_is_near(make_passage: MakePassage) -> None:
    def near(language: str, coverage: float) -> Passage:
        passage = make_passage("The fee is 150 euros.", question="What must I pay?")
        return replace(passage, meta=replace(passage.meta, language=language), coverage=coverage)

    def offered(language: str, coverage: float) -> tuple[str, ...]:
        nearest = [near(language, coverage)]
        return refusal(AbstentionReason.NOT_COVERED, covered=["CA"], nearest=nearest, language=language).suggestions

    assert offered("en", 0.0) == ("What must I pay?",), "English is ranked by what it means"
    assert offered("de", 0.1) == (), "the encoder is English"
    assert offered("de", 0.2) == ("What must I pay?",)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_refusal_is_headed_in_the_language_that_it_is_worded_in(language: str) -> None:
    said = wording(language)
    assert said.titles.keys() == {*(reason.value for reason in AbstentionReason), "not_sure"}
    refused = refusal(AbstentionReason.NOT_COVERED, covered=COVERED, language=language)
    headed = headings(refused)
    assert (headed["title"], headed["next_steps"]) == (said.titles["not_covered"], said.headings["next_steps"])
    assert len(set(headed.values())) == len(headed)
    offering = headings(replace(refused, suggestions=("?",)))
    assert (offering["title"], offering["suggestions"]) == (said.titles["not_sure"], said.headings["suggestions"])


def test_what_is_offered_beside_a_quote_is_headed_as_the_other_choice(make_passage: MakePassage) -> None:
    refused = refusal(AbstentionReason.NOT_COVERED, covered=COVERED)
    passage = make_passage("It costs 100.")
    shown = cited(1, passage, passage.chunk.start, passage.chunk.end)
    beside = replace(refused, suggestions=("?", "?"), nearest=shown)
    assert headings(beside)["suggestions"] == "Or did you mean one of these?"


def test_a_language_that_is_not_spoken_is_headed_in_english() -> None:
    refused = refusal(AbstentionReason.OWN_CASE, covered=COVERED, language="ja")
    assert (refused.language, headings(refused)["title"]) == ("en", "This depends on your own case")


@pytest.mark.parametrize("language", SPOKEN)
def test_a_refusal_that_was_kept_without_its_language_is_headed_in_that_of_its_words(language: str) -> None:
    refused = refusal(AbstentionReason.OWN_CASE, covered=COVERED, language=language)
    assert headings(replace(refused, language=None)) == headings(refused)
    assert headings(refused)["language"] == language


@pytest.mark.parametrize("language", SPOKEN)
def test_who_is_offered_a_question_is_not_told_that_there_is_no_answer(
    make_passage: MakePassage, language: str
) -> None:
    asked = {"zh": "多少钱？", "ar": "كم الرسوم؟", "fa": "هزینه چقدر است؟"}.get(language, "How much is it?")  # noqa: RUF001
    near = make_passage("It costs 100.", coverage=1.0)
    near = replace(near, chunk=replace(near.chunk, question=asked), meta=replace(near.meta, language=language))
    offering = refusal(AbstentionReason.NOT_COVERED, covered=COVERED, nearest=[near], language=language)
    assert (offering.suggestions, offering.text) == ((asked,), wording(language).phrases["not_sure"])
    assert detect(offering.text) == language
    assert refusal(AbstentionReason.NOT_COVERED, covered=COVERED, language=language).text != offering.text
