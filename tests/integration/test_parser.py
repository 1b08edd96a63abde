"""The parser's child: what happens when it hangs, dies, grows or is no longer needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.formats import Format
from ingest.parser import Parser, ParserUnavailable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("You need a permit to work.")
    return path


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A file that never ends: whoever reads it waits for a writer."""
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    return path


@pytest.fixture(autouse=True)
def others() -> Iterator[set[int]]:
    """The children that earlier tests of this process still have, as that of a server that goes on serving."""
    _others.update(child.pid for child in psutil.Process().children())
    yield _others
    _others.clear()


_others: set[int] = set()


def children_of(pid: int) -> list[psutil.Process]:
    found = [child for child in psutil.Process(pid).children() if child.pid not in _others]
    return [child for child in found if _reads_files(child)]


def _reads_files(process: psutil.Process) -> bool:
    try:
        return "ingest.child" in process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def child_of(pid: int) -> psutil.Process:
    [child] = children_of(pid)
    return child


def test_no_child_runs_before_the_first_file(note: Path) -> None:
    with Parser(Settings()) as parser:
        assert children_of(os.getpid()) == []
        parser.parse(note, Format.TEXT)
        child = child_of(os.getpid())
    assert not child.is_running()


def test_a_file_that_takes_too_long_stops_nothing_else(note: Path, pipe: Path) -> None:
    with Parser(Settings(parse_timeout_s=1.0)) as parser:
        with pytest.raises(UnreadableDocument) as caught:
            parser.parse(pipe, Format.TEXT)
        assert caught.value.reason == "timed_out"
        assert parser.parse(note, Format.TEXT)[0].text == "You need a permit to work."


def test_a_child_that_is_killed_once_costs_nothing(note: Path) -> None:
    with Parser(Settings()) as parser:
        parser.parse(note, Format.TEXT)
        child_of(os.getpid()).kill()
        assert parser.parse(note, Format.TEXT)[0].text == "You need a permit to work."


def test_a_file_that_kills_the_child_twice_is_to_blame(note: Path, pipe: Path) -> None:
    done = threading.Event()

    def kill_whatever_reads_the_pipe() -> None:
        while not done.wait(0.05):
            for process in children_of(os.getpid()):
                if any(str(pipe) == name for name in _opened(process)):
                    with suppress(psutil.NoSuchProcess):
                        process.kill()

    killer = threading.Thread(target=kill_whatever_reads_the_pipe)
    writer = os.open(pipe, os.O_RDWR)
    killer.start()
    try:
        with Parser(Settings()) as parser:
            with pytest.raises(UnreadableDocument) as caught:
                parser.parse(pipe, Format.TEXT)
            assert caught.value.reason == "malformed"
            assert parser.parse(note, Format.TEXT)
    finally:
        done.set()
        killer.join()
        os.close(writer)


def test_a_child_that_is_killed_while_it_starts_is_started_again(note: Path) -> None:
    with Parser(Settings()) as parser, _killing_children(times=1) as killed:
        assert parser.parse(note, Format.TEXT)
    assert len(killed) == 1


def test_a_child_that_is_killed_whenever_it_starts_is_told_with_how_it_ended(note: Path) -> None:
    with Parser(Settings()) as parser:
        with _killing_children(times=2), pytest.raises(ParserUnavailable) as caught:
            parser.parse(note, Format.TEXT)
        assert "did not start: its process ended with -9; run " in caught.value.detail
        assert parser.parse(note, Format.TEXT)


def test_a_child_that_fails_to_start_is_not_started_again(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Parser(Settings()) as parser, pytest.raises(ParserUnavailable) as caught:
        parser.parse(note, Format.TEXT)
    assert "did not start: its process ended with 1; run /bin/false -m ingest.child " in caught.value.detail


@contextmanager
def _killing_children(times: int) -> Iterator[list[int]]:
    """Each of the first so many children is killed as soon as it is seen, which is long before it can read a file."""
    done = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < times and not done.wait(0.01):
            for process in children_of(os.getpid()):
                if process.pid not in killed:
                    killed.append(process.pid)
                    process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        done.set()
        killer.join()


def _opened(process: psutil.Process) -> list[str]:
    links = Path(f"/proc/{process.pid}/fd")
    try:
        return [os.readlink(link) for link in links.iterdir()]
    except OSError:
        return []


def test_a_bomb_is_too_large(note: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as entry:
            for _ in range(64):
                entry.write(b"\0" * (1 << 20))
    with Parser(Settings(parse_memory_mb=600)) as parser:
        with pytest.raises(UnreadableDocument) as caught:
            parser.parse(bomb, Format.DOCX)
        assert caught.value.reason == "too_large"
        assert parser.parse(note, Format.TEXT)


def test_a_child_is_replaced_after_its_share_of_files(note: Path) -> None:
    with Parser(Settings(), files_per_child=2) as parser:
        pids = []
        for _ in range(3):
            parser.parse(note, Format.TEXT)
            pids.append(child_of(os.getpid()).pid)
    assert pids[0] == pids[1] != pids[2]


def test_a_child_that_has_had_nothing_to_read_for_a_while_is_ended(note: Path) -> None:
    now = [0.0]
    with Parser(Settings(), clock=lambda: now[0]) as parser:
        parser.parse(note, Format.TEXT)
        now[0] = 200.0
        parser.rest()
        assert children_of(os.getpid())
        now[0] = 400.0
        parser.rest()
        assert not children_of(os.getpid())
        assert parser.parse(note, Format.TEXT)


def test_the_child_outlives_the_thread_that_started_it(note: Path) -> None:
    with Parser(Settings()) as parser:
        thread = threading.Thread(target=parser.parse, args=(note, Format.TEXT))
        thread.start()
        thread.join()
        child = child_of(os.getpid())
        parser.parse(note, Format.TEXT)
        assert child_of(os.getpid()).pid == child.pid


def test_the_child_dies_with_its_parent(pipe: Path) -> None:
    script = (
        "import sys, pathlib; from core.settings import Settings; from ingest.parser import Parser;"
        "from ingest.formats import Format;"
        "p = Parser(Settings()); p.start(); print('ready', flush=True);"
        "p.parse(pathlib.Path(sys.argv[1]), Format.TEXT)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(pipe)], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    child = child_of(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([child], timeout=60)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_the_child_sees_no_keys(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with Parser(Settings()) as parser:
        parser.parse(note, Format.TEXT)
        assert "OPENAI_API_KEY" not in child_of(os.getpid()).environ()


def test_neither_torch_nor_unstructured_comes_into_this_process(note: Path) -> None:
    script = "import sys, ingest.pipeline; print([m for m in ('torch', 'unstructured', 'spacy') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert found.stdout.strip() == b"[]"
