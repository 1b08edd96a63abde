"""A file through unstructured's elements into blocks; only the parser's child process imports this."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("UNSTRUCTURED_DISABLE_NOTICE", "1")

from unstructured.documents.elements import Element, ElementMetadata, ListItem, NarrativeText, Title
from unstructured.documents.elements import Table as TableElement

from ingest.blocks import LISTED, Block, BlockKind, leads_in
from ingest.formats import Format
from ingest.frontmatter import split_front_matter
from ingest.furniture import without_contents
from ingest.markup import main_content, table_from_html, table_to_html
from ingest.questions import faq_blocks, is_faq, number_units
from ingest.reasons import UnreadableReason, unreadable
from ingest.rows import Table, table_blocks
from ingest.textfiles import decode

__all__ = ["partition"]

_BOLD_LINE_LEVEL = 7  # below every heading that HTML knows
_MAX_BOLD_HEADING_WORDS = 15
_NUMBER = re.compile(r"(\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_IGNORED = ("Header", "Footer", "PageBreak", "PageNumber", "Image", "Picture", "FigureCaption", "CheckBox")


def partition(path: Path, file_format: Format) -> list[Block]:
    """The blocks of a file, never none; raises `UnreadableDocument` with the reason."""
    blocks = number_units(_with_lead_ins(without_contents(list(_blocks(_READERS[file_format](path))))))
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


def _elements_of_page(source: str) -> list[Element]:
    from unstructured.partition.html import partition_html

    if not source.strip():
        raise unreadable(UnreadableReason.EMPTY)
    _use_offline_language_tools()
    content = main_content(source)
    return list(partition_html(text=content, languages=[""])) if content.strip() else []


def _read_html(path: Path) -> Iterable[Element]:
    return _elements_of_page(decode(path.read_bytes()))


def _read_markdown(path: Path) -> Iterable[Element]:
    from markdown_it import MarkdownIt

    # CommonMark lets a list follow its lead-in without an empty line, as editors write it; python-markdown does not.
    _, text = split_front_matter(decode(path.read_bytes()))
    return _elements_of_page(MarkdownIt("commonmark").enable("table").render(text))


def _read_text(path: Path) -> Iterable[Element]:
    from ingest.plaintext import text_blocks

    _, text = split_front_matter(decode(path.read_bytes()))
    return map(_element, text_blocks(text))


def _read_pdf(path: Path) -> Iterable[Element]:
    from ingest.pdf import pdf_content

    return (_element(part) if isinstance(part, Block) else _table_element(*part) for part in pdf_content(path))


def _read_docx(path: Path) -> Iterable[Element]:
    from unstructured.partition.docx import partition_docx

    _use_offline_language_tools()
    return list(partition_docx(filename=str(path), languages=[""]))


def _read_pptx(path: Path) -> Iterable[Element]:
    from unstructured.partition.pptx import partition_pptx

    _use_offline_language_tools()
    for element in partition_pptx(filename=str(path), languages=[""], include_slide_notes=True):
        # Short lines outside a title's place are called titles too, of a lower rank.
        is_guess = element.category == "Title" and element.metadata.category_depth
        yield (
            NarrativeText(text=element.text, metadata=ElementMetadata(page_number=element.metadata.page_number))
            if (is_guess)
            else element
        )


def _read_csv(path: Path) -> Iterable[Element]:
    from ingest.spreadsheet import read_csv

    return [_table_element(read_csv(decode(path.read_bytes())), None)]


def _read_xlsx(path: Path) -> Iterable[Element]:
    from ingest.spreadsheet import read_xlsx

    for name, table in read_xlsx(path):
        if name:
            yield _element(Block(BlockKind.HEADING, name, level=1))
        yield _table_element(table, None)


def _read_eml(path: Path) -> Iterable[Element]:
    from ingest.mail import read_mail
    from ingest.plaintext import text_blocks

    mail = read_mail(path.read_bytes())
    yield from map(_element, mail.head)
    yield from _elements_of_page(mail.body) if mail.is_html else map(_element, text_blocks(mail.body))


_READERS: dict[Format, Callable[[Path], Iterable[Element]]] = {
    Format.MARKDOWN: _read_markdown,
    Format.TEXT: _read_text,
    Format.HTML: _read_html,
    Format.PDF: _read_pdf,
    Format.DOCX: _read_docx,
    Format.PPTX: _read_pptx,
    Format.CSV: _read_csv,
    Format.XLSX: _read_xlsx,
    Format.EML: _read_eml,
}


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
    return Block(BlockKind.PARAGRAPH, text, page=page)


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
