"""Whole answers on different days: over HTTP, from the command line and from the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from core.settings import Settings
from tests.command_line import assistant
from tests.conftest import make_settings, served

_QUESTION = "How much is the study permit fee in Canada?"
_FEE = """---
title: Study permit fee in Canada {name}
jurisdiction: CA
{dates}
---
# Study permit fee in Canada

The fee for a study permit in Canada is ${fee}. You pay the study permit fee online when you apply.
"""
_FEES = {
    "first": ("effective_from: 2020-01-01", 150),
    "second": ("effective_from: 2026-01-01\neffective_to: 2026-12-31\nsupersedes: first.md", 170),
    "third": ("effective_from: 2027-01-01\nsupersedes: canada/second.md", 190),
}
_STAFF = "---\ntitle: Fee desk\naudience: staff\njurisdiction: CA\nsupersedes: third.md\n---\nThe fee is secret.\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("dated")
    folder = root / "kb" / "canada"
    folder.mkdir(parents=True)
    for name, (dates, fee) in _FEES.items():
        (folder / f"{name}.md").write_text(_FEE.format(name=name, dates=dates, fee=fee))
    (folder / "staff.md").write_text(_STAFF)
    return make_settings(root / "data", knowledge_base=root / "kb")


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with served(settings) as server:
        yield server


def _ask(address: str, **sent: str) -> Any:
    return httpx.post(f"{address}/chat", json={"question": _QUESTION, **sent}, timeout=30).json()


def _fees(reply: Any) -> set[int]:
    text = reply["answer"] + " ".join(citation["quote"] for citation in reply["citations"])
    return {fee for _, fee in _FEES.values() if f"${fee}" in text}


@pytest.mark.parametrize(
    ("day", "fee"),
    [
        ("2020-01-01", 150),
        ("2025-12-31", 150),
        ("2026-01-01", 170),
        ("2026-12-31", 170),
        ("2027-01-01", 190),
        ("2099-01-01", 190),
    ],
)
def test_the_answer_is_that_of_the_day_and_of_no_other(address: str, day: str, fee: int) -> None:
    reply = _ask(address, as_of=day)
    assert _fees(reply) == {fee}
    assert reply["as_of"] == day


def test_before_the_first_rule_nothing_is_answered(address: str) -> None:
    assert _ask(address, as_of="2019-12-31")["abstained"]


def test_without_a_day_it_is_today(address: str) -> None:
    assert _ask(address)["as_of"] == date.today().isoformat()


def test_an_answer_shows_from_when_to_when_its_rules_hold(address: str) -> None:
    citation = _ask(address, as_of="2026-06-01")["citations"][0]
    assert (citation["effective_from"], citation["effective_to"]) == ("2026-01-01", "2026-12-31")


def test_the_command_line_asks_for_another_day_and_shows_the_dates(address: str, settings: Settings) -> None:
    done = assistant("ask", "--as-of", "2026-06-01", _QUESTION, data_dir=settings.data_dir)
    shown = " ".join(done.stdout.split())
    assert "$170" in shown
    assert "in force from 1 January 2026 to 31 December 2026" in shown
