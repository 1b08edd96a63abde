from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from ingest.opendocument import opendocument_html

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style")
)


def written(path: Path, body: str, *, styles: str = "", manifest: str = "") -> Path:
    content = f"<office:document-content {NAMES} xmlns:fo='urn:fo'>{styles}<office:body>{body}</office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", f"{content}</office:document-content>")
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def html_of(folder: Path, body: str, *, styles: str = "") -> str:
    page = opendocument_html(written(folder / "a.odt", body, styles=styles))
    return page.removeprefix("<html><body>").removesuffix("</body></html>")


def test_headings_paragraphs_and_lists(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="2">Fees</text:h><text:p>You<text:s text:c="2"/>need:</text:p>'
        "<text:list><text:list-item><text:p>a photo</text:p></text:list-item></text:list>"
    )
    assert html_of(tmp_path, body) == "<h2>Fees</h2><p>You  need:</p><ul><li><p>a photo</p></li></ul>"


def test_a_bold_line_stays_bold(tmp_path: Path) -> None:
    styles = '<style:style style:name="P1"><style:text-properties fo:font-weight="bold"/></style:style>'
    assert html_of(tmp_path, '<text:p text:style-name="P1">Can I work?</text:p>', styles=styles) == (
        "<p><b>Can I work?</b></p>"
    )


def test_cells_that_repeat_are_written_out_and_empty_ones_are_not(tmp_path: Path) -> None:
    row = (
        '<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>5</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )
    assert html_of(tmp_path, f"<table:table>{row}</table:table>") == (
        "<table><tr><td><p>5</p></td><td><p>5</p></td><td></td></tr></table>"
    )


def test_what_was_deleted_or_noted_by_a_reviewer_is_left_out(tmp_path: Path) -> None:
    body = "<text:tracked-changes><text:p>old</text:p></text:tracked-changes><text:p>new</text:p>"
    assert html_of(tmp_path, body) == "<p>new</p>"


def test_a_locked_document_is_encrypted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.odt", "", manifest="<manifest:encryption-data/>")
    with pytest.raises(UnreadableDocument) as caught:
        opendocument_html(path)
    assert caught.value.reason == "encrypted"
