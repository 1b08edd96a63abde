from __future__ import annotations

import pytest

from ingest.check.measures import measures


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It costs CAD 1,365.50 today.", [("CAD", "1365.50", "")]),
        ("It costs 80 euros, or at least £95.", [("EUR", "80", ""), ("GBP", "95", "least")]),
        ("Up to six months, or two years.", [("month", "6", "most"), ("month", "24", "")]),
        ("within 10 working days", [("working day", "10", "most")]),
        ("a 24-hour limit, three weeks", [("hour", "24", ""), ("day", "21", "")]),
        ("18 years old, aged 22, five years of age", [("age", "18", ""), ("age", "22", ""), ("age", "5", "")]),
        ("125 percent or 5%", [("%", "125", ""), ("%", "5", "")]),
        ("Form I-485, subclass 482, 20 March 2026, page 3", []),
    ],
)
def test_reads_values_with_unit_and_bound(sentence: str, found: list[tuple[str, str, str]]) -> None:
    assert [(m.unit, str(m.value), m.bound) for m in measures(sentence)] == found


@pytest.mark.parametrize(("jurisdiction", "unit"), [("CA", "CAD"), ("US", "USD"), ("GB", "$")])
def test_a_bare_dollar_is_that_of_the_country(jurisdiction: str, unit: str) -> None:
    assert [m.unit for m in measures("It costs $150, or 150 dollars.", jurisdiction)] == [unit, unit]
