"""An edit that takes longer than anybody waits."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest

from api.editing import Editing
from api.knowledge import KnowledgeSync
from core.errors import Conflict, UnreadableDocument
from ingest.library import Library
from ingest.pipeline import Ingestor
from ingest.report import SyncReport
from ingest.unreadable import UnreadableFile
from retrieval.store import ChunkStore


class SlowKnowledge:
    """Indexes nothing until it is let go."""

    def __init__(self, report: SyncReport) -> None:
        self.go = threading.Event()
        self.report = report

    def refresh(self, paths: Iterable[Path]) -> SyncReport:
        self.go.wait(10)
        return self.report


class Examiner:
    def examine(self, path: Path, root: Path) -> None:
        """Every file can be read."""


class Meddler(Examiner):
    """Somebody saves the file in the folder while it is examined."""

    def examine(self, path: Path, root: Path) -> None:
        (root / "a.md").write_text("Newer text.")


def _editing(folder: Path, knowledge: SlowKnowledge, *, wait_s: float, examiner: Examiner | None = None) -> Editing:
    (folder / "kb").mkdir()
    library = Library(folder / "kb", folder / "trash", max_bytes=1000)
    return Editing(
        library, cast(Ingestor, examiner or Examiner()), cast(KnowledgeSync, knowledge), store=cast(ChunkStore, None),
        erase=lambda *_: pytest.fail("erased"), wait_s=wait_s,
    )  # fmt: skip


def test_the_caller_is_let_go_and_the_work_goes_on(tmp_path: Path) -> None:
    knowledge = SlowKnowledge(SyncReport())
    editing = _editing(tmp_path, knowledge, wait_s=0)
    settled = editing.add("a.md", io.BytesIO(b"Text."))
    assert not settled.finished
    assert editing.busy == {"kb/a.md"}
    knowledge.go.set()
    for thread in threading.enumerate():
        if thread.name == "editing":
            thread.join(5)
    assert editing.busy == frozenset()


def test_what_only_indexing_finds_out_is_told_too(tmp_path: Path) -> None:
    report = SyncReport(unreadable=[UnreadableFile("kb/a.md", "hash", "timed_out", "Too long.")])
    knowledge = SlowKnowledge(report)
    knowledge.go.set()
    with pytest.raises(UnreadableDocument, match="Too long"):
        _editing(tmp_path, knowledge, wait_s=10).add("a.md", io.BytesIO(b"Text."))


def test_words_about_a_file_do_not_bring_its_former_text_back(tmp_path: Path) -> None:
    editing = _editing(tmp_path, SlowKnowledge(SyncReport()), wait_s=0, examiner=Meddler())
    (tmp_path / "kb" / "a.md").write_text("Text.")
    with pytest.raises(Conflict, match="changed"):
        editing.replace("kb/a.md", said={"title": "A"})
    assert (tmp_path / "kb" / "a.md").read_text() == "Newer text."
