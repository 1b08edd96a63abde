"""Printed pages into headings, paragraphs, list items and tables, with the pages they stand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.blocks import Block
from ingest.furniture import edge_key, is_contents_line, page_number, repeated
from ingest.layout import PrintedLine
from ingest.reflow import Line, is_item, reflow
from ingest.rows import Table

__all__ = ["CID", "PlacedTable", "PrintedPage", "PrintedTable", "printed_content"]

PlacedTable = tuple[Table, int]
"""A table and the number of its page."""

CID = re.compile(r"\(cid:\d+\)")
"""What stands for a letter whose font does not tell which one it is."""

_HEADING_SIZE = 1.12  # times the size of most text
_MAX_HEADING_SHARE = 0.3  # of the letters; more than that is not headings
_MAX_HEADING_WORDS = 25
_MAX_LEVELS = 4
_GAP = 1.3  # times the usual distance of two lines
_MIN_CONTENT_SHARE = 0.3
_EDGE_TOLERANCE = 4.0  # points


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A ruled table in points from the top left of its page."""

    top: float
    edges: tuple[float, float]  # left and right
    cells: Table


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page as it was read; `number` counts from 1."""

    number: int
    lines: tuple[PrintedLine, ...]
    tables: tuple[PrintedTable, ...] = ()
    pixels: int = 0  # of its largest picture
    hidden: Block | None = None


def printed_content(pages: Sequence[PrintedPage]) -> Iterator[Block | PlacedTable]:
    """What the pages say, in reading order, without what only belongs to the pages."""
    yield from _content(_without_furniture(pages))
    yield from (page.hidden for page in pages if page.hidden is not None)


def _without_furniture(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    by_height = [sorted(page.lines, key=lambda line: line.top) for page in pages]
    furniture = repeated([line.text for line in lines] for lines in by_height)
    cleaned = []
    for page, lines in zip(pages, by_height, strict=True):
        edges = {id(line) for line in [*lines[:3], *lines[-3:]]}
        numbers = {
            id(line) for line in [*lines[:1], *lines[-1:]] if page_number(line.text) is not None and len(pages) > 1
        }
        kept = [
            replace(line, text=CID.sub("", line.text))
            for line in page.lines
            if not (id(line) in edges and edge_key(line.text) in furniture)
            and id(line) not in numbers
            and not is_contents_line(line.text)
        ]
        cleaned.append(replace(page, lines=tuple(line for line in kept if line.text.strip())))
    # Pages that are alike throughout have no running heads: they are one page, copied.
    left, all_of_it = (sum(len(line.text) for page in some for line in page.lines) for some in (cleaned, pages))
    return cleaned if left >= all_of_it * _MIN_CONTENT_SHARE else list(pages)


def _content(pages: Sequence[PrintedPage]) -> Iterator[Block | PlacedTable]:
    levels = _Levels(pages)
    pitch = _pitch(pages)
    run: list[Line] = []
    header: tuple[tuple[str, ...], tuple[float, float]] | None = None
    for page in pages:
        tables = list(page.tables)
        previous: PrintedLine | None = None
        for line in page.lines:
            while tables and tables[0].top < line.top:
                yield from reflow(run, guess_headings=not levels.found)
                run = []
                placed = tables.pop(0)
                table = _continued(placed, header) if previous is None else placed.cells
                header = (table.cells[0], placed.edges)
                yield table, page.number
                previous = line
            level = None if previous is not None and _goes_on(previous, line, levels, pitch) else levels.of(line)
            run.append(_as_line(line, previous, page.number, level, pitch))
            previous, header = line, header if not run else None
        for placed in tables:
            yield from reflow(run, guess_headings=not levels.found)
            run = []
            table = _continued(placed, header) if previous is None else placed.cells
            header, previous = (table.cells[0], placed.edges), None
            yield table, page.number
    yield from reflow(run, guess_headings=not levels.found)


def _continued(placed: PrintedTable, header: tuple[tuple[str, ...], tuple[float, float]] | None) -> Table:
    """A table that goes on from the page before takes its header along."""
    table = placed.cells
    if header is None or len(header[0]) != len(table.cells[0]) or table.cells[0] == header[0]:
        return table
    same_place = all(abs(a - b) <= _EDGE_TOLERANCE for a, b in zip(placed.edges, header[1], strict=True))
    return Table((header[0], *table.cells)) if same_place else table


class _Levels:
    """Which sizes of type are headings, and of which level."""

    def __init__(self, pages: Sequence[PrintedPage]) -> None:
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


def _pitch(pages: Sequence[PrintedPage]) -> float:
    """The usual distance from one line to the next, in type sizes."""
    steps = [
        (below.top - above.top) / above.size
        for page in pages
        for above, below in zip(page.lines, page.lines[1:], strict=False)
        if above.size == below.size and 0 < below.top - above.top < 3 * above.size
    ]
    return median(steps) if steps else 1.2


def _goes_on(previous: PrintedLine, line: PrintedLine, levels: _Levels, pitch: float) -> bool:
    """Whether the line ends the sentence above it, so that a word in bold type there is no heading."""
    step = (line.top - previous.top) / max(previous.size, 1.0)
    is_open = previous.text.rstrip()[-1:].isalnum() and levels.of(previous) is None
    return (
        is_open and 0 < step <= _GAP * pitch and line.x1 <= previous.x1 and line.size <= _HEADING_SIZE * previous.size
    )


def _as_line(line: PrintedLine, previous: PrintedLine | None, page: int, level: int | None, pitch: float) -> Line:
    column = max(line.right - line.left, 1.0)
    step = (line.top - previous.top) / max(previous.size, 1.0) if previous is not None else 0.0
    gap = previous is None or step > _GAP * pitch or step < 0
    room = (line.x1 - line.x0) / max(len(line.text), 1) / column
    return Line(
        line.text, page=page, width=(line.x1 - line.left) / column, gap=gap, level=level, room=room, indent=line.x0
    )
