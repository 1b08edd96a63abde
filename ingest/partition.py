"""A file through unstructured's elements into blocks; only the parser's child process imports this."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("UNSTRUCTURED_DISABLE_NOTICE", "1")

from unstructured.documents.elements import CodeSnippet, Element, ElementMetadata, ListItem, NarrativeText, Title
from unstructured.documents.elements import Table as TableElement

from ingest.blocks import Block, BlockKind
from ingest.formats import Format
from ingest.frontmatter import split_front_matter
from ingest.markup import main_content, table_from_html
from ingest.questions import faq_blocks, is_faq, number_units
from ingest.reasons import UnreadableReason, unreadable
from ingest.rows import Table, table_blocks
from ingest.textfiles import decode

__all__ = ["partition"]

_BOLD_LINE_LEVEL = 7  # below every heading that HTML knows
_MAX_BOLD_HEADING_WORDS = 15
_IGNORED = ("Header", "Footer", "PageBreak", "PageNumber", "Image", "Picture", "FigureCaption", "CheckBox")


def partition(path: Path, file_format: Format) -> list[Block]:
    """The blocks of a file, never none; raises `UnreadableDocument` with the reason."""
    blocks = number_units(_with_lead_ins(_blocks(_READERS[file_format](path))))
    if not any(any(c.isalnum() for c in block.text) for block in blocks):
        raise unreadable(UnreadableReason.EMPTY)
    return blocks
