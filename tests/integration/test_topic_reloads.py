"""Topics that change under load: nothing is dropped, doubled or misrouted."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reloads import reload_under_load


def test_changes_under_load_lose_and_misroute_nothing(tmp_path: Path) -> None:
    figures = reload_under_load(tmp_path, reloads=60)
    assert (figures["dropped"], figures["doubled"], figures["misrouted"]) == (0, 0, 0)
    assert figures["bad_files"] > 0
    assert figures["accepted"] > 0
