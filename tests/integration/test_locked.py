"""PDFs with passwords, and with more pages than may be read, through the real child process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.formats import Format
from ingest.parser import Parser
from tests.pdf_bytes import Print, pdf_bytes

TEXT = "You need a permit to study longer than six months."


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings(max_pages=3)) as parser:
        yield parser


def locked(path: Path, *, user: str, algorithm: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_bytes([Print(TEXT)]))))
    writer.encrypt(user, "the owner's", algorithm=algorithm)
    writer.write(path)
    return path


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_file_that_only_forbids_copying_is_read(parser: Parser, tmp_path: Path, algorithm: str) -> None:
    path = locked(tmp_path / "a.pdf", user="", algorithm=algorithm)
    assert [block.text for block in parser.parse(path, Format.PDF)] == [TEXT]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_file_that_asks_for_a_password_is_encrypted(parser: Parser, tmp_path: Path, algorithm: str) -> None:
    path = locked(tmp_path / "a.pdf", user="its reader's", algorithm=algorithm)
    with pytest.raises(UnreadableDocument) as caught:
        parser.parse(path, Format.PDF)
    assert caught.value.reason == "encrypted"


def test_more_pages_than_may_be_read_are_too_large(parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_bytes(*[[Print(TEXT)]] * 4))
    with pytest.raises(UnreadableDocument, match="4 pages; MAX_PAGES allows 3") as caught:
        parser.parse(tmp_path / "a.pdf", Format.PDF)
    assert caught.value.reason == "too_large"
