"""CSV, XLSX and XLS as tables, cell by cell as written: no figure is rounded and no "NA" is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.archive import check_archive
from ingest.reasons import UnreadableReason, unreadable
from ingest.rows import MAX_HEADER_ROWS, Table, is_value, names_figures

if TYPE_CHECKING:
    import xlrd  # type: ignore[import-untyped]

__all__ = ["read_csv", "read_csv_lines", "read_xls", "read_xlsx"]

_DELIMITERS = ",;\t|"
_MAX_CELLS = 2_000_000  # a sheet of 200,000 rows by 10 columns; formatting alone can claim a billion


def read_csv(text: str) -> Table:
    """The cells of delimited text; the delimiter is the one that splits the first lines most evenly."""
    return Table(tuple(row for _, row in read_csv_lines(text)))


def read_csv_lines(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The same, each row that holds something with the number of the line on which it begins, from 1 on."""
    csv.field_size_limit(len(text) + 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    reader = csv.reader(io.StringIO(lines), delimiter=_delimiter(lines))
    found: list[tuple[int, tuple[str, ...]]] = []
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((begins, tuple(cell.strip() for cell in row)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(UnreadableReason.MALFORMED, str(error)) from error
    return found


def _delimiter(text: str) -> str:
    """The delimiter under which the first rows have the most columns in common; a comma when none splits them."""
    best, most = ",", 1
    for delimiter in _DELIMITERS:
        rows = csv.reader(io.StringIO(text[:20_000]), delimiter=delimiter)
        widths = [len(row) for row, _ in zip(rows, range(20), strict=False) if row]
        even = min(widths[:-1] or widths, default=1)
        if even > most:
            best, most = delimiter, even
    return best


def read_xlsx(path: Path) -> Iterator[tuple[str | None, Table]]:
    """Each sheet that holds something, as its name, None for a default one, and its cells as shown."""
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    check_archive(path)
    with path.open("rb") as stream:
        workbook = load_workbook(stream, read_only=True, data_only=True)
        budget = _MAX_CELLS
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            rows: list[tuple[str, ...]] = []
            for row in sheet.iter_rows():
                budget -= len(row)
                if budget < 0:
                    raise unreadable(UnreadableReason.TOO_LARGE, f"more than {_MAX_CELLS:,} cells")
                cells = tuple(_shown(cell.value, cell.number_format) for cell in row)
                rows.append(cells if any(cells) else ())
            yield from _named_tables(sheet.title, rows)


def read_xls(path: Path) -> Iterator[tuple[str | None, Table]]:
    """As `read_xlsx`, for the older format; raises `UnreadableDocument` when it is locked."""
    import xlrd

    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        reason = UnreadableReason.ENCRYPTED if "encrypted" in str(error).lower() else UnreadableReason.MALFORMED
        raise unreadable(reason, "" if reason is UnreadableReason.ENCRYPTED else str(error)) from error
    for sheet in book.sheets():
        if sheet.visibility == 0:
            rows = [tuple(_old_cell(book, cell) for cell in sheet.row(number)) for number in range(sheet.nrows)]
            yield from _named_tables(sheet.name, [row if any(row) else () for row in rows])


def _old_cell(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    import xlrd

    pattern = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _shown(xlrd.xldate_as_datetime(cell.value, book.datemode), pattern)
        except (ValueError, OverflowError):
            return _shown(cell.value, None)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _shown(bool(cell.value), None)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return _shown(cell.value or None if isinstance(cell.value, str) else cell.value, pattern)


def _named_tables(title: str, rows: list[tuple[str, ...]]) -> Iterator[tuple[str | None, Table]]:
    name = None if title.lower().startswith(("sheet", "tabelle", "feuil", "hoja")) else title
    yield from ((name if number == 0 else None, table) for number, table in enumerate(_tables(rows)))


def _tables(rows: list[tuple[str, ...]]) -> Iterator[Table]:
    """Blocks of rows between empty ones, each cut to the columns it uses; a header keeps to the figures below it."""
    waiting: list[tuple[str, ...]] = []
    for block in _blocks(rows):
        if waiting and names_figures(waiting[-1], block[:1]):
            block = waiting + block
        elif waiting:
            yield _table(waiting)
        is_header = len(block) <= MAX_HEADER_ROWS and not any(is_value(cell) for row in block for cell in row)
        waiting = block if is_header else []
        if not is_header:
            yield _table(block)
    if waiting:
        yield _table(waiting)


def _blocks(rows: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    block: list[tuple[str, ...]] = []
    for row in [*rows, ()]:
        if row:
            block.append(row)
        elif block:
            yield block
            block = []


def _table(rows: list[tuple[str, ...]]) -> Table:
    used = [i for i in range(max(map(len, rows))) if any(i < len(row) and row[i] for row in rows)]
    return Table(tuple(tuple(row[i] if i < len(row) else "" for i in used) for row in rows))


def _shown(value: object, number_format: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float | int):
        return _shown_number(value, number_format or "General")
    return str(value).strip()


def _shown_number(value: float, number_format: str) -> str:
    """A figure as its format shows it, for the formats people use: decimals, thousands, percent, currency before it."""
    pattern = number_format.split(";")[0]
    decimals = len(pattern.split(".")[1].rstrip("%) ").strip('"')) if "." in pattern and "0" in pattern else 0
    grouped = "," if "#,#" in pattern or "0,0" in pattern else ""
    if "%" in pattern:
        return f"{value * 100:{grouped}.{decimals}f}%"
    currency = next((sign for sign in ("$", "€", "£", "¥") if sign in pattern), "")
    if pattern.strip('#0,.$€£¥"[]-_() ') == "" and "0" in pattern:
        return f"{currency}{value:{grouped}.{decimals}f}"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
