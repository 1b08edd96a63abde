import pytest

from chains.grounding.clauses import clauses
from chains.grounding.operators import Marker, Modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("You must pay the fee.", Modality.OBLIGED),
        ("You have to pay the fee.", Modality.OBLIGED),
        ("You are required to pay the fee.", Modality.OBLIGED),
        ("You must not pay the fee.", Modality.PROHIBITED),
        ("You cannot work.", Modality.PROHIBITED),
        ("You're not allowed to work.", Modality.PROHIBITED),
        ("No visitor can work.", Modality.PROHIBITED),
        ("You may not work.", Modality.PROHIBITED),
        ("You do not need to pay the fee.", Modality.NOT_OBLIGED),
        ("You don't usually have to pay the fee.", Modality.NOT_OBLIGED),
        ("You need no visa.", Modality.NOT_OBLIGED),
        ("You can work.", Modality.ALLOWED),
        ("You should keep a copy.", Modality.ADVISED),
        ("You should not keep a copy.", Modality.ADVISED_AGAINST),
        ("The visa might arrive late.", Modality.POSSIBLE),
        ("The airline may not let you board.", Modality.UNSURE),
        ("The permit is valid.", Modality.ASSERTED),
        ("The permit is not valid.", Modality.DENIED),
        ("People who are not citizens must report.", Modality.OBLIGED),
    ],
)
def test_a_clause_has_a_modality(text: str, modality: Modality) -> None:
    assert modality in clauses(text)[0].modality


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("If you are ill, you can rest.", [Marker.IF, None]),
        ("You can rest if you are ill, old or tired.", [None, Marker.IF, Marker.IF]),
        ("Unless you are exempt, you must pay.", [Marker.UNLESS, None]),
        ("After a refusal you can apply again.", [Marker.AFTER, None]),
        ("You can rest if you are ill and you may leave.", [None, Marker.IF, Marker.IF]),
        ("Apply even if you paid before.", [None, Marker.DESPITE, Marker.BEFORE]),
    ],
)
def test_a_clause_knows_its_condition(text: str, markers: list[Marker | None]) -> None:
    assert [clause.marker for clause in clauses(text)] == markers


def test_and_joins_two_subjects_before_any_verb() -> None:
    assert len(clauses("British and Irish citizens do not need a visa.")) == 1


def test_the_subject_is_known_by_its_actor() -> None:
    assert [clause.actor for clause in clauses("Your employer must pay, and you must sign.")] == ["employ", "you"]
