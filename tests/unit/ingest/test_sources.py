from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import NotFound, UnreadableDocument
from ingest.formats import Format
from ingest.sources import discover, fingerprint, read_source, source_file

MAX = 1 << 20


def write(path: Path, text: str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_finds_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.txt", "a/b.html", "c.pdf"):
        write(tmp_path / "kb" / name)
    assert [file.id for file in discover(tmp_path / "kb")] == ["kb/a/b.html", "kb/a/z.txt", "kb/b.md", "kb/c.pdf"]


def test_leaves_out_hidden_files_sidecars_and_locks_of_editors(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/a.md", "a.pdf", "a.pdf.meta.yaml", "~$a.docx"):
        write(tmp_path / name)
    assert [file.path.name for file in discover(tmp_path)] == ["a.pdf"]


def test_follows_no_link_that_leads_outside(tmp_path: Path) -> None:
    outside = write(tmp_path / "secret.txt")
    write(tmp_path / "kb/a.md")
    (tmp_path / "kb/b.txt").symlink_to(outside)
    (tmp_path / "kb/c").symlink_to(tmp_path)
    (tmp_path / "kb/d.md").symlink_to(tmp_path / "kb/a.md")
    assert [file.id for file in discover(tmp_path / "kb")] == ["kb/a.md", "kb/d.md"]


def test_a_link_in_a_circle_and_a_name_that_is_no_text_keep_nothing_else_out(tmp_path: Path) -> None:
    write(tmp_path / "kb/a.md")
    (tmp_path / "kb/b.md").symlink_to(tmp_path / "kb/b.md")
    unnamed = write(tmp_path / "kb/caf\udce9.md")
    assert [file.id for file in discover(tmp_path / "kb")] == ["kb/a.md"]
    for path in (tmp_path / "kb/b.md", unnamed):
        with pytest.raises(NotFound):
            source_file(path, tmp_path / "kb")


def test_a_missing_folder_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no folder"):
        list(discover(tmp_path / "gone"))


def test_a_file_outside_the_root_is_not_found(tmp_path: Path) -> None:
    write(tmp_path / "kb/a.md")
    with pytest.raises(NotFound):
        source_file(write(tmp_path / "b.md"), tmp_path / "kb")


def test_the_fingerprint_follows_bytes_and_sidecar(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf")
    first = fingerprint(source_file(path, tmp_path), max_bytes=MAX)
    sidecar = write(tmp_path / "a.pdf.meta.yaml", "title: A")
    second = fingerprint(source_file(path, tmp_path), max_bytes=MAX)
    sidecar.unlink()
    assert fingerprint(source_file(path, tmp_path), max_bytes=MAX) == first != second
    path.write_text("Other text.")
    assert fingerprint(source_file(path, tmp_path), max_bytes=MAX) != first


def test_a_sidecar_stands_above_the_file_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "---\ntitle: Own\nlanguage: fr\n---\nText")
    write(tmp_path / "a.md.meta.yaml", "title: Better")
    meta = read_source(source_file(path, tmp_path), "hash", max_bytes=MAX).meta
    assert (meta.title, meta.language) == ("Better", "fr")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.exe", "x", "unsupported"),
        ("Makefile", "x", "unsupported"),
        ("a.md", "", "empty"),
        ("a.md", "x" * 2000, "too_large"),
    ],
)
def test_names_why_a_file_is_not_read(tmp_path: Path, name: str, text: str, reason: str) -> None:
    file = source_file(write(tmp_path / name, text), tmp_path)
    with pytest.raises(UnreadableDocument) as caught:
        read_source(file, "hash", max_bytes=1000)
    assert caught.value.reason == reason


def test_the_format_is_told_by_the_suffix_in_any_case(tmp_path: Path) -> None:
    assert source_file(write(tmp_path / "A.PDF"), tmp_path).format is Format.PDF
