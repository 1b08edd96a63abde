"""A file through unstructured's elements into blocks; only the parser's child process imports this."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("UNSTRUCTURED_DISABLE_NOTICE", "1")

from unstructured.documents.elements import Element, ElementMetadata, ListItem, NarrativeText, Title
from unstructured.documents.elements import Table as TableElement

from ingest.archive import check_archive
from ingest.blocks import LISTED, Block, BlockKind, leads_in
from ingest.formats import Format
from ingest.furniture import without_contents
from ingest.hidden_docx import seen_docx
from ingest.hidden_html import hidden_in_page
from ingest.limits import ParseLimits
from ingest.markup import main_content, table_from_html, table_to_html
from ingest.questions import faq_blocks, is_faq, number_units
from ingest.readers import READERS, Content, Page
from ingest.reasons import UnreadableReason, unreadable
from ingest.rows import Table, table_blocks

__all__ = ["partition"]

_BOLD_LINE_LEVEL = 7  # below every heading that HTML knows
_MAX_BOLD_HEADING_WORDS = 15
_NUMBER = re.compile(r"(\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_IGNORED = ("Header", "Footer", "PageBreak", "PageNumber", "Image", "Picture", "FigureCaption", "CheckBox")


def partition(path: Path, file_format: Format, *, limits: ParseLimits) -> list[Block]:
    """The blocks of a file, never none; raises `UnreadableDocument` with the reason."""
    parts = list(_blocks(_elements(path, file_format, limits)))
    seen = [block for block in parts if not block.hidden]
    # What nobody sees must neither complete a list nor answer a question: it comes after all that is seen.
    blocks = [*number_units(_with_lead_ins(without_contents(seen))), *(block for block in parts if block.hidden)]
    if not any(any(c.isalnum() for c in block.text) for block in blocks):
        raise unreadable(UnreadableReason.EMPTY)
    return blocks


@cache
def _use_offline_language_tools() -> None:
    """Give unstructured a tokeniser that is built on the spot: its own model would be downloaded at the first text.

    Its tags only tell a title from prose where the source does not, which we decide by the source's structure instead.
    """
    import spacy
    from unstructured.nlp import tokenize

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    tokenize._get_nlp = lambda: pipeline  # type: ignore[assignment]


def _elements(path: Path, file_format: Format, limits: ParseLimits) -> Iterator[Element]:
    if file_format is Format.DOCX:
        yield from _elements_of_docx(path)
    elif file_format is Format.PPTX:
        yield from _elements_of_pptx(path)
    else:
        for content in READERS[file_format](path, limits):
            yield from _elements_of(content)


def _elements_of(content: Content) -> Iterable[Element]:
    if isinstance(content, Page):
        return _elements_of_page(content.source)
    if isinstance(content, Block):
        return [_element(content)]
    table, page = (content, None) if isinstance(content, Table) else content
    return [_table_element(table, page)]


def _elements_of_page(source: str) -> Iterable[Element]:
    from unstructured.partition.html import partition_html

    if not source.strip():
        raise unreadable(UnreadableReason.EMPTY)
    _use_offline_language_tools()
    content = main_content(source)
    seen = partition_html(text=content, languages=[""]) if content.strip() else []
    return [*seen, *map(_element, hidden_in_page(source))]


def _elements_of_docx(path: Path) -> Iterable[Element]:
    from unstructured.partition.docx import partition_docx

    check_archive(path)
    _use_offline_language_tools()
    source, hidden = seen_docx(path)
    with source:
        return [*partition_docx(file=source, languages=[""]), *map(_element, hidden)]


def _elements_of_pptx(path: Path) -> Iterator[Element]:
    from unstructured.partition.pptx import partition_pptx

    check_archive(path)
    _use_offline_language_tools()
    for element in partition_pptx(filename=str(path), languages=[""], include_slide_notes=True):
        # Short lines outside a title's place are called titles too, of a lower rank.
        is_guess = element.category == "Title" and element.metadata.category_depth
        page = ElementMetadata(page_number=element.metadata.page_number)
        yield NarrativeText(text=element.text, metadata=page) if is_guess else element


def _blocks(elements: Iterable[Element]) -> Iterator[Block]:
    for element in elements:
        if element.category in _IGNORED:
            continue
        if element.category == "Table" and element.metadata.text_as_html:
            table, page = table_from_html(element.metadata.text_as_html), element.metadata.page_number
            yield from faq_blocks(table, page=page) if is_faq(table) else table_blocks(table, page=page)
        elif element.text.strip():
            yield _block(element)


def _block(element: Element) -> Block:
    text, page, depth = " ".join(element.text.split()), element.metadata.page_number, element.metadata.category_depth
    if element.category == "Title" and depth is not None:
        return Block(BlockKind.HEADING, text, level=depth + 1, page=page)
    if element.category == "ListItem":
        number = _NUMBER.match(text)
        text = text[number.end() :] if number else text
        return Block(
            BlockKind.LIST_ITEM, text, level=max(1, depth or 1), page=page, marker=number[1] if number else "-"
        )
    if element.category == "CodeSnippet":
        return Block(BlockKind.CODE, element.text.strip("\n"), page=page)
    if _is_bold_heading(element, text):
        return Block(BlockKind.HEADING, text, level=_BOLD_LINE_LEVEL, page=page)
    return Block(BlockKind.PARAGRAPH, text, page=page, hidden=getattr(element.metadata, "hidden", False))


def _is_bold_heading(element: Element, text: str) -> bool:
    bold = " ".join(" ".join(element.metadata.emphasized_text_contents or ()).split())
    is_short = len(text.split()) <= _MAX_BOLD_HEADING_WORDS
    return bold == text and is_short and not text.endswith((".", "!", ":", ";", ",", "。"))


def _with_lead_ins(blocks: Iterable[Block]) -> Iterator[Block]:
    """List items and rows learn the sentence they hang on."""
    before: Block | None = None
    lead_in: str | None = None
    for block in blocks:
        if block.kind not in LISTED:
            lead_in = None
        elif before is not None and before.kind not in LISTED and leads_in(before, block):
            lead_in = before.text
        yield replace(block, lead_in=block.lead_in or lead_in)
        before = block


def _element(block: Block) -> Element:
    metadata = ElementMetadata(page_number=block.page)
    metadata.hidden = block.hidden
    if block.kind is BlockKind.HEADING:
        metadata.category_depth = (block.level or 1) - 1
        return Title(text=block.text, metadata=metadata)
    if block.kind is BlockKind.LIST_ITEM:
        metadata.category_depth = block.level
        ordered = block.marker is not None and block.marker != "-"
        return ListItem(text=f"{block.marker} {block.text}" if ordered else block.text, metadata=metadata)
    return NarrativeText(text=block.text, metadata=metadata)


def _table_element(table: Table, page: int | None) -> Element:
    return TableElement(text="", metadata=ElementMetadata(page_number=page, text_as_html=table_to_html(table)))
