"""The keyword index on disk: what a killed commit leaves behind."""

from __future__ import annotations

from pathlib import Path

from retrieval.keyword import KeywordEntry, KeywordIndex


def _entries(*words: str) -> list[KeywordEntry]:
    return [KeywordEntry(word, word, "en", "ZZ") for word in words]


def test_a_commit_that_was_killed_before_its_last_step_is_done_again(tmp_path: Path) -> None:
    index = KeywordIndex(tmp_path)
    index.upsert(_entries("visa", "permit", "fee"))
    before = (tmp_path / "meta.json").read_bytes()
    index.delete(["permit"])
    # The new list of files is put in place last: a kill before that leaves new files beside the old list.
    (tmp_path / "meta.json").write_bytes(before)
    again = KeywordIndex(tmp_path)
    assert again.existing(["permit"]) == {"permit"}
    again.delete(["permit"])
    assert set(again.ids()) == {"visa", "fee"}
