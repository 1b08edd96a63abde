from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places


def _both(first: str, second: str, **said: str) -> dict[str, str]:
    return {"a.md": page(f"# Own subject\n\n{first}"), "b.md": page(f"# Own matter\n\n{second}", **said)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Most visitors can stay in Canada for up to six months from the day they enter.",
            "Visitors can usually stay in Canada for up to 3 months from the day they enter.",
        ),
        (
            "You have 60 days to submit your application for permanent residence after an Express Entry invitation.",
            "After an Express Entry invitation you have 90 days to submit your application for permanent residence.",
        ),
        (
            "You can work off campus up to 24 hours a week during academic sessions if your study permit allows it.",
            "If your study permit allows off-campus work, you can work up to 20 hours a week during academic sessions.",
        ),
        (
            "As of May 2026 the fee for a Canadian study permit is $150.",
            "As of May 2026 the Canadian study permit fee is CAD 170 as of the official page.",
        ),
        (
            "A child must be under 22 years old to be included in a Canadian application.",
            "To be included in a Canadian application a child must be under 19 years old.",
        ),
    ],
)
def test_the_same_rule_with_another_figure_is_found(check: Check, first: str, second: str) -> None:
    found = [finding for finding in check(_both(first, second)) if finding.code == "figures-differ"]
    assert places(found) == [("figures-differ", "kb/b.md", 8)]
    assert "kb/a.md:8" in found[0].message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Most visitors can stay in Canada for up to six months from the day they enter.",
            "Most visitors can stay in Canada for up to 6 months from the day they enter.",
        ),
        (
            "A super visa lets parents and grandparents stay in Canada for up to five years at a time.",
            "A parent or grandparent in Canada can ask to extend a super visa stay for up to two years at a time.",
        ),
        (
            "You can ask the Federal Court for permission to challenge refusals within 15 days if made in Canada.",
            "You can ask the Federal Court for permission to challenge refusals within 60 days if made abroad.",
        ),
        (
            "The visa for a spouse is valid for two years after you arrive in Canada.",
            "The visa for a student is valid for three years after you arrive in Canada.",
        ),
        (
            "You should apply at least 30 days before your Canadian permit expires.",
            "You can apply up to 90 days before your Canadian permit expires.",
        ),
        (
            "You pay the fee within two weeks.",
            "The office in Ottawa opens again after two years of repair work on the building.",
        ),
    ],
)
def test_other_rules_with_other_figures_are_left_alone(check: Check, first: str, second: str) -> None:
    assert check(_both(first, second)) == []


@pytest.mark.parametrize(
    "said",
    [
        {"jurisdiction": "GB"},
        {"supersedes": "a.md"},
        {"audience": "staff"},
    ],
)
def test_figures_that_nobody_reads_together_are_left_alone(check: Check, said: dict[str, str]) -> None:
    first = "Most visitors can stay in the country for up to six months from the day they enter."
    assert check(_both(first, first.replace("six", "three"), **said)) == []
