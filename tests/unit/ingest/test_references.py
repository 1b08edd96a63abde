from __future__ import annotations

from pathlib import Path

import pytest

from ingest.references import document_id_of
from ingest.sources import SourceFile, read_source, source_file


@pytest.fixture
def file(tmp_path: Path) -> SourceFile:
    for name in ("canada/new.md", "canada/old.md", "general/old.md", "top.md"):
        path = tmp_path / "kb" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("---\nsupersedes: old.md\n---\nText.")
    return source_file(tmp_path / "kb/canada/new.md", tmp_path / "kb")


@pytest.mark.parametrize(
    ("reference", "document_id"),
    [
        ("old.md", "kb/canada/old.md"),
        ("./old.md", "kb/canada/old.md"),
        ("../general/old.md", "kb/general/old.md"),
        ("general/old.md", "kb/general/old.md"),
        ("general\\old.md", "kb/general/old.md"),
        ("kb/general/old.md", "kb/general/old.md"),
        ("top.md", "kb/top.md"),
    ],
)
def test_a_file_is_found_from_its_folder_from_the_root_and_by_its_id(
    file: SourceFile, reference: str, document_id: str
) -> None:
    assert document_id_of(reference, file) == document_id


@pytest.mark.parametrize(
    ("reference", "document_id"),
    [
        ("gone.md", "kb/canada/gone.md"),
        ("../gone.md", "kb/gone.md"),
        ("schengen/gone.md", "kb/schengen/gone.md"),
        ("kb/schengen/gone.md", "kb/schengen/gone.md"),
        ("../../outside.md", "outside.md"),
        ("https://www.gov.uk/visa", "https://www.gov.uk/visa"),
    ],
)
def test_a_file_that_is_gone_is_named_by_its_spelling(file: SourceFile, reference: str, document_id: str) -> None:
    assert document_id_of(reference, file) == document_id


def test_the_document_that_is_stored_names_the_other_by_its_id(file: SourceFile) -> None:
    assert read_source(file, "hash", max_bytes=1000).meta.supersedes == "kb/canada/old.md"
