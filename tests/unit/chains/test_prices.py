"""Where a price is asked for that no document has: where the fees stand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chains.contextualise import Search
from chains.countries import Countries
from chains.prices import asks_price_of, where_fees_stand
from core.types import Passage
from tests.unit.chains.conftest import MakePassage

ASKED = Search("How much does a study permit cost?", (), Countries())


def test_the_passage_on_the_fees_of_that_country_is_looked_up(make_passage: MakePassage) -> None:
    permit = make_passage("Apply online and pay the fees.", section=("How do I apply?",))
    beside = make_passage("The list of colleges is on the website.", section=("Which colleges?",))
    vague = make_passage("There are several fees.", section=("Which fees are there?",))
    listed = {"title": "Fees in Canada", "section": ("Where do I find the fees?",)}
    fees = make_passage("The official fee list shows every fee.", **listed)
    other = make_passage("The website shows the broadcasting fee.", section=("Where do I find the broadcasting fee?",))
    looked_up: list[tuple[str, str]] = []

    def look_up(search: Search, place: str) -> Sequence[Passage]:
        looked_up.append((search.text, place))
        return [permit, beside, vague, other, fees]

    assert where_fees_stand(ASKED, [permit], look_up) == [fees]
    assert looked_up == [("Where do I find the fees for Canada?", "CA")]
    assert where_fees_stand(Search("How long does it take?", (), Countries()), [permit], look_up) == []
    assert where_fees_stand(ASKED, [make_passage("Pay.", jurisdiction="ZZ")], look_up) == []
    assert where_fees_stand(ASKED, [], look_up) == []
    assert len(looked_up) == 1


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How much does a study permit for Canada cost?", True),
        ("What are the fees for a student permit?", True),
        ("How much is the rent on a study permit?", False),
        ("How much does a visitor visa cost?", False),
        ("How much does it cost?", False),
        ("How long does a study permit take?", False),
    ],
)
def test_the_price_of_the_very_permit_is_told_from_other_prices(
    question: str, asks: bool, make_passage: MakePassage
) -> None:
    assert asks_price_of(question, make_passage("Apply online.", title="Study permit in Canada")) is asks
