"""A PDF as headings, paragraphs, list items and tables, with the pages they stand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from ingest.blocks import Block
from ingest.furniture import edge_key, is_contents_line, page_number, repeated
from ingest.layout import PrintedLine, Word, lines_in_reading_order
from ingest.reasons import UnreadableReason, unreadable
from ingest.reflow import Line, is_item, reflow
from ingest.rows import Table

__all__ = ["pdf_content"]

PlacedTable = tuple[Table, int]

_HEADING_SIZE = 1.12  # times the size of most text
_MAX_HEADING_SHARE = 0.3  # of the letters; more than that is not headings
_MAX_HEADING_WORDS = 25
_MAX_LEVELS = 4
_GAP = 1.3  # times the usual distance of two lines
_MIN_CHARS_PER_PAGE = 16  # a scanner adds a page number or a stamp of its own
_MAX_CID_SHARE = 0.2
_CID = re.compile(r"\(cid:\d+\)")
_ICON = re.compile(r"[\ue000-\uf06f\uf0fc-\uf8ff]")  # fonts of symbols; what is left out are bullets of Word's
_MAX_CELL_WORDS = 180  # a cell that is longer than a passage and a half is a column of a page
_MIN_CONTENT_SHARE = 0.3
_MAX_DRAWN = 400  # small shapes on a page; more are a drawing
_EDGE_TOLERANCE = 4.0  # points
_BULLET_SIZES = (2.0, 9.0)  # points
_BULLET_REACH = 24.0  # points to the word that it stands before
_BULLET_TYPE = 10.0  # points; about the type of text that has a bullet of such a size
_DOUBLED = 0.2  # share of letters printed twice to look bold


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    lines: tuple[PrintedLine, ...]
    tables: tuple[tuple[float, tuple[float, float], Table], ...]  # top, left and right edge, cells
    has_images: bool


def pdf_content(path: Path) -> Iterator[Block | PlacedTable]:
    """What the pages say, in reading order; raises `UnreadableDocument` for one that is locked or only pictures."""
    try:
        with pdfplumber.open(path) as pdf:
            pages = [_read_page(page) for page in pdf.pages]
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect | PDFEncryptionError):
            raise unreadable(UnreadableReason.ENCRYPTED) from error
        raise
    _require_text(pages)
    return _content(_without_furniture(pages))


def _read_page(page: Page) -> _Page:
    try:
        page = _upright_once(page)
        tables = [found for found in page.find_tables() if _is_table(found.extract())] if _has_rules(page) else []
        text_page = page
        for found in tables:
            text_page = text_page.outside_bbox(_within(found.bbox, page.bbox), strict=False)
        words = text_page.extract_words(x_tolerance_ratio=0.15, y_tolerance=2, extra_attrs=["size", "fontname"])
        return _Page(
            number=page.page_number,
            lines=tuple(lines_in_reading_order([*_words(words), *_drawn_bullets(text_page, words)])),
            tables=tuple((t.bbox[1], (t.bbox[0], t.bbox[2]), Table(_cells(t.extract()))) for t in tables),
            has_images=bool(page.images),
        )
    finally:
        page.close()


def _upright_once(page: Page) -> Page:
    chars = page.chars
    twice = sum(
        a["text"] == b["text"] and abs(a["x0"] - b["x0"]) < 1 and abs(a["top"] - b["top"]) < 1
        for a, b in zip(chars, chars[1:], strict=False)
    )
    if twice > _DOUBLED * len(chars):
        page = page.dedupe_chars()
    return page


def _has_rules(page: Page) -> bool:
    return len(page.lines) + len(page.rects) + len(page.curves) > 3


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, float, float, float]:
    return max(inner[0], outer[0]), max(inner[1], outer[1]), min(inner[2], outer[2]), min(inner[3], outer[3])


def _is_table(cells: Sequence[Sequence[str | None]]) -> bool:
    """Whether ruled boxes hold a table: two rows and columns or more, mostly filled, with values rather than pages."""
    texts = [cell or "" for row in cells for cell in row]
    columns = max((sum(bool((cell or "").strip()) for cell in row) for row in cells), default=0)
    if len(cells) < 2 or columns < 2 or sum(bool(text.strip()) for text in texts) < len(texts) * 0.4:
        return False
    return max(len(text.split()) for text in texts) <= _MAX_CELL_WORDS


def _cells(cells: Sequence[Sequence[str | None]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_CID.sub("", cell or "") for cell in row) for row in cells)


def _words(found: Sequence[dict[str, object]]) -> Iterator[Word]:
    for word in found:
        text, font = _ICON.sub("", str(word["text"])), str(word["fontname"]).lower()
        x0, x1, top, bottom, size = (float(str(word[key])) for key in ("x0", "x1", "top", "bottom", "size"))
        if text.strip():
            yield Word(text, x0, x1, top, bottom, size, bold=any(mark in font for mark in ("bold", "black", "heavy")))


def _drawn_bullets(page: Page, words: Sequence[dict[str, object]]) -> Iterator[Word]:
    """Bullets that were drawn rather than written: small, about square, and alone before a word."""
    begins = [(float(str(word["x0"])), float(str(word["top"])), float(str(word["bottom"]))) for word in words]
    shapes = [*page.curves, *page.rects, *page.images]
    for shape in shapes if len(shapes) <= _MAX_DRAWN else ():
        x0, x1, top, bottom = (float(shape[key]) for key in ("x0", "x1", "top", "bottom"))
        wide, high = x1 - x0, bottom - top
        if not (_BULLET_SIZES[0] <= wide <= _BULLET_SIZES[1] and 0.6 <= wide / max(high, 0.1) <= 1.6):
            continue
        middle = (top + bottom) / 2
        if any(0 < begin - x1 < _BULLET_REACH and above < middle < below for begin, above, below in begins):
            yield Word("•", x0, x1, top, bottom, size=_BULLET_TYPE, bold=False)


def _require_text(pages: Sequence[_Page]) -> None:
    texts = [line.text for page in pages for line in page.lines]
    letters = sum(len(text) for text in texts)
    has_tables = any(page.tables for page in pages)
    if letters < _MIN_CHARS_PER_PAGE * len(pages) and not has_tables:
        if any(page.has_images for page in pages):
            raise unreadable(UnreadableReason.NEEDS_OCR)
        if not letters:
            raise unreadable(UnreadableReason.EMPTY)
    coded = sum(len(code) for text in texts for code in _CID.findall(text))
    if coded > _MAX_CID_SHARE * letters:
        raise unreadable(UnreadableReason.NEEDS_OCR, "its fonts do not tell which letters they show")


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
    by_height = [sorted(page.lines, key=lambda line: line.top) for page in pages]
    furniture = repeated([line.text for line in lines] for lines in by_height)
    cleaned = []
    for page, lines in zip(pages, by_height, strict=True):
        edges = {id(line) for line in [*lines[:3], *lines[-3:]]}
        numbers = {
            id(line) for line in [*lines[:1], *lines[-1:]] if page_number(line.text) is not None and len(pages) > 1
        }
        kept = [
            replace(line, text=_CID.sub("", line.text))
            for line in page.lines
            if not (id(line) in edges and edge_key(line.text) in furniture)
            and id(line) not in numbers
            and not is_contents_line(line.text)
        ]
        cleaned.append(replace(page, lines=tuple(line for line in kept if line.text.strip())))
    # Pages that are alike throughout have no running heads: they are one page, copied.
    left, all_of_it = (sum(len(line.text) for page in some for line in page.lines) for some in (cleaned, pages))
    return cleaned if left >= all_of_it * _MIN_CONTENT_SHARE else list(pages)


def _content(pages: Sequence[_Page]) -> Iterator[Block | PlacedTable]:
    levels = _Levels(pages)
    pitch = _pitch(pages)
    run: list[Line] = []
    header: tuple[tuple[str, ...], tuple[float, float]] | None = None
    for page in pages:
        tables = list(page.tables)
        previous: PrintedLine | None = None
        for line in page.lines:
            while tables and tables[0][0] < line.top:
                yield from reflow(run, guess_headings=not levels.found)
                run = []
                _, edges, table = tables.pop(0)
                table = _continued(table, edges, header) if previous is None else table
                header = (table.cells[0], edges)
                yield table, page.number
                previous = line
            run.append(_as_line(line, previous, page.number, levels.of(line), pitch))
            previous, header = line, header if not run else None
        for _, edges, table in tables:
            yield from reflow(run, guess_headings=not levels.found)
            run = []
            table = _continued(table, edges, header) if previous is None else table
            header, previous = (table.cells[0], edges), None
            yield table, page.number
    yield from reflow(run, guess_headings=not levels.found)


def _continued(
    table: Table, edges: tuple[float, float], header: tuple[tuple[str, ...], tuple[float, float]] | None
) -> Table:
    """A table that goes on from the page before takes its header along."""
    if header is None or len(header[0]) != len(table.cells[0]) or table.cells[0] == header[0]:
        return table
    same_place = all(abs(a - b) <= _EDGE_TOLERANCE for a, b in zip(edges, header[1], strict=True))
    return Table((header[0], *table.cells)) if same_place else table


class _Levels:
    """Which sizes of type are headings, and of which level."""

    def __init__(self, pages: Sequence[_Page]) -> None:
        letters: Counter[float] = Counter()
        bold = total = 0
        for page in pages:
            for line in page.lines:
                letters[line.size] += len(line.text)
                bold += len(line.text) if line.bold else 0
                total += len(line.text)
        self._body = letters.most_common(1)[0][0] if letters else 0.0
        larger = sorted((size for size in letters if size >= self._body * _HEADING_SIZE), reverse=True)
        if sum(letters[size] for size in larger) > _MAX_HEADING_SHARE * total:
            larger = []
        self._level = {size: min(rank, _MAX_LEVELS) for rank, size in enumerate(larger, start=1)}
        self._bold_level = min(len(larger), _MAX_LEVELS) + 1 if bold <= _MAX_HEADING_SHARE * total else None
        self.found = bool(larger) or (bold > 0 and self._bold_level is not None)

    def of(self, line: PrintedLine) -> int | None:
        words = len(line.text.split())
        if words > _MAX_HEADING_WORDS or is_item(line.text) or not any(c.isalpha() for c in line.text):
            return None
        level = self._level.get(line.size)
        if level is None and line.bold and line.size >= self._body and not line.text.endswith((".", ",", ";", ":")):
            return self._bold_level
        return level


def _pitch(pages: Sequence[_Page]) -> float:
    """The usual distance from one line to the next, in type sizes."""
    steps = [
        (below.top - above.top) / above.size
        for page in pages
        for above, below in zip(page.lines, page.lines[1:], strict=False)
        if above.size == below.size and 0 < below.top - above.top < 3 * above.size
    ]
    return median(steps) if steps else 1.2


def _as_line(line: PrintedLine, previous: PrintedLine | None, page: int, level: int | None, pitch: float) -> Line:
    column = max(line.right - line.left, 1.0)
    step = (line.top - previous.top) / max(previous.size, 1.0) if previous is not None else 0.0
    gap = previous is None or step > _GAP * pitch or step < 0
    room = (line.x1 - line.x0) / max(len(line.text), 1) / column
    return Line(
        line.text, page=page, width=(line.x1 - line.left) / column, gap=gap, level=level, room=room, indent=line.x0
    )
