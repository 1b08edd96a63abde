"""What the converters share: reading JSON lines, and text put together so that its parts keep their places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["JoinedText", "read_rows"]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    # str.splitlines would also cut at a line separator inside a text.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


class JoinedText:
    """A text that grows part by part, telling where each part stands."""

    def __init__(self, *, separator: str) -> None:
        self._separator = separator
        self._parts: list[str] = []
        self._length = 0

    def add(self, part: str, *, lead: str = "") -> tuple[int, int]:
        """Append `lead` and `part`; gives the span of `part` alone."""
        start = self._length + (len(self._separator) if self._parts else 0) + len(lead)
        self._parts.append(lead + part)
        self._length = start + len(part)
        return start, self._length

    @property
    def text(self) -> str:
        return self._separator.join(self._parts)
