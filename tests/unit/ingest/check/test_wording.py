from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places


@pytest.mark.parametrize(
    "sentence",
    [
        "You will get a visa for Canada.",
        "You will receive your permanent residence in Canada.",
        "Your application will be approved by the office.",
        "You qualify for a work permit in Canada.",
        "A place in Canada is guaranteed to every applicant.",
    ],
)
def test_a_promise_is_found(check: Check, sentence: str) -> None:
    assert places(check({"a.md": page(f"Some words first.\n\n{sentence}")})) == [("promise", "kb/a.md", 8)]


@pytest.mark.parametrize(
    "sentence",
    [
        "You will get a letter from the office in Canada.",
        "If your application is approved, you will get a visa.",
        "You may qualify for a work permit in Canada.",
        "Nobody can promise that you will get a visa.",
        "A visa is not guaranteed by an invitation.",
    ],
)
def test_what_promises_nothing_is_left_alone(check: Check, sentence: str) -> None:
    assert check({"a.md": page(sentence)}) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The fee for a visa is $100.", True),
        ("A decision on a visa usually takes about eight weeks.", True),
        ("As of May 2026 the fee for a visa is $100.", False),
        ("The fee for a visa was $100 in May 2026.", False),
        ("The fee for a visa is $100 (https://www.canada.ca/fees).", False),
        ("The visa is valid for eight weeks.", False),
    ],
)
def test_a_figure_that_changes_needs_its_day_or_a_link(check: Check, sentence: str, found: bool) -> None:
    assert places(check({"a.md": page(sentence)})) == ([("figure-without-date", "kb/a.md", 6)] if found else [])


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("# Visas\n\nYou need one.\n\n## Fees\n\n## Forms\n\nFill in the form.", "empty-heading", 10),
        ("# Visas\n\nYou need one.\n\n## Fees", "empty-heading", 10),
        ("# Visas\n\n" + "You need a visa for Canada. " * 30, "long-paragraph", 8),
        ("# Visas\n\nYou need a visa.\n\n- Fill in the form.\n- Pay for it.", "list-without-lead-in", 10),
    ],
)
def test_a_shape_that_makes_poor_answers_is_found(check: Check, body: str, code: str, line: int) -> None:
    assert places(check({"a.md": page(body)})) == [(code, "kb/a.md", line)]


def test_a_list_with_its_lead_in_is_left_alone(check: Check) -> None:
    assert check({"a.md": page("# Visas\n\nFollow these steps:\n\n1. Fill in the form.\n2. Send it off.")}) == []
