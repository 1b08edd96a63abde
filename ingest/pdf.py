"""A PDF as headings, paragraphs, list items and tables, with the pages they stand on; scans are recognised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from core.errors import UnreadableDocument
from ingest.blocks import Block
from ingest.limits import MAX_PIXELS, ParseLimits
from ingest.ocr import Recognised, recognise, require_ocr, require_recognised
from ingest.pdfforms import dynamic_form, form_fields
from ingest.pdfium import drawn_page, page_count, plain_page, plain_pages
from ingest.pdfpages import read_page
from ingest.printed import CID, PlacedTable, PrintedPage, printed_content
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["pdf_content"]

_MIN_CHARS_PER_PAGE = 16  # a scanner adds a page number or a stamp of its own
_MAX_CID_SHARE = 0.2


def pdf_content(path: Path, *, limits: ParseLimits) -> Iterator[Block | PlacedTable]:
    """What the pages say, in reading order; raises `UnreadableDocument` for one that is locked or only pictures."""
    count = page_count(path)
    if count is not None and count > limits.pages:
        raise unreadable(UnreadableReason.TOO_LARGE, f"{count:,} pages; MAX_PAGES allows {limits.pages:,}")
    form: list[PlacedTable] = []
    try:
        with pdfplumber.open(path) as pdf:
            if (blocks := dynamic_form(pdf)) is not None:
                return iter(blocks)
            pages = [_read(page, path) for page in pdf.pages]
            form = form_fields(pdf)
    except PdfminerException as error:
        if isinstance(_cause(error), PDFPasswordIncorrect | PDFEncryptionError):
            raise unreadable(UnreadableReason.ENCRYPTED) from error
        # Viewers open files that break the format's rules, so an editor takes them for sound.
        pages = plain_pages(path)
    return chain(printed_content(_with_text(pages, path, limits, is_form=bool(form))), form)


def _read(page: Page, path: Path) -> PrintedPage:
    number = page.page_number
    try:
        return read_page(page)
    except Exception as error:
        if isinstance(_cause(error), MemoryError):
            raise MemoryError from error  # the second reader would need as much, and ends the process without it
        # One page that breaks the format's rules, in whatever way, must not cost the others.
        return plain_page(path, number)


def _cause(error: Exception) -> object:
    return error.args[0] if isinstance(error, PdfminerException) and error.args else error


def _with_text(pages: list[PrintedPage], path: Path, limits: ParseLimits, *, is_form: bool) -> list[PrintedPage]:
    """The pages, those without letters recognised; raises `UnreadableDocument` when no text comes of all of them."""
    wanting = [page for page in pages if _is_picture(page)]
    letters = sum(_letters(page) for page in pages if not _is_picture(page))
    is_scan = letters < _MIN_CHARS_PER_PAGE * len(pages) and not any(page.tables for page in pages) and not is_form
    if not wanting:
        if not letters and is_scan:
            raise unreadable(UnreadableReason.EMPTY)
        return pages
    try:
        require_ocr(limits.ocr_languages)
    except UnreadableDocument:
        if is_scan:
            raise
        return pages  # pictures between pages of text are mostly that
    found = {page.number: _recognised(page, path, limits) for page in wanting}
    if is_scan:
        require_recognised(found.values(), limits.ocr_languages)
    return [replace(page, lines=found[page.number].lines) if page.number in found else page for page in pages]


def _is_picture(page: PrintedPage) -> bool:
    texts = [line.text for line in page.lines]
    letters, coded = sum(map(len, texts)), sum(len(code) for text in texts for code in CID.findall(text))
    if coded > _MAX_CID_SHARE * letters:
        return True  # its fonts do not tell which letters they show
    return letters < _MIN_CHARS_PER_PAGE and page.pixels > 0 and not page.tables


def _letters(page: PrintedPage) -> int:
    return sum(len(line.text) for line in page.lines)


def _recognised(page: PrintedPage, path: Path, limits: ParseLimits) -> Recognised:
    if page.pixels > MAX_PIXELS:
        detail = f"a picture on page {page.number} has {page.pixels:,} dots; save it smaller"
        raise unreadable(UnreadableReason.TOO_LARGE, detail)
    picture, dpi = drawn_page(path, page.number)
    return recognise(picture, dpi=dpi, languages=limits.ocr_languages)
