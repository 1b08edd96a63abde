from dataclasses import replace

from chains.statements import heading_of, statements_of
from core.types import Chunk
from tests.unit.chains.conftest import MakePassage


def _chunk(make_passage: MakePassage, text: str, *quotable: str) -> Chunk:
    spans = tuple((100 + text.index(words), 100 + text.index(words) + len(words)) for words in quotable)
    return replace(make_passage("x").chunk, text=text, end=100 + len(text), sentences=spans)


def test_a_sentence_is_a_statement_as_it_stands(make_passage: MakePassage) -> None:
    first, second = statements_of(make_passage("Apply online.", "Pay the fee.").chunk)
    assert (first.text, first.opens) == ("Apply online.", True)
    assert (second.text, second.opens, second.place) == ("Pay the fee.", False, 1)


def test_a_list_comes_whole_and_by_item_with_its_lead_in(make_passage: MakePassage) -> None:
    text = "Good news. You must:\n- Be 18.\n- Speak French."
    whole, first, second = statements_of(_chunk(make_passage, text, "Be 18.", "Speak French."))
    assert whole.text == "You must:\n- Be 18.\n- Speak French."
    assert whole.members == (first.place, second.place)
    assert second.text == "You must: Speak French."
    assert second.quotes == ("Speak French.",)


def test_a_long_list_of_steps_is_told_without_its_numbers(make_passage: MakePassage) -> None:
    whole, *_ = statements_of(_chunk(make_passage, "Steps:\n1. Apply.\n2. Pay.", "Apply.", "Pay."))
    assert whole.text == "Steps:\n- Apply.\n- Pay."
    assert whole.quotes == ("Apply.", "Pay.")


def test_marks_the_only_item_left_of_a_list(make_passage: MakePassage) -> None:
    (only,) = statements_of(_chunk(make_passage, "You must:\n- Be 18.", "Be 18."))
    assert only.cut


def test_names_the_heading_that_says_most(make_passage: MakePassage) -> None:
    assert heading_of(make_passage("x", section=("A", "B"), question="Why?").chunk, "T") == "Why?"
    assert heading_of(make_passage("x", section=("A", "B")).chunk, "T") == "B"
    assert heading_of(make_passage("x").chunk, "T") == "T"
