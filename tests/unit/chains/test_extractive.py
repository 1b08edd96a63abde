from datetime import date

from chains.contextualise import contextualise
from chains.extractive import MAX_SENTENCES, write_extractive
from core.types import Passage, Question
from tests.unit.chains.conftest import MakePassage


def _texts(question: str, passages: list[Passage]) -> list[str]:
    return [draft.text for draft in write_extractive(contextualise(Question(question, as_of=date(2026, 11, 20))), passages)]


def test_takes_the_sentence_nearest_to_the_question(make_passage: MakePassage) -> None:
    passage = make_passage("Bring warm clothes.", "You must pay the fee before you apply.", scores=(0.1, 0.8))
    assert _texts("Do I pay a fee?", [passage]) == ["You must pay the fee before you apply."]


def test_keeps_the_order_of_the_document(make_passage: MakePassage) -> None:
    passage = make_passage("Step one is the form.", "Step two is the fee.", scores=(0.7, 0.75))
    assert _texts("What are the steps?", [passage]) == ["Step one is the form.", "Step two is the fee."]


def test_takes_the_limit_that_follows_with_the_rule(make_passage: MakePassage) -> None:
    passage = make_passage("You can work off campus.", "However, only 24 hours a week are allowed.", scores=(0.9, 0.1))
    assert _texts("Can I work?", [passage])[1].startswith("However")


def test_takes_the_sentence_that_a_pronoun_leans_on(make_passage: MakePassage) -> None:
    passage = make_passage("A visitor visa is a sticker.", "It lets you travel to the border.", scores=(0.1, 0.9))
    assert _texts("What does it let me do?", [passage])[0] == "A visitor visa is a sticker."


def test_says_a_thing_once(make_passage: MakePassage) -> None:
    first = make_passage("You need a study permit to study in Canada.", title="a")
    second = make_passage("You need a study permit to study in Canada.", title="b", score=0.9)
    assert len(_texts("Do I need a permit?", [first, second])) == 1


def test_gives_a_pair_its_whole_answer(make_passage: MakePassage) -> None:
    passage = make_passage(
        "Yes, you can.", "Ask your school first.", "The permit must be valid.", scores=(0.9, 0.1, 0.1), unit=3
    )
    assert len(_texts("Can I work?", [passage])) == 3


def test_never_writes_more_than_a_person_reads(make_passage: MakePassage) -> None:
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split()
    assert len(_texts("What?", [make_passage(*(f"{word} is a word of {word}." for word in words))])) <= MAX_SENTENCES


def test_writes_nothing_without_sentences(make_passage: MakePassage) -> None:
    assert _texts("What?", []) == []
