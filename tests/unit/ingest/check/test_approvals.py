from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places

GOOD = {"kind": "approved", "cites": "rules.md", "reviewed_on": "2026-01-02", "review_by": "2027-01-02"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"cites": "rules.md, kb/rules.md"}, None),
        ({"kind": "approvd"}, "unknown-kind"),
        ({"cites": "rule.md"}, "cites-nothing"),
        ({"cites": "rules.md, gone.md"}, "cites-nothing"),
        ({"cites": None}, "cites-missing"),
        ({"reviewed_on": None, "review_by": None}, "approved-unreviewed"),
    ],
)
def test_an_approved_answer_says_what_it_is_and_rests_on(
    check: Check, change: dict[str, str | None], code: str | None
) -> None:
    said = {key: value for key, value in (GOOD | change).items() if value is not None}
    found = check({"rules.md": page("You must pay the fee."), "answers.md": page("Pay the fee first.", **said)})
    codes = [name for name, _, _ in places(found) if name != "unreadable"]
    assert codes == ([code] if code else [])


def test_a_slip_in_a_cited_name_gets_the_nearest_one(check: Check) -> None:
    found = check({"rules.md": page("You must pay."), "answers.md": page("Pay.", **(GOOD | {"cites": "ruels.md"}))})
    assert [finding.fix for finding in found] == ["did you mean kb/rules.md?"]
