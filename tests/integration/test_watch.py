"""A folder that people work in: what they write, move and remove is told once it is whole."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from watchfiles import watch

from ingest.watch import FolderWatch

WAIT_S = 20.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kb").mkdir()
    return tmp_path / "kb"


class _Told:
    """What a watch told, one call an entry; None is a rescan."""

    def __init__(self) -> None:
        self.calls: Queue[set[Path] | None] = Queue()

    def until(self, wanted: Callable[[set[Path]], bool]) -> set[Path]:
        """All paths told so far once they are as `wanted`; fails after a while."""
        paths: set[Path] = set()
        while not wanted(paths):
            paths |= self.calls.get(timeout=WAIT_S) or set()
        return paths


@contextmanager
def _watched(folder: Path, *, rescan_s: float = 60.0, quiet_s: float = 0.2) -> Iterator[_Told]:
    told = _Told()
    watch = FolderWatch(
        folder, told.calls.put, rescan=lambda: told.calls.put(None), rescan_s=rescan_s, quiet_s=quiet_s
    )  # fmt: skip
    watch.start()
    try:
        _wait_until_it_sees(folder, told, pause_s=3 * quiet_s)
        yield told
    finally:
        watch.stop(timeout_s=WAIT_S)


def _wait_until_it_sees(folder: Path, told: _Told, *, pause_s: float) -> None:
    probe = folder / "probe.md"
    assert told.calls.get(timeout=WAIT_S) is None
    while told.calls.empty():
        probe.write_text("x")
        threading.Event().wait(pause_s)
    told.until(lambda paths: probe in paths)


def test_tells_files_that_were_written_moved_and_removed(folder: Path) -> None:
    (folder / "old.md").write_text("old")
    (folder / "gone.md").write_text("gone")
    with _watched(folder) as told:
        (folder / "new.md").write_text("new")
        (folder / "old.md").rename(folder / "moved.md")
        (folder / "gone.md").unlink()
        wanted = {folder / name for name in ("new.md", "old.md", "moved.md", "gone.md")}
        assert told.until(lambda paths: wanted <= paths) >= wanted


def test_a_sidecar_stands_for_its_document(folder: Path) -> None:
    with _watched(folder) as told:
        (folder / "a.pdf.meta.yaml").write_text("title: A")
        told.until(lambda paths: folder / "a.pdf" in paths)


def test_hidden_files_are_nobodys_business(folder: Path) -> None:
    with _watched(folder) as told:
        (folder / ".upload-1.pdf").write_text("half")
        (folder / "~$letter.docx").write_text("lock")
        (folder / "seen.md").write_text("x")
        paths = told.until(lambda paths: folder / "seen.md" in paths)
        assert {path.name for path in paths} <= {"seen.md", "probe.md", "kb"}


def test_a_file_that_is_being_written_is_waited_for(folder: Path) -> None:
    with _watched(folder, quiet_s=0.5) as told:
        with (folder / "big.md").open("w") as file:
            for _ in range(20):
                file.write("more\n")
                file.flush()
                threading.Event().wait(0.05)
        length = (folder / "big.md").stat().st_size
        told.until(lambda paths: folder / "big.md" in paths)
        assert length == (folder / "big.md").stat().st_size == 100


def test_looks_at_everything_at_first_and_then_again_and_again(folder: Path) -> None:
    calls: Queue[None] = Queue()
    watch = FolderWatch(folder, lambda _: None, rescan=lambda: calls.put(None), rescan_s=0.2)
    watch.start()
    for _ in range(3):
        calls.get(timeout=WAIT_S)
    watch.stop(timeout_s=WAIT_S)


def test_an_error_of_the_follower_does_not_end_the_watch(folder: Path) -> None:
    seen: Queue[set[Path]] = Queue()

    def fail_first(paths: set[Path]) -> None:
        seen.put(paths)
        if seen.qsize() == 1:
            raise RuntimeError("the first call fails")

    watch = FolderWatch(folder, fail_first, rescan=lambda: None, rescan_s=60.0, quiet_s=0.1)
    watch.start()
    for number in range(50):
        if seen.qsize() >= 2:
            break
        (folder / f"{number % 7}.md").write_text(str(number))
        threading.Event().wait(0.4)
    watch.stop(timeout_s=WAIT_S)
    assert seen.qsize() >= 2


def test_a_fault_of_the_watcher_itself_does_not_end_the_watch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object, **__: object) -> Iterator[object]:
        monkeypatch.setattr("ingest.watch.watch", watch)
        raise RuntimeError("error in underlying watcher")

    monkeypatch.setattr("ingest.watch._RETRY_S", 0.01)
    monkeypatch.setattr("ingest.watch.watch", faulty)
    with _watched(folder) as told:
        (folder / "seen.md").write_text("x")
        told.until(lambda paths: folder / "seen.md" in paths)


def test_a_folder_that_comes_back_is_looked_at_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.watch._RETRY_S", 0.1)
    shutil.rmtree(folder)
    calls: Queue[None] = Queue()
    watch = FolderWatch(folder, lambda _: None, rescan=lambda: calls.put(None), rescan_s=60.0)
    watch.start()
    calls.get(timeout=WAIT_S)
    folder.mkdir()
    calls.get(timeout=WAIT_S)
    watch.stop(timeout_s=WAIT_S)
