"""Files that editors add, replace, remove and bring back."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Conflict, InvalidInput, NotFound, UnreadableDocument
from ingest.library import Library
from ingest.sources import discover

NOW = datetime(2026, 11, 20, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Library:
    (tmp_path / "kb").mkdir()
    return Library(tmp_path / "kb", tmp_path / "data" / "trash", max_bytes=1000, clock=clock)


def _add(library: Library, name: str, content: str = "Text.", folder: str = "", **said: str) -> str:
    with library.draft(library.place(name, folder), io.BytesIO(content.encode()), said=said) as draft:
        return library.add(draft)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_draft_is_seen_by_no_sync_and_leaves_nothing_when_given_up(library: Library) -> None:
    target = library.place("a.md", "new/folder")
    with library.draft(target, io.BytesIO(b"Text."), said={"title": "A"}) as draft:
        assert draft.path.read_text() == "Text."
        assert list(discover(library.root)) == []
    assert list(library.root.iterdir()) == []


def test_what_is_said_of_a_file_stands_beside_it(library: Library) -> None:
    assert _add(library, "a.pdf", folder="canada", title="Ärzte: eine Liste", jurisdiction="NO") == "kb/canada/a.pdf"
    sidecar = library.root / "canada" / "a.pdf.meta.yaml"
    assert sidecar.read_text() == "title: 'Ärzte: eine Liste'\njurisdiction: 'NO'\n"


def test_what_was_said_before_stays_unless_it_is_said_anew(library: Library) -> None:
    _add(library, "a.md", title="First", language="fr")
    with library.draft(library.path_of("kb/a.md"), None, said={"title": "Second"}) as draft:
        library.replace("kb/a.md", draft)
    assert (library.root / "a.md").read_text() == "Text."
    assert (library.root / "a.md.meta.yaml").read_text() == "title: Second\nlanguage: fr\n"


def test_a_file_larger_than_allowed_is_refused_as_it_comes(library: Library) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _add(library, "a.md", "x" * 1001)
    assert caught.value.reason == "too_large"
    assert _files(library.root) == []


def test_of_two_who_add_one_name_the_second_is_told(library: Library) -> None:
    target = library.place("a.md")
    with (
        library.draft(target, io.BytesIO(b"One."), said={}) as one,
        library.draft(target, io.BytesIO(b"Two."), said={}) as two,
    ):
        library.add(one)
        with pytest.raises(Conflict):
            library.add(two)
    assert _files(library.root) == ["a.md"]
    assert target.read_text() == "One."


@pytest.mark.parametrize("change", ["a.md", "a.md.meta.yaml"])
def test_nothing_is_overwritten_that_changed_after_it_was_seen(library: Library, change: str) -> None:
    _add(library, "a.md", title="A")
    seen = library.etag("kb/a.md")
    (library.root / change).write_text("title: Other\n")
    with pytest.raises(Conflict, match="changed after you saw it"):
        library.remove("kb/a.md", seen=seen)
    assert (library.root / "a.md").exists()


def test_a_removal_can_be_undone_with_what_was_said(library: Library) -> None:
    _add(library, "a.md", title="A")
    removed = library.remove("kb/a.md")
    assert removed is not None
    assert _files(library.root) == []
    library.restore("kb/a.md", removed.stamp)
    assert _files(library.root) == ["a.md", "a.md.meta.yaml"]
    assert library.trashed() == []


def test_a_removal_is_not_undone_over_a_new_file(library: Library) -> None:
    _add(library, "a.md", "Old.")
    library.remove("kb/a.md")
    _add(library, "a.md", "New.")
    with pytest.raises(Conflict):
        library.restore("kb/a.md")
    assert (library.root / "a.md").read_text() == "New."


def test_the_last_removal_is_undone_first(library: Library, clock: Clock) -> None:
    for text in ("One.", "Two."):
        _add(library, "a.md", text)
        library.remove("kb/a.md")
        clock.now += timedelta(seconds=1)
    assert library.restore("kb/a.md").read_text() == "Two."


def test_the_trash_forgets_after_a_month(library: Library, clock: Clock) -> None:
    for name in ("a.md", "b.md"):
        _add(library, name)
        library.remove(f"kb/{name}")
        clock.now += timedelta(days=31)
    assert [trashed.document_id for trashed in library.trashed()] == ["kb/b.md"]


def test_an_erased_file_is_in_no_place(library: Library, tmp_path: Path) -> None:
    _add(library, "a.md", "Secret.")
    library.remove("kb/a.md")
    _add(library, "a.md", "Secret.", title="A")
    assert library.erase("kb/a.md") == 2
    assert _files(tmp_path) == []


@pytest.mark.parametrize(
    "document_id", ["", "kb", "kb/", "other/a.md", "kb/../data/a.md", "kb//etc/passwd", "kb/.git/a.md", "kb/a\0.md"]
)
def test_an_id_reaches_nothing_outside(library: Library, document_id: str) -> None:
    with pytest.raises(NotFound):
        library.path_of(document_id)


def test_a_link_leads_nowhere_else(library: Library, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (library.root / "link").symlink_to(tmp_path / "private")
    with pytest.raises(NotFound):
        library.path_of("kb/link/a.md")
    with pytest.raises((NotFound, InvalidInput)):
        library.place("a.md", "link")


@pytest.mark.parametrize("document_id", ["kb/sources.yaml", "kb/a.md.meta.yaml", "kb/~$a.docx"])
def test_what_is_no_document_is_out_of_reach(library: Library, document_id: str) -> None:
    _add(library, "a.md", audience="staff")
    with pytest.raises(NotFound):
        library.remove(document_id)


def test_a_file_that_is_a_link_leads_nowhere_else(library: Library, tmp_path: Path) -> None:
    (tmp_path / "private.md").write_text("Private.")
    (library.root / "a.md").symlink_to(tmp_path / "private.md")
    with pytest.raises(NotFound):
        library.path_of("kb/a.md")
