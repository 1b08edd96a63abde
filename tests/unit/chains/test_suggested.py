"""What a refusal offers: the nearest questions that are answered, and what stands under the first of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chains.refusals import refusal
from chains.suggested import SHOWN_FROM, Showing
from core.types import Abstention, AbstentionReason, CautionCode, Passage
from tests.unit.chains.conftest import MakePassage

DAY = date(2026, 11, 29)
HURT = "My husband hits me. Will I lose my green card if I leave him?"


def _refused(
    *nearest: Passage, sure: float = SHOWN_FROM, asked: str = "", told: str | None = None, whole: bool = True
) -> Abstention:
    showing = Showing(told or asked, asked, DAY, lambda _: whole)
    return refusal(AbstentionReason.NOT_COVERED, covered=["CA"], nearest=nearest, sure=sure, showing=showing)


def test_what_stands_under_the_first_question_is_quoted_whole(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150 dollars.", "You pay online.", question="What does it cost?")
    far = make_passage("You pay at the border.", question="Where do I pay?")
    shown = _refused(near, far).nearest
    assert shown is not None
    assert shown.quote == "It costs 150 dollars. You pay online."
    assert near.chunk.text[shown.start - near.chunk.start : shown.end - near.chunk.start] == shown.quote
    assert (shown.id, shown.document_id, shown.version) == (1, near.chunk.document_id, near.chunk.version_id)


def test_what_is_not_likely_of_use_is_only_offered(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150 dollars.", question="What does it cost?")
    refused = _refused(near, sure=SHOWN_FROM - 0.01)
    assert (refused.suggestions, refused.nearest) == (("What does it cost?",), None)


def test_who_asks_for_a_figure_is_shown_nothing_that_lacks_one(make_passage: MakePassage) -> None:
    works = make_passage("You may work 24 hours a week.", question="Can I work?")
    costs = make_passage("It costs 150 dollars.", question="What does it cost?")
    asked = "How much does a work permit cost?"
    assert _refused(costs, asked=asked).nearest is not None
    refused = _refused(works, asked=asked)
    assert (refused.suggestions, refused.nearest, refused.warnings) == (("Can I work?",), None, ())


def test_who_is_being_hurt_is_offered_first_what_stands_about_that(make_passage: MakePassage) -> None:
    nearest = [make_passage("File it.", question="Who can file?"), make_passage("You can ask alone.", question=HURT)]
    told = "My husband beats me and my son has seen it. Can I stay?"
    refused = _refused(*nearest, asked="Can I stay?", told=told)
    assert refused.suggestions == (HURT, "Who can file?")
    assert refused.nearest is not None
    assert refused.nearest.quote == "You can ask alone."


def test_the_page_that_is_shown_is_not_named_once_more(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150 dollars.", question="What does it cost?", url="https://www.canada.ca/fees")
    told = [" ".join(_refused(near, sure=sure).next_steps) for sure in (SHOWN_FROM, 0.1)]
    assert ["canada.ca/fees" in steps for steps in told] == [False, True]


def test_what_another_source_says_otherwise_is_not_shown_alone(make_passage: MakePassage) -> None:
    near = make_passage("The study permit costs 150 dollars.", question="What does it cost?", title="Fees")
    other = make_passage("The study permit costs 160 dollars.", title="Study permit")
    elsewhere = make_passage("The study permit costs 160 dollars.", title="Study permit", jurisdiction="NZ")
    assert _refused(near, elsewhere).nearest is not None
    assert _refused(near, other).nearest is None


def test_what_is_shown_carries_the_cautions_of_an_answer(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150.", question="What does it cost?", review_by=date(2026, 11, 28))
    codes = [caution.code for caution in _refused(near).warnings]
    assert codes == [CautionCode.REVIEW_OVERDUE, CautionCode.NEVER_REVIEWED]
    assert _refused(near, sure=0.1).warnings == ()


def test_a_part_of_a_longer_section_is_not_shown(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150.", question="What does it cost?")
    assert _refused(near, whole=False).nearest is None
    assert _refused(near, whole=False).suggestions == ("What does it cost?",)


def test_a_passage_that_begins_in_a_list_is_not_shown_without_its_beginning(make_passage: MakePassage) -> None:
    near = make_passage("It costs 150 dollars.", question="What does it cost?")
    text = "- a photo"
    spans = ((near.chunk.start + 2, near.chunk.start + len(text)),)
    cut = replace(near, chunk=replace(near.chunk, text=text, end=near.chunk.start + len(text), sentences=spans))
    assert _refused(near).nearest is not None
    assert _refused(cut).nearest is None


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("my husband has a green card and I am in Kenya, how do I join him", False),
        ("How long can I leave the US with a green card?", False),
        ("how long is left on my green card", False),
        ("my husband threatens to stop my green card", True),
        ("I am afraid of my husband, what happens to my green card?", True),
        ("we want to divorce, do I keep the green card", True),
        ("can I leave him and keep the green card", True),
    ],
)
def test_nobody_is_asked_whether_they_are_hurt_who_speaks_of_nothing_like_it(
    make_passage: MakePassage, asked: str, offered: bool
) -> None:
    nearest = [make_passage("You can ask alone.", question=HURT), make_passage("File it.", question="Who can file?")]
    suggestions = _refused(*nearest, asked="Can I stay?", told=asked).suggestions
    assert suggestions == ((HURT, "Who can file?") if offered else ("Who can file?",))
