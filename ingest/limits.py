"""How much one file may take: time, memory, pages and languages to recognise are settings, the rest is fixed here."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["MAX_EXPANDED_BYTES", "MAX_PIXELS", "MAX_RATIO", "ParseLimits"]

MAX_EXPANDED_BYTES = 512 << 20  # of all members of a zip; a DOCX of 900 pages expands to 14 MiB without its pictures
MAX_RATIO = 200  # one member beside its packed size, above 16 MiB; XML packs to a fortieth, a bomb to a thousandth
MAX_PIXELS = 80_000_000  # of one picture: A2 at 300 dots an inch is 35 million, in memory three bytes each


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What holds for every file that a child reads."""

    timeout_s: float = 300.0
    memory_mb: int = 2048
    pages: int = 3000
    ocr_languages: str = "eng"

    @classmethod
    def of(cls, settings: Settings) -> ParseLimits:
        return cls(settings.parse_timeout_s, settings.parse_memory_mb, settings.max_pages, settings.ocr_languages)

    def encode(self) -> str:
        """As one argument of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> ParseLimits:
        return cls(**json.loads(text))
