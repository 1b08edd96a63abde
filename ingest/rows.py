"""Tables as rows that can each be read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.blocks import Block, BlockKind

__all__ = ["Table", "table_blocks"]

_MAX_HEADER_WORDS = 12
_FIGURE = re.compile(r"[\d.,:%$€£/\-\s()]+")


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
        if not value or (header, value) == previous:
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
    """1 when the first row names the columns: short, distinct texts, and no figures, above at least one more row."""
    if len(rows) < 2:
        return 0
    first = [cell for cell in rows[0] if cell]
    if len(first) < 2 or len(first) < len(rows[0]) - 1 or len(set(first)) < len(first):
        return 0
    if any(len(cell.split()) > _MAX_HEADER_WORDS or _FIGURE.fullmatch(cell) for cell in first):
        return 0
    return 0 if _is_label_column(rows) else 1


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
            left = cell or (left if depth < len(header_rows) - 1 else "")
            if left and left not in stacked[column]:
                stacked[column].append(left)
    return tuple(", ".join(names) for names in stacked)
