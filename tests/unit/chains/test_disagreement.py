from collections.abc import Sequence

import pytest

from chains.disagreement import Disagreement, disagreements
from chains.drafts import DraftQuote, DraftSentence
from chains.grounding import ground
from core.types import Passage
from tests.unit.chains.conftest import MakePassage

FEE = "The fee for a student residence permit is 70 euros."
OTHER_FEE = "The fee for a student residence permit is 95 euros."


def _found(make: MakePassage, ours: str, theirs: str, **other: object) -> list[Disagreement]:
    """What is found when `ours` is told and another document says `theirs`."""
    passages = [make(ours, title="Permits"), make("Bring your passport.", theirs, **({"title": "Fees"} | other))]
    return _between(passages, ours)


def _between(passages: Sequence[Passage], told: str) -> list[Disagreement]:
    drafts = [DraftSentence(told, (DraftQuote(1, told),))]
    return disagreements(list(ground(drafts, passages)), passages)


@pytest.mark.parametrize(
    ("ours", "theirs", "said", "instead"),
    [
        (FEE, OTHER_FEE, "70 euros", "95 euros"),
        (
            "You must apply for the student residence permit within 30 days of arriving.",
            "You must apply for the student residence permit within 60 days of arriving.",
            "within 30 days",
            "within 60 days",
        ),
        (
            "You must be at least 19 years old for a seasonal work permit.",
            "You must be at least twenty-one years old for a seasonal work permit.",
            "at least 19 years old",
            "at least twenty-one years old",
        ),
        (
            "A decision on the renewal of a residence card takes six weeks.",
            "A decision about renewal of a residence card takes 90 days.",
            "six weeks",
            "90 days",
        ),
        (
            "Students with a residence permit must show savings of 10,000 euros.",
            "Students with a residence permit must show savings of 12,500 euros.",
            "10,000 euros",
            "12,500 euros",
        ),
    ],
)
def test_another_figure_for_the_same_thing_is_found(
    make_passage: MakePassage, ours: str, theirs: str, said: str, instead: str
) -> None:
    [found] = _found(make_passage, ours, theirs)
    assert (found.said, found.instead, found.other.text) == (said, instead, theirs)
    assert found.other.quotes[0].text == theirs


def test_a_rule_against_its_opposite_is_found(make_passage: MakePassage) -> None:
    may = "Visitors with a residence card may work for a local employer."
    [found] = _found(make_passage, may, "Visitors with a residence card may not work for a local employer.")
    assert "may not" in found.instead


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (FEE, "The student residence permit costs a fee of 70 euros."),
        (FEE, "The fee for a family residence permit is 95 euros."),
        (FEE, "The fee for renewing a student residence permit is 40 euros."),
        (FEE, "The fee for a student residence permit for a child is 35 euros."),
        (FEE, "The fee for a student residence permit is about 95 euros."),
        (FEE, "From 1 May 2027 the fee for a student residence permit is 95 euros."),
        (FEE, "If you apply online, the fee for a student residence permit is 60 euros."),
        (FEE, "The fee for a student residence permit was 60 euros until 2025."),
        ("A work permit for one year costs 70 euros.", "A work permit for two years costs 120 euros."),
        ("Apply within 30 days of arriving in the country.", "Apply at least 14 days before arriving in the country."),
        ("You may stay for 90 days with a tourist visa.", "You may stay for 180 days with a student visa."),
        ("You may work up to 20 hours a week with the permit.", "You may stay up to 30 days with the permit."),
        ("You must be at least 18 years old to apply alone.", "You must be under 35 years old to apply alone."),
        (
            "Students may work with a residence permit.",
            "Students may not work without a residence permit.",
        ),
        ("The permit is valid for one year.", "The permit is valid for 12 months."),
        ("Send form RP-1 with two photos to the office.", "Send form RP-2 with two photos to the office."),
    ],
)
def test_two_things_do_not_disagree(make_passage: MakePassage, ours: str, theirs: str) -> None:
    assert _found(make_passage, ours, theirs) == []
    assert _found(make_passage, theirs, ours) == []


def test_two_countries_do_not_disagree(make_passage: MakePassage) -> None:
    assert _found(make_passage, FEE, OTHER_FEE, jurisdiction="US") == []


def test_a_document_does_not_disagree_with_itself(make_passage: MakePassage) -> None:
    assert _found(make_passage, FEE, OTHER_FEE, title="Permits") == []


def test_what_stands_above_a_short_sentence_says_which_permit_it_is_about(make_passage: MakePassage) -> None:
    ours = "The application fee is 70 euros for everybody."
    passages = [
        make_passage(ours, title="Permits", section=("Study permit",)),
        make_passage(ours.replace("70", "95"), title="Fees", section=("Work permit",)),
    ]
    assert _between(passages, ours) == []


def test_an_answer_of_agreeing_sources_is_left_alone(make_passage: MakePassage) -> None:
    assert _found(make_passage, FEE, FEE) == []
