"""`assistant documents` beside a running server and without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.conftest import MODEL_CACHE, make_settings, served


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli-documents")
    (place / "kb").mkdir()
    (place / "kb" / "work.md").write_text("# Work\n\nYou need a work permit.\n")
    (place / "visit.md").write_text("# Visit\n\nYou need a visa for the green lagoon.\n")
    (place / "torn.pdf").write_bytes(b"%PDF-1.7 no")
    return place


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with served(make_settings(place / "data", knowledge_base=place / "kb")) as address:
        yield address


def _documents(place: Path, *arguments: str) -> Result:
    given = ["--data-dir", str(place / "data"), "--knowledge-base", str(place / "kb"), "documents", *arguments]
    return CliRunner().invoke(app, given, env={"MODEL_CACHE_DIR": str(MODEL_CACHE)})


def test_a_document_goes_the_whole_way_without_a_server(place: Path) -> None:
    _go_the_whole_way(place)


def test_a_document_goes_the_whole_way_beside_a_server(place: Path, address: str) -> None:
    _go_the_whole_way(place)


def _go_the_whole_way(here: Path) -> None:
    added = _documents(
        here, "add", str(here / "visit.md"), str(here / "torn.pdf"), "--folder", "canada", "--set", "jurisdiction=CA"
    )
    assert added.exit_code == 3
    assert "live kb/canada/visit.md, 1 passages" in added.stdout
    assert "not added torn.pdf: The file is damaged" in added.stdout
    listed = json.loads(_documents(here, "--query", "visit", "--json").stdout)
    assert [(item["id"], item["state"], item["jurisdiction"]) for item in listed["items"]] == [
        ("kb/canada/visit.md", "live", "CA")
    ]
    again = _documents(here, "add", str(here / "visit.md"), "--folder", "canada")
    assert "is there already" in again.stdout
    assert _documents(here, "remove", "kb/canada/visit.md").exit_code == 0
    assert not (here / "kb/canada/visit.md").exists()
    assert "live kb/canada/visit.md" in _documents(here, "restore", "kb/canada/visit.md").stdout
    erased = _documents(here, "erase", "kb/canada/visit.md", "--yes")
    assert "none was found" in erased.stdout
    assert "there is no file" in str(_documents(here, "reread", "kb/canada/visit.md").exception)


def test_the_page_opens_by_the_link_that_is_printed(place: Path, address: str) -> None:
    link = _documents(place, "page").stdout.strip()
    page, _, token = link.partition("#token=")
    assert page == f"{address}/app/documents"
    assert httpx.get(f"{address}/documents", headers={"Authorization": f"Bearer {token}"}).status_code == 200
