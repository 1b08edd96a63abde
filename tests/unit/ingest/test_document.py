from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from core.passages import Window
from core.types import DocumentMeta
from ingest.blocks import Block, BlockKind
from ingest.document import prepare, version_id
from ingest.formats import Format
from ingest.sources import SourceDocument, SourceFile

ROOT = Path("/kb")
SOURCE = SourceDocument(SourceFile("kb/work_permits.pdf", ROOT, ROOT / "work_permits.pdf", Format.PDF), "hash")
WINDOW = Window(lambda text: len(text.split()), 256)
TEXT = Block(BlockKind.PARAGRAPH, "You need a permit.")


def test_the_title_is_what_was_said_then_the_first_heading_then_the_file_name() -> None:
    said = replace(SOURCE, meta=DocumentMeta(title="Said"))
    heading = Block(BlockKind.HEADING, "Found", level=1)
    titles = [prepare(source, blocks, WINDOW).meta.title for source, blocks in
              ((said, [heading, TEXT]), (SOURCE, [heading, TEXT]), (SOURCE, [TEXT]))]  # fmt: skip
    assert titles == ["Said", "Found", "work permits"]


def test_the_version_follows_document_content_metadata_and_text() -> None:
    meta = DocumentMeta(title="A")
    ids = {
        version_id("kb/a", "1", meta, "text"),
        version_id("kb/b", "1", meta, "text"),
        version_id("kb/a", "2", meta, "text"),
        version_id("kb/a", "1", replace(meta, language="fr"), "text"),
        version_id("kb/a", "1", meta, "what tesseract saw"),
    }
    assert len(ids) == 5
    assert version_id("kb/a", "1", DocumentMeta(title="A"), "text") in ids


def test_a_document_without_a_passage_is_empty() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        prepare(SOURCE, [Block(BlockKind.PARAGRAPH, "\u200b")], WINDOW)
    assert caught.value.reason == "empty"


def test_a_title_from_the_text_carries_no_characters_that_nobody_sees() -> None:
    heading = Block(BlockKind.HEADING, "Fees \u202egpj.exe", level=1)
    assert prepare(SOURCE, [heading, TEXT], WINDOW).meta.title == "Fees gpj.exe"
