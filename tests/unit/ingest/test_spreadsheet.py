from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from core.errors import UnreadableDocument
from ingest.spreadsheet import read_csv, read_xlsx


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = delimiter.join(("Permit", "Fee")) + "\n" + delimiter.join(("Study", "150")) + "\n"
    assert read_csv(text).cells == (("Permit", "Fee"), ("Study", "150"))


def test_values_stay_as_they_were_written() -> None:
    table = read_csv("Code,Fee,Country\n007,25.00,NA\nIMM,1e5,null\n")
    assert table.cells[1:] == (("007", "25.00", "NA"), ("IMM", "1e5", "null"))


def test_quoted_cells_keep_their_line_ends() -> None:
    assert read_csv('Q,A\n"Why?","One.\n\nTwo, three."\n').cells[1] == ("Why?", "One.\n\nTwo, three.")


def test_cells_are_shown_as_their_format_shows_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Fee", "Share", "Day", "Count", "Left"])
    sheet.append([1234.5, 0.125, date(2026, 1, 2), 7.0, 0.1])
    for cell, number_format in zip(sheet[2], ("$#,##0.00", "0.0%", "yyyy-mm-dd", "General", "General"), strict=True):
        cell.number_format = number_format
    book.save(tmp_path / "a.xlsx")
    [(name, table)] = read_xlsx(tmp_path / "a.xlsx")
    assert name is None
    assert table.cells[1] == ("$1,234.50", "12.5%", "2026-01-02", "7", "0.1")


def test_each_sheet_and_each_block_of_rows_is_a_table(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append([])
    book.active.append(["c", "d"])
    book.create_sheet("Fees").append(["e"])
    book.create_sheet("Secret").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    found = [(name, table.cells) for name, table in read_xlsx(tmp_path / "a.xlsx")]
    assert found == [(None, (("a", "b"),)), (None, (("c", "d"),)), ("Fees", (("e",),))]


def test_a_header_keeps_to_the_figures_below_an_empty_row(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Fees of permits"], [], ["", "Study", "Work"], [], ["Ontario", 150, 155], ["Quebec", 90, 95]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [table.cells for _, table in read_xlsx(tmp_path / "a.xlsx")] == [
        (("Fees of permits",),),
        (("", "Study", "Work"), ("Ontario", "150", "155"), ("Quebec", "90", "95")),
    ]


def test_a_workbook_that_unpacks_too_far_is_not_opened(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", bytes(17 << 20))
    with pytest.raises(UnreadableDocument, match="unpacks to 17 MiB"):
        next(read_xlsx(tmp_path / "a.xlsx"))
