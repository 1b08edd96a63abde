"""One child that reads files for all applications of a test module: each of its own would import for two seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from core.settings import Settings
from ingest.limits import ParseLimits
from ingest.parser import Parser

__all__ = ["kept_parsers"]


class _KeptParser(Parser):
    """Outlives the application that closes it."""

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()


@contextmanager
def kept_parsers() -> Iterator[None]:
    """Within the block applications of the same limits share a parser; the real one, in a process of its own."""
    kept: dict[ParseLimits, _KeptParser] = {}

    def parser(settings: Settings) -> Parser:
        limits = ParseLimits.of(settings)
        if limits not in kept:
            kept[limits] = _KeptParser(settings)
            opened.callback(kept[limits].end)
        return kept[limits]

    with ExitStack() as opened:
        opened.enter_context(patch("api.bootstrap.Parser", parser))
        yield
