import pytest

from core.jurisdictions import SCHENGEN, jurisdiction_of, known_by, places_known_by, rules_in


def test_a_members_own_rules_come_before_its_areas() -> None:
    assert rules_in("DE") == ("DE", SCHENGEN, "EU")
    assert rules_in("CH") == ("CH", SCHENGEN)
    assert rules_in("IE") == ("IE", "EU")
    assert rules_in("NZ") == ("NZ",)
    assert rules_in(SCHENGEN) == (SCHENGEN,)


def test_who_asks_for_the_unions_rules_is_told_those_of_the_schengen_area() -> None:
    assert rules_in("EU") == ("EU", SCHENGEN)
    assert known_by("EU", ("DE", SCHENGEN)) == SCHENGEN


@pytest.mark.parametrize(("code", "known"), [("DE", "DE"), ("FR", SCHENGEN), (SCHENGEN, SCHENGEN), ("JP", None)])
def test_a_country_is_known_by_its_own_documents_or_by_its_areas(code: str, known: str | None) -> None:
    assert known_by(code, ("CA", "DE", SCHENGEN)) == known


@pytest.mark.parametrize(
    ("codes", "places"),
    [
        (("FR", "IT", "ES"), (SCHENGEN,)),
        (("DE", SCHENGEN), ("DE",)),
        (("FR", "DE"), ("DE",)),
        (("JP", "CA", "DE"), ("CA", "DE")),
    ],
)
def test_places_are_named_once_and_no_area_beside_its_country(codes: tuple[str, ...], places: tuple[str, ...]) -> None:
    assert places_known_by(codes, ("CA", "DE", SCHENGEN)) == places


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ca", "CA"), ("UK", "GB"), ("Canada", "CA"), ("new zealand", "NZ"), ("Schengen", SCHENGEN), ("ZZ", "ZZ"),
        ("CA-ON", "CA-ON"), ("Kanada", None), ("XX", None), ("Candaa", None), ("CA-ONTARIO", None), ("", None),
    ],
)  # fmt: skip
def test_a_jurisdiction_is_known_by_code_or_english_name_or_refused(said: str, code: str | None) -> None:
    assert jurisdiction_of(said) == code
