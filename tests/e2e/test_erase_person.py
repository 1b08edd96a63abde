"""Whoever is erased is gone from the database, the files and the durable engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.e2e.erase_child import SECRET


def test_erased_text_and_the_engines_records_are_really_gone(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    _erase(data_dir)
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert any(path.name == "assistant.db" for path in files)
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


@pytest.mark.postgres
def test_the_engines_records_are_gone_from_postgresql(tmp_path: Path, postgres_url: str) -> None:
    _erase(tmp_path / "data", postgres_url)


@pytest.mark.parametrize("answer", ["taken", "busy"])
def test_whoever_is_erased_while_a_message_is_under_way_is_gone_when_it_ends(tmp_path: Path, answer: str) -> None:
    data_dir = tmp_path / "data"
    _erase_under_way(data_dir, answer)
    assert [path.name for path in data_dir.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []


@pytest.mark.postgres
def test_the_same_holds_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    _erase_under_way(tmp_path / "data", "busy", postgres_url)


def _erase_under_way(data_dir: Path, answer: str, database_url: str = "") -> None:
    """What was under way is neither repeated nor written down, what waited behind it is not sent, nothing crashes."""
    told, said = _told("tests.e2e.erase_under_way_child", str(data_dir), database_url, answer)
    known = "\n".join(told["known"])
    assert [found for found in told["ids"][1::2] if found not in known] == []
    assert (told["gone"], told["left"], told["sent"]) == ([], [], 1)
    assert "Traceback" not in said
    assert SECRET not in said


def _erase(data_dir: Path, database_url: str = "") -> None:
    told, _ = _told("tests.e2e.erase_child", str(data_dir), database_url)
    known = "\n".join(told["known"])
    assert len(told["ids"]) == 12
    assert [found for found in told["ids"] if found not in known] == []
    assert told["left"] == []


def _told(module: str, *arguments: str) -> tuple[dict[str, Any], str]:
    """What the child says at its end, and what it logged."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr
