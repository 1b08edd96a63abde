"""The questions that are being answered when a process dies."""

from __future__ import annotations

from datetime import date

from chains.stored import Ask

__all__ = ["ASKER", "asks"]

ASKER = "anonymous:ana"


def asks(count: int) -> list[Ask]:
    """The first `count` questions, each with a key of its own; a repeated call gives equal ones."""
    return [_ask(number) for number in range(count)]


def _ask(number: int) -> Ask:
    question = f"What does rule {number} of the keep document say?"
    return Ask(question, as_of=date(2026, 11, 20), idempotency_key=f"key-{number}")
