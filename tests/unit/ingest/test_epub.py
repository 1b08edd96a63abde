from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from ingest.epub import epub_chapters

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/a.opf"/></rootfiles></container>'
ITEM = '<item id="{0}" href="{0}%20x.xhtml" media-type="application/xhtml+xml" properties="{1}"/>'


def written(folder: Path, *, locked: str = "") -> Path:
    items = ITEM.format("one", "") + ITEM.format("two", "") + ITEM.format("contents", "nav")
    spine = "".join(f'<itemref idref="{name}"/>' for name in ("contents", "two", "one", "gone"))
    path = folder / "a.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/a.opf", f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>")
        for name in ("one", "two", "contents"):
            archive.writestr(f"OPS/{name} x.xhtml", f"<p>{name}</p>")
        if locked:
            reference = f'<CipherReference URI="{locked}"/>'
            archive.writestr("META-INF/encryption.xml", f"<encryption>{reference}</encryption>")
    return path


def test_chapters_come_in_the_order_of_the_spine_without_the_contents(tmp_path: Path) -> None:
    assert list(epub_chapters(written(tmp_path))) == ["<p>two</p>", "<p>one</p>"]


def test_a_locked_chapter_makes_the_book_encrypted(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        list(epub_chapters(written(tmp_path, locked="OPS/one%20x.xhtml")))
    assert caught.value.reason == "encrypted"


def test_a_scrambled_font_locks_nothing(tmp_path: Path) -> None:
    assert len(list(epub_chapters(written(tmp_path, locked="OPS/font.otf")))) == 2


def test_a_zip_of_something_else_is_malformed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        archive.writestr("a.txt", "words")
    with pytest.raises(UnreadableDocument, match=r"container\.xml"):
        list(epub_chapters(tmp_path / "a.epub"))
