from dataclasses import replace
from datetime import date

from chains.choosing import MAX_SENTENCES, MAX_WORDS, Pick, choose
from chains.contextualise import contextualise
from chains.extractive import picks_of
from core.types import Passage, Question
from tests.unit.chains.conftest import MakePassage


def _picks(passage: Passage, *chances: float, question: str = "What about it?") -> list[Pick]:
    found = picks_of(contextualise(Question(question, as_of=date(2026, 11, 21))), [passage])
    return [replace(pick, chance=chance) for pick, chance in zip(found, chances, strict=True)]


def _chosen(picks: list[Pick]) -> list[str]:
    return [pick.statement.text for pick in choose(picks)]


def test_leaves_out_what_would_make_the_answer_worse(make_passage: MakePassage) -> None:
    passage = make_passage("You must pay the fee before you apply.", "The office is closed on Sundays in winter.")
    assert _chosen(_picks(passage, 0.8, 0.1)) == ["You must pay the fee before you apply."]


def test_adds_what_answers_as_well(make_passage: MakePassage) -> None:
    passage = make_passage("You must pay the fee before you apply.", "The fee is 150 dollars for every adult.")
    assert len(_chosen(_picks(passage, 0.8, 0.7))) == 2


def test_the_likeliest_comes_first(make_passage: MakePassage) -> None:
    passage = make_passage("Bring your passport and two photos.", "The fee is 150 dollars for every adult.")
    assert _chosen(_picks(passage, 0.6, 0.9))[0] == "The fee is 150 dollars for every adult."


def test_a_repetition_does_not_join(make_passage: MakePassage) -> None:
    passage = make_passage("The fee is 150 dollars for adults.", "For adults the fee is 150 dollars.")
    assert len(_chosen(_picks(passage, 0.9, 0.9))) == 1


def test_the_yes_to_another_question_does_not_join(make_passage: MakePassage) -> None:
    passage = make_passage("Students pay 150 dollars.", "No, dogs are never allowed inside.", question="May dogs come?")
    assert _chosen(_picks(passage, 0.9, 0.8, question="What do students pay?")) == ["Students pay 150 dollars."]


def test_ends_where_a_person_stops_reading(make_passage: MakePassage) -> None:
    sentences = [f"Rule {name} {' '.join(name + str(at) for at in range(28))}." for name in ("a", "b", "c", "d", "e")]
    chosen = choose(_picks(make_passage(*sentences), *([0.95] * 5)))
    assert len(chosen) <= MAX_SENTENCES
    assert 0 < sum(pick.statement.words for pick in chosen) <= MAX_WORDS


def test_gives_nothing_of_nothing() -> None:
    assert choose([]) == []
