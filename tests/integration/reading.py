"""Reading files through the parser's child in tests, and what was read in short."""

from __future__ import annotations

from pathlib import Path

from ingest.blocks import Block, BlockKind
from ingest.formats import format_of
from ingest.parser import Parser

__all__ = ["read", "said"]


def read(parser: Parser, path: Path) -> list[Block]:
    file_format = format_of(path)
    assert file_format is not None
    return parser.parse(path, file_format)


def said(blocks: list[Block]) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in blocks]
