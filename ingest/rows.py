"""Tables as rows that can each be read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.blocks import Block, BlockKind

__all__ = ["MAX_HEADER_ROWS", "Table", "is_value", "names_figures", "row_text", "table_blocks"]

MAX_HEADER_ROWS = 3
_MAX_HEADER_WORDS = 12
_FIGURE = re.compile(r"[\d.,:%$€£/\-–—\s()]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHARE_OF_FIGURES = 0.5  # of what stands below a header of several rows


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, row by row. `header_rows` is None where the source does not tell which rows are headers."""

    cells: tuple[tuple[str, ...], ...]
    header_rows: int | None = None


def table_blocks(table: Table, *, page: int | None = None, lead_in: str | None = None) -> list[Block]:
    """One row block a data row, "Header: value; Header: value"; a table of one column gives paragraphs."""
    rows = [tuple(_flat(cell) for cell in row) for row in table.cells]
    if table.header_rows is None and (captions := _captions(rows)):
        rest = Table(table.cells[len(captions) :])
        return [Block(BlockKind.PARAGRAPH, text, page=page) for text in captions] + table_blocks(
            rest, page=page, lead_in=lead_in
        )
    header_count = _header_count(rows) if table.header_rows is None else table.header_rows
    if (again := _header_again(rows, header_count)) is not None:
        parts = Table(table.cells[:again], table.header_rows), Table(table.cells[again:], table.header_rows)
        return [block for part in parts for block in table_blocks(part, page=page, lead_in=lead_in)]
    header_rows = [row for row in rows[:header_count] if any(row)]
    body = [row for row in rows[header_count:] if any(row)]
    headers = _merged(header_rows)
    if not body:
        return [Block(BlockKind.PARAGRAPH, text, page=page) for text in headers if text]
    if max(len(row) for row in rows) == 1:
        return [Block(BlockKind.PARAGRAPH, row[0], page=page, lead_in=lead_in) for row in [*header_rows, *body]]
    return [Block(BlockKind.ROW, row_text(headers, row), page=page, lead_in=lead_in) for row in body]


def _captions(rows: list[tuple[str, ...]]) -> list[str]:
    """The texts above a table: first rows with one cell filled where others have more."""
    captions: list[str] = []
    for row in rows:
        filled = [cell for cell in row if cell]
        if len(filled) > 1:
            return captions
        captions += filled
    return []


def row_text(headers: tuple[str, ...], row: tuple[str, ...]) -> str:
    """The row in words; a cell without a header, or a label that only repeats, stands alone."""
    if not headers and sum(map(bool, row)) == 2:
        label, value = (cell for cell in row if cell)
        return f"{label.rstrip(':')}: {value}"
    return _joined(_parts(headers, row))


def _parts(headers: tuple[str, ...], row: tuple[str, ...]) -> Iterator[str]:
    previous = None
    for column, value in enumerate(row):
        header = headers[column] if column < len(headers) else ""
        is_merged = (header, value) == previous and (header or not _FIGURE.fullmatch(value))
        if not value or is_merged:
            continue
        previous = (header, value)
        yield f"{header.rstrip(':')}: {value}" if header and header != value else value


def _joined(parts: Iterator[str]) -> str:
    text = ""
    for part in parts:
        if text:
            text += " " if text.endswith((".", "!", "?", "。")) else "; "
        text += part.rstrip(";").rstrip()
    return text


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _header_count(rows: list[tuple[str, ...]]) -> int:
    """How many rows name the columns: up to three above rows of figures, or the first, when all its cells do."""
    for count in range(2, MAX_HEADER_ROWS + 1):
        is_header = len(rows) > count and not any(is_value(cell) for row in rows[:count] for cell in row)
        if is_header and not all(rows[0]) and names_figures(rows[count - 1], rows[count : count + 5]):
            return count
    return int(_names_columns(rows))


def _names_columns(rows: list[tuple[str, ...]]) -> bool:
    """Whether the first row holds short, distinct texts, and no figures but years, above at least one more row."""
    if len(rows) < 2:
        return False
    first = [cell for cell in rows[0] if cell]
    if len(first) < 2 or len(first) < len(rows[0]) - 1 or len(set(first)) < len(first):
        return False
    if any(len(cell.split()) > _MAX_HEADER_WORDS or is_value(cell) for cell in first):
        return False
    return not _has_years_below(rows) and not _is_label_column(rows)


def names_figures(names: tuple[str, ...], below: list[tuple[str, ...]]) -> bool:
    """Whether `names` are short, and most of what stands `below` them are figures."""
    columns = [column for column, name in enumerate(names) if name and column > 0]
    if len(columns) < 2 or any(len(names[column].split()) > _MAX_HEADER_WORDS for column in columns):
        return False
    cells = [row[column] for row in below for column in columns if column < len(row) and row[column]]
    return bool(cells) and sum(map(is_value, cells)) >= _SHARE_OF_FIGURES * len(cells)


def is_value(cell: str) -> bool:
    """Whether the cell is a figure, an amount or a date, and not a year, which may name a column."""
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _has_years_below(rows: list[tuple[str, ...]]) -> bool:
    # "Founded | 1999" above "Closed | 2005" is a row among others; a year above fees is the year of the fees.
    years = [column for column, cell in enumerate(rows[0]) if _YEAR.fullmatch(cell)]
    return any(column < len(row) and _YEAR.fullmatch(row[column]) for row in rows[1:] for column in years)


def _header_again(rows: list[tuple[str, ...]], count: int) -> int | None:
    """Where the header comes again below, with another row above its last one at most."""
    if not count:
        return None
    again = (at for at in range(count, len(rows)) if rows[at] == rows[count - 1])
    return next((max(count, at - count + 1) for at in again), None)


def _is_label_column(rows: list[tuple[str, ...]]) -> bool:
    # Two columns where every left cell ends in a colon are labels with values: the first row is one of them.
    return all(len(row) == 2 and row[0].endswith(":") for row in rows)


def _merged(header_rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Stacked headers in one: "Fees" above "Adult" is "Fees, Adult"; an empty cell takes the one to its left."""
    if not header_rows:
        return ()
    width = max(map(len, header_rows))
    stacked: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(header_rows):
        left = ""
        for column in range(width):
            cell = row[column] if column < len(row) else ""
            # The first column holds the rows' names: what stands above it is not said of the others.
            left = cell or (left if depth < len(header_rows) - 1 and column != 1 else "")
            if left and left not in stacked[column]:
                stacked[column].append(left)
    return tuple(", ".join(names) for names in stacked)
