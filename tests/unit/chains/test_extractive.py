from dataclasses import replace
from datetime import date

import pytest

from chains.contextualise import contextualise
from chains.extractive import MAX_SENTENCES, picks_of, write_extractive
from core.types import Exchange, Passage, Question
from tests.unit.chains.conftest import MakePassage


def _texts(question: str, passages: list[Passage]) -> list[str]:
    return [
        draft.text for draft in write_extractive(contextualise(Question(question, as_of=date(2026, 11, 20))), passages)
    ]


def test_takes_the_sentence_nearest_to_the_question(make_passage: MakePassage) -> None:
    passage = make_passage("Bring warm clothes.", "You must pay the fee before you apply.", scores=(0.1, 0.8))
    assert _texts("Do I pay a fee?", [passage]) == ["You must pay the fee before you apply."]


def test_keeps_the_order_of_the_document(make_passage: MakePassage) -> None:
    passage = make_passage("Step one is the form.", "Step two is the fee.", scores=(0.85, 0.9))
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
        "Yes, you can.",
        "Ask your school first.",
        "The permit must be valid.",
        scores=(0.9, 0.1, 0.1),
        unit=3,
        question="Can I work?",
    )
    assert len(_texts("Can I work?", [passage])) == 3


def test_never_writes_more_than_a_person_reads(make_passage: MakePassage) -> None:
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split()
    assert len(_texts("What?", [make_passage(*(f"{word} is a word of {word}." for word in words))])) <= MAX_SENTENCES


HEARD = "You need a police certificate."


@pytest.mark.parametrize(
    ("asked", "is_heard"),
    [
        ("what else can I send them instead?", True),
        ("what can I send them instead of it, sorry, I do not understand", False),
        ("do they want a police certificate from her?", False),
        ("What must a student from Ghana bring to the border?", False),
    ],
)
def test_what_an_earlier_answer_said_counts_less_for_another_question(
    make_passage: MakePassage, asked: str, is_heard: bool
) -> None:
    passage = make_passage(f"Yes, y{HEARD[1:]}", "Send proof that you asked.", scores=(0.9, 0.8), title="Police")
    history = (Exchange("do they want a police certificate", HEARD),)
    search = contextualise(Question(asked, as_of=date(2026, 11, 20), history=history))
    heard, new = (pick.chance for pick in picks_of(search, [passage]))
    fresh, same = (pick.chance for pick in picks_of(replace(search, heard=()), [passage]))
    assert (heard < fresh) is is_heard
    assert new == same


def test_writes_nothing_without_sentences(make_passage: MakePassage) -> None:
    assert _texts("What?", []) == []


def test_gives_no_whole_pair_to_another_question(make_passage: MakePassage) -> None:
    passage = make_passage(
        "Yes, you can.", "Dogs bark.", scores=(0.9, 0.0), question="Can I work while I wait?", unit=1
    )
    assert _texts("Can I work and study and travel?", [passage]) == ["You can."]


def test_prefers_the_section_whose_heading_was_asked(make_passage: MakePassage) -> None:
    other = make_passage("You can work while you wait.", title="b", question="Can I work while I wait?", scores=(0.8,))
    asked = make_passage(
        "Yes, up to 24 hours.", title="a", question="Can I work while I study?", scores=(0.6,), score=0.97
    )
    assert _texts("Can I work while I study?", [other, asked])[0] == "Yes, up to 24 hours."


def test_prefers_a_sentence_with_the_figure_that_is_asked_for(make_passage: MakePassage) -> None:
    passage = make_passage("Days in the country count.", "You need at least 1,095 days.", scores=(0.7, 0.7))
    assert "You need at least 1,095 days." in _texts("How many days do I need?", [passage])


def test_reads_a_follow_up_with_what_it_leans_on(make_passage: MakePassage) -> None:
    search = contextualise(
        Question(
            "How long does it take?", date(2026, 11, 20), history=(Exchange("How do I apply for Express Entry?", ""),)
        )
    )
    fee = make_passage("The fee is on the list.", title="a", scores=(0.5,))
    time = make_passage("Express Entry takes six months.", title="b", scores=(0.5,))
    assert write_extractive(search, [fee, time])[0].text == "Express Entry takes six months."


def test_gives_a_list_whole_with_what_introduces_it(make_passage: MakePassage) -> None:
    passage = _list_passage(make_passage)
    assert _texts("What are the ways to come?", [passage]) == [
        "The ways to come are:\n- By work.\n- By family.\n- By study."
    ]


def test_gives_the_one_item_that_was_asked_for(make_passage: MakePassage) -> None:
    passage = _list_passage(
        make_passage, items=("Be 18 or over.", "Prove 1,095 days in the country.", "Pass the test.")
    )
    assert _texts("How many days in the country?", [passage]) == [
        "The ways to come are: Prove 1,095 days in the country."
    ]


def _list_passage(
    make_passage: MakePassage, items: tuple[str, ...] = ("By work.", "By family.", "By study.")
) -> Passage:
    passage = make_passage("x")
    lead = "The ways to come are:"
    text = "\n- ".join((lead, *items))
    starts = [100 + text.index(item) for item in items]
    spans = tuple((start, start + len(item)) for start, item in zip(starts, items, strict=True))
    chunk = replace(passage.chunk, text=text, end=100 + len(text), sentences=spans)
    return replace(passage, chunk=chunk, sentence_scores=tuple(0.5 for _ in items))


def test_says_nothing_where_nothing_of_the_question_stands_in_it(make_passage: MakePassage) -> None:
    partner = make_passage("The partner of a doctor may apply for a permit of the same length.", scores=(0.5,))
    assert _texts("Can my child go to school in Iceland?", [partner]) == []
    child = make_passage("Every child may visit a nursery.", scores=(0.5,))
    assert _texts("Can my child go to school in Iceland?", [child]) == ["Every child may visit a nursery."]
