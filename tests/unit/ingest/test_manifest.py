from __future__ import annotations

from pathlib import Path

from ingest.formats import Format
from ingest.manifest import Manifest, PlannedFile, plan
from ingest.sources import SourceFile
from ingest.unreadable import UnreadableFile


def found(name: str, content_hash: str) -> PlannedFile:
    root = Path("/kb")
    return PlannedFile(SourceFile(f"kb/{name}", root, root / name, Format.MARKDOWN), content_hash)


def test_only_what_changed_is_done() -> None:
    manifest = Manifest({"kb/same": "1", "kb/changed": "1", "kb/gone": "1"}, {})
    made = plan([found("same", "1"), found("changed", "2"), found("new", "1")], manifest)
    assert [entry.file.id for entry in made.add] == ["kb/new"]
    assert [entry.file.id for entry in made.replace] == ["kb/changed"]
    assert (made.keep, made.remove) == (("kb/same",), ("kb/gone",))


def test_a_file_that_could_not_be_read_is_not_tried_again_until_it_changes() -> None:
    bad = UnreadableFile("kb/bad", "1", "malformed", "It is damaged.")
    manifest = Manifest({"kb/bad": "0"}, {"kb/bad": bad})
    unchanged = plan([found("bad", "1")], manifest)
    assert (unchanged.changed, unchanged.remove, unchanged.still_unreadable) == ((), (), (bad,))
    assert [entry.content_hash for entry in plan([found("bad", "2")], manifest).replace] == ["2"]


def test_a_file_that_is_gone_or_was_put_back_leaves_the_list() -> None:
    bad = {name: UnreadableFile(name, "9", "malformed", "") for name in ("kb/gone", "kb/back")}
    assert plan([found("back", "1")], Manifest({"kb/back": "1"}, bad)).forget == ("kb/gone", "kb/back")


def test_removals_can_be_left_out() -> None:
    assert plan([], Manifest({"kb/gone": "1"}, {})).without_removals().remove == ()


def test_a_folder_takes_along_what_is_below_it_and_nothing_whose_name_only_begins_alike() -> None:
    manifest = Manifest(dict.fromkeys(("kb/a/b.md", "kb/a/c/d.md", "kb/a.md", "kb/ab/c.md")), {})
    assert manifest.below(["kb/a"]) == {"kb/a/b.md", "kb/a/c/d.md"}
    assert manifest.below(["kb/a.md", "kb/gone.md"]) == {"kb/a.md"}
