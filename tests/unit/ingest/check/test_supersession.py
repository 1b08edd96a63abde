from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places


@pytest.mark.parametrize("name", ["old.md", "./old.md", "kb/canada/old.md", "canada/old.md"])
def test_a_successor_may_name_the_older_one_in_any_way(check: Check, name: str) -> None:
    files = {"canada/old.md": page("The old rule."), "canada/new.md": page(supersedes=name)}
    assert check(files) == []


def test_a_name_that_leads_nowhere_gets_the_nearest_one(check: Check) -> None:
    files = {"study-permit.md": page("The old rule."), "new.md": page(supersedes="study-permits.md")}
    [finding] = check(files)
    assert places([finding]) == [("supersedes-nothing", "kb/new.md", 5)]
    assert finding.fix == "did you mean kb/study-permit.md?"


def test_a_document_that_supersedes_itself_is_found(check: Check) -> None:
    assert places(check({"a.md": page(supersedes="a.md")})) == [("supersedes-itself", "kb/a.md", 5)]


def test_a_circle_is_told_once_with_its_way(check: Check) -> None:
    files = {
        name: page(f"Rule {name}.", supersedes=older)
        for name, older in (("a.md", "b.md"), ("b.md", "c.md"), ("c.md", "a.md"))
    }
    [finding] = check(files)
    assert places([finding]) == [("supersedes-in-a-circle", "kb/a.md", 5)]
    assert "kb/a.md → kb/b.md → kb/c.md → kb/a.md" in finding.message


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({}, {}, True),
        ({"effective_to": "2026-12-31"}, {"effective_from": "2026-12-31"}, True),
        ({"effective_to": "2026-12-31"}, {"effective_from": "2027-01-01"}, False),
        ({"audience": "staff"}, {}, False),
    ],
)
def test_two_successors_on_the_same_days_are_found(
    check: Check, first: dict[str, str], second: dict[str, str], found: bool
) -> None:
    files = {
        "old.md": page("The old rule."),
        "one.md": page("Rule one.", supersedes="old.md", **first),
        "two.md": page("Rule two.", supersedes="old.md", **second),
    }
    assert (("superseded-twice", "kb/two.md", 5) in places(check(files))) is found


def test_a_successor_in_another_country_or_for_others_is_found(check: Check) -> None:
    files = {
        "old.md": page("The old rule."),
        "uk.md": page("The rule over there.", supersedes="old.md", jurisdiction="GB"),
        "staff.md": page("The rule at the desk.", supersedes="old.md", audience="staff"),
    }
    assert places(check(files)) == [("supersedes-for-others", "kb/staff.md", 5), ("supersedes-abroad", "kb/uk.md", 5)]


def test_a_countrys_rule_may_replace_that_of_its_area(check: Check) -> None:
    files = {
        "old.md": page("The old rule.", jurisdiction="SCHENGEN"),
        "new.md": page("The new rule.", jurisdiction="DE", supersedes="old.md"),
    }
    assert check(files) == []
