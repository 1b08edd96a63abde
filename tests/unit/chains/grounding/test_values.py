import pytest

from chains.grounding.bounds import Bound
from chains.grounding.values import figures, same_value


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("six months", "6 months"),
        ("twelve months", "one year"),
        ("two weeks", "14 days"),
        ("1 January 2025", "January 1, 2025"),
        ("2025-01-01", "1 January 2025"),
        ("January 2025", "1 January 2025"),
        ("2025", "1 January 2025"),
        ("1365 dollars", "CA$1,365"),
        ("CAD 1,365", "$1,365"),
        ("1,365.50 Canadian dollars", "CAD 1365.50"),
        ("£1.2 million", "£1,200,000"),
        ("20 per cent", "20%"),
        ("twenty-one", "21"),
        ("Form I-485", "I-485"),
        ("IMM5710", "IMM 5710"),
        ("subclass 482", "Subclass 482"),
        ("https://www.gov.uk/visa/", "gov.uk/visa"),
        ("613-944-4000", "+1 613 944 4000"),
        ("the third year", "the 3rd year"),
        ("18 years old", "aged 18"),
        ("a year", "one year"),
    ],
)
def test_one_value_written_in_two_ways_is_the_same(claimed: str, given: str) -> None:
    assert any(same_value(mine, other, jurisdiction="CA") for mine in figures(claimed) for other in figures(given))


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("18", "2018"),
        ("90 days", "90 hours"),
        ("5 business days", "5 days"),
        ("1 February 2025", "1 January 2025"),
        ("1 January 2025", "1 January"),
        ("£1,365", "$1,365"),
        ("USD 1,365", "$1,365"),
        ("CAD 1,365", "USD 1,365"),
        ("25%", "25"),
        ("I-130", "I-485"),
        ("IMM 5709", "IMM 5710"),
        ("subclass 189", "subclass 482"),
        ("second", "third"),
        ("a month", "a week"),
        ("info@example.org", "help@example.org"),
        ("9 months", "9 years"),
    ],
)
def test_two_values_are_not_the_same(claimed: str, given: str) -> None:
    mine, others = figures(claimed), figures(given)
    assert mine
    assert others
    assert not any(same_value(mine[0], other, jurisdiction="CA") for other in others)


def test_each_number_of_a_list_takes_the_unit_at_its_end() -> None:
    assert [value.key for value in figures("valid for two, five or ten years")] == ["24 month", "60 month", "120 month"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 30 days", Bound.AT_LEAST),
        ("no less than 30 days", Bound.AT_LEAST),
        ("30 days or more", Bound.AT_LEAST),
        ("up to 30 days", Bound.AT_MOST),
        ("a maximum of 30 days", Bound.AT_MOST),
        ("within 30 days", Bound.AT_MOST),
        ("30 days or less", Bound.AT_MOST),
        ("more than 30 days", Bound.MORE),
        ("no more than 30 days", Bound.AT_MOST),
        ("less than 30 days", Bound.LESS),
        ("about 30 days", Bound.ABOUT),
        ("plus 30 days", Bound.FURTHER),
        ("no later than 30 June", Bound.BY),
        ("after 30 June", Bound.AFTER),
        ("since 30 June", Bound.FROM),
        ("30 days", Bound.EXACT),
    ],
)
def test_a_figure_bounds_in_a_direction(text: str, bound: Bound) -> None:
    assert [value.bound for value in figures(text)] == [bound]


def test_one_as_a_pronoun_is_no_figure() -> None:
    assert figures("Choose one of the ways.") == ()
