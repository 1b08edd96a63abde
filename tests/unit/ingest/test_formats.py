from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from ingest.formats import Format, advice_for, format_of, suffixes_of
from ingest.reasons import UnreadableReason

DOCS = (Path(__file__).parents[3] / "docs" / "formats.md").read_text()
ROWS = [line for line in DOCS.splitlines() if line.startswith("| ")]


def test_a_format_is_told_by_the_ending_in_any_case() -> None:
    assert format_of(PurePath("a/B.PDF")) is Format.PDF
    assert format_of(PurePath("a/pdf")) is None


def test_an_old_format_is_told_what_to_save_it_as() -> None:
    assert advice_for(PurePath("a.DOC")) == ".doc: open it in Word and save it as .docx"
    assert advice_for(PurePath("a")) == "no ending"


@pytest.mark.parametrize("file_format", list(Format))
def test_every_format_and_its_endings_are_in_the_docs(file_format: Format) -> None:
    endings = ", ".join(f"`{suffix}`" for suffix in suffixes_of(file_format))
    assert sum(row.startswith(f"| {endings} |") for row in ROWS) == 1


def test_the_docs_list_every_reason_with_its_sentence_and_no_other() -> None:
    listed = [row for row in ROWS if row.startswith("| `") and row.count("|") == 3 and "` |" in row]
    assert listed == [f"| `{reason}` | {reason.sentence} |" for reason in UnreadableReason]
