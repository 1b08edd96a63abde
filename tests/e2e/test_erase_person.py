"""Whoever is erased is gone from the database, the files and the durable engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.e2e.erase_child import SECRET


def test_erased_text_and_the_engines_records_are_really_gone(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    command = [sys.executable, "-m", "tests.e2e.erase_child", str(data_dir)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert len(told["known"]) == 2
    assert told["left"] == []
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert any(path.name == "assistant.db" for path in files)
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []
