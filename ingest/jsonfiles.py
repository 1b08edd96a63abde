"""JSON, and JSON line by line, as data whose values are written as in the file."""

from __future__ import annotations

import json

from ingest.reasons import UnreadableReason, unreadable
from ingest.records import Value

__all__ = ["read_json"]


def read_json(text: str) -> Value:
    """The data; raises `UnreadableDocument` naming the line when it is no JSON, or is nested too deeply."""
    if not text.strip():
        raise unreadable(UnreadableReason.EMPTY)
    try:
        return _parsed(text)
    except RecursionError as error:
        raise unreadable(UnreadableReason.TOO_LARGE, "it is nested too deeply") from error


def _parsed(text: str) -> Value:
    try:
        return _as_text(_load(text))
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith(("{", "[")):
            raise unreadable(UnreadableReason.MALFORMED, str(error)) from error
        try:
            return [_as_text(_load(line)) for line in lines]
        except json.JSONDecodeError:
            raise unreadable(UnreadableReason.MALFORMED, str(error)) from error


def _load(text: str) -> object:
    # Figures stay as they are written: 12.50 must not become 12.5.
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _as_text(value: object) -> Value:
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
