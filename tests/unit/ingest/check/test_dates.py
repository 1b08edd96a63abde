from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places


@pytest.mark.parametrize(
    ("said", "code", "line"),
    [
        ({"effective_to": "2026-11-19"}, "expired", 5),
        ({"effective_from": "2026-11-21"}, "not-yet-in-force", 5),
        ({"effective_from": "2026-05-01", "effective_to": "2026-04-01"}, "dates-exchanged", 6),
        ({"reviewed_on": "2026-11-21", "review_by": "2027-11-21"}, "reviewed-in-future", 5),
        ({"reviewed_on": "2025-11-01", "review_by": "2026-11-19"}, "review-overdue", 6),
        ({"review_by": "2026-11-19"}, "review-overdue", 5),
        ({"reviewed_on": "2025-11-01", "review_by": "2026-12-20"}, "review-due", 6),
        ({"reviewed_on": "2026-11-01"}, "no-review-by", 5),
    ],
)
def test_a_day_that_leaves_a_doubt_is_found(check: Check, said: dict[str, str], code: str, line: int) -> None:
    assert places(check({"a.md": page(**said)})) == [(code, "kb/a.md", line)]


@pytest.mark.parametrize(
    "said",
    [
        {"effective_to": "2026-11-20"},
        {"effective_from": "2026-11-20"},
        {"reviewed_on": "2026-11-20", "review_by": "2026-12-21"},
    ],
)
def test_days_that_are_as_they_should_be_are_left_alone(check: Check, said: dict[str, str]) -> None:
    assert check({"a.md": page(**said)}) == []


def test_rules_that_ended_and_were_replaced_are_as_they_should_be(check: Check) -> None:
    old = page("The old rule stands here.", effective_to="2026-06-30")
    assert check({"old.md": old, "new.md": page(effective_from="2026-07-01", supersedes="old.md")}) == []
