"""The `assistant` command as a person and as a program use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from api.cli import app
from tests.command_line import assistant
from tests.conftest import MODEL_CACHE, copied, make_settings, served


def _started(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "api", "--data-dir", str(data_dir), *arguments]
    variables = {**os.environ, "MODEL_CACHE_DIR": str(MODEL_CACHE)}
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=90)


@pytest.fixture(scope="module")
def data_dir(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(indexed, tmp_path_factory.mktemp("cli"))


def test_ask_prints_the_reply_as_json_and_its_quotes_stand_in_the_document(data_dir: Path) -> None:
    asked = _started("ask", "--json", "How can I immigrate to Canada?", data_dir=data_dir)
    reply = json.loads(asked.stdout)
    citation = reply["citations"][0]
    shown = assistant(
        "documents", "show", citation["document_id"], "--version", citation["version"], "--text", data_dir=data_dir
    )
    assert shown.stdout[citation["start"] : citation["end"]] == citation["quote"]


def test_alone_it_says_what_it_can_do_and_what_state_it_is_in(data_dir: Path) -> None:
    done = assistant(data_dir=data_dir)
    assert done.returncode == 0
    assert "ingest" in done.stdout
    assert "No server has" in done.stdout


def test_an_error_is_one_line_with_the_fix(data_dir: Path) -> None:
    done = assistant("ingest", "/nowhere", data_dir=data_dir)
    assert done.returncode == 1
    assert done.stderr.startswith("error: there is no '/nowhere'")
    assert len(done.stderr.splitlines()) == 1


def test_a_bad_setting_stops_the_start_with_a_sentence(data_dir: Path) -> None:
    done = assistant("documents", data_dir=data_dir, SIGNING_KEY="changeme")
    assert done.returncode == 1
    assert "openssl rand" in done.stderr


def test_unreadable_files_are_listed_and_the_exit_code_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.md").write_text("# Visa\n\nYou need a visa to visit Canada.\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 not really")
    done = assistant("ingest", str(folder), data_dir=tmp_path / "data")
    assert done.returncode == 3
    assert "1 added" in done.stdout
    assert "papers/bad.pdf" in done.stdout


@pytest.mark.parametrize("expires", ["soon", "0d", "-3h", "5"])
def test_a_token_needs_a_duration(tmp_path: Path, expires: str) -> None:
    done = assistant("token", "create", "--scope", "ping", "--expires", expires, data_dir=tmp_path)
    assert done.returncode == 2
    assert "write one as 30d, 12h or 45m" in done.stderr


def test_every_command_of_the_list_can_be_called(tmp_path: Path) -> None:
    group = typer.main.get_group(app)
    listed = assistant("--help", data_dir=tmp_path).stdout
    for name in group.list_commands(typer.Context(group)):
        assert f"  {name} " in listed
        assert assistant(name, "--help", data_dir=tmp_path).returncode == 0, name


def test_the_list_of_commands_waits_for_nothing_that_a_command_needs() -> None:
    code = "import sys, api.cli; sys.exit(bool({'sqlalchemy', 'chromadb', 'langchain_core'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_beside_a_server_it_asks_the_server(indexed: Path, tmp_path: Path) -> None:
    settings = make_settings(copied(indexed, tmp_path))
    with served(settings) as address:
        state = assistant(data_dir=settings.data_dir)
        assert address in state.stdout
        asked = assistant("ask", "--json", "How can I immigrate to Canada?", data_dir=settings.data_dir)
        assert json.loads(asked.stdout)["citations"]
        listed = assistant("documents", "--json", data_dir=settings.data_dir)
        assert len(json.loads(listed.stdout)["items"]) > 40
        refused = assistant("ingest", str(tmp_path), data_dir=settings.data_dir)
        assert refused.returncode == 1
        assert "stop the server first" in refused.stderr
        token = assistant("token", "create", "--scope", "ping", data_dir=settings.data_dir).stdout.strip()
        scoped = _get(f"{address}/heartbeat/scoped", token)
        assert (scoped, _get(f"{address}/documents", token)) == (204, 403)


def _get(url: str, token: str) -> int:
    import httpx

    return httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_second_process_is_refused_within_a_second(indexed: Path, tmp_path: Path) -> None:
    settings = make_settings(copied(indexed, tmp_path))
    from retrieval.lock import StoreLock

    lock = StoreLock(settings.data_dir / "store.lock")
    lock.acquire()
    done = _started("ask", "Q?", data_dir=settings.data_dir)
    lock.release()
    assert done.returncode == 1
    assert f"open in process {os.getpid()}" in done.stderr
