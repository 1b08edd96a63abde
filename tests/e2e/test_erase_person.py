"""Whoever is erased is gone from the database, the files and the durable engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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


def _erase(data_dir: Path, database_url: str = "") -> None:
    command = [sys.executable, "-m", "tests.e2e.erase_child", str(data_dir), database_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    known = "\n".join(told["known"])
    assert len(told["ids"]) == 12
    assert [found for found in told["ids"] if found not in known] == []
    assert told["left"] == []
