"""A reply in a terminal."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from api.printing import print_reply

NEAREST = {
    "id": 1, "page": None, "jurisdiction": "CA", "title": "Fees in Canada", "document_id": "kb/canada/fees.md",
    "quote": "It costs 150 dollars.", "effective_from": "2026-05-01", "effective_to": None, "url": "https://www.canada.ca/fees",
}  # fmt: skip


def _printed(**changes: Any) -> str:
    console = Console(file=io.StringIO(), width=100)
    reply = {
        "answer": "I am not sure.", "abstained": True, "sentences": [], "citations": [], "warnings": [],
        "suggestions": ["What does it cost?", "Where do I pay?"], "nearest": None, "next_steps": [],
        "headings": {"nearest": "Nearest", "suggestions": "Did you mean one of these?"}, **changes,
    }  # fmt: skip
    print_reply(console, reply)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_refusal_lists_what_it_offers() -> None:
    assert "Did you mean one of these?\n• What does it cost?\n• Where do I pay?" in _printed()


def test_what_comes_nearest_is_printed_once_with_its_source_and_date() -> None:
    printed = _printed(nearest=NEAREST)
    assert printed.index("What does it cost?") < printed.index("It costs 150 dollars.")
    assert "It costs 150 dollars. [1]" in printed
    assert "[1] Fees in Canada, in force since 1 May 2026 kb/canada/fees.md" in printed
    assert "\nCanada\nhttps://www.canada.ca/fees" in printed
    assert printed.index("Nearest\n") < printed.index("What does it cost?")
    assert "Did you mean one of these?\n• Where do I pay?" in printed
    assert printed.count("What does it cost?") == 1


def test_nothing_is_asked_where_what_is_shown_is_all_there_is() -> None:
    assert "Did you mean" not in _printed(nearest=NEAREST, suggestions=["What does it cost?"])
