"""`sample-questions.csv` as editors write it, whatever program saved it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InvalidInput, UnreadableDocument
from ingest.naming import checked_name
from ingest.samples import read_samples
from ingest.sources import SAMPLES_FILE, is_document


def _read(tmp_path: Path, content: str, *, encoding: str = "utf-8") -> list[tuple[str, str | None, str, str | None]]:
    path = tmp_path / "kb" / "canada" / SAMPLES_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode(encoding))
    rows = read_samples(path, tmp_path / "kb")
    return [(row.document_id, row.question.section, row.question.text, row.country) for row in rows]


def test_a_line_names_its_document_as_it_lies_beside_the_file(tmp_path: Path) -> None:
    assert _read(tmp_path, 'document,section,question,country\nwork.md,,"pay, please?",CA\n') == [
        ("kb/canada/work.md", None, "pay, please?", "CA")
    ]


def test_columns_may_stand_in_any_order_and_country_may_be_missing(tmp_path: Path) -> None:
    assert _read(tmp_path, "Question,Section,Document\nmay i work,Who may?,work.md\n") == [
        ("kb/canada/work.md", "Who may?", "may i work", None)
    ]


def test_it_may_come_from_a_spreadsheet_with_semicolons(tmp_path: Path) -> None:
    content = "document;section;question\r\nwork.md;Who may?;may i, a nurse, work\r\nwork.md;;what do nurses earn\r\n"
    assert _read(tmp_path, content, encoding="utf-8-sig") == [
        ("kb/canada/work.md", "Who may?", "may i, a nurse, work", None),
        ("kb/canada/work.md", None, "what do nurses earn", None),
    ]


@pytest.mark.parametrize("content", ["", "document,question\na.md,why\n", "nothing of the kind\n"])
def test_another_table_is_refused_with_what_it_lacks(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableDocument, match="the first line lacks .*'section'"):
        _read(tmp_path, content)


def test_lines_that_are_short_lack_what_they_lack(tmp_path: Path) -> None:
    assert _read(tmp_path, "document,section,question\nwork.md,,why\nwork.md\n")[1] == (
        "kb/canada/work.md", None, "", None,
    )  # fmt: skip


def test_lines_are_numbered_as_in_the_file_whatever_stands_between(tmp_path: Path) -> None:
    path = tmp_path / "kb" / SAMPLES_FILE
    path.parent.mkdir()
    path.write_text('document,section,question\n\n\nwork.md,,why\nwork.md,,"one\ntwo"\nwork.md,,how\n')
    assert [row.line for row in read_samples(path, tmp_path / "kb")] == [4, 5, 7]


def test_a_file_of_more_lines_than_anybody_writes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="20,000 lines are the most"):
        _read(tmp_path, "document,section,question\n" + "work.md,,why\n" * 20_001)


def test_the_name_is_taken_in_every_folder() -> None:
    assert not is_document(("canada", SAMPLES_FILE))
    with pytest.raises(InvalidInput, match="kept for the knowledge base"):
        checked_name(SAMPLES_FILE.upper())
