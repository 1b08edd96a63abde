"""Official pages by command and over HTTP, into answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.conftest import MODEL_CACHE, make_settings, served
from tests.integration.editors import editor_token
from tests.web_server import Page, Site, site

TEXT = "You need a golden permit to work in Freedonia. It costs nothing. " * 4


def html(text: str) -> Page:
    return Page(f"<html><title>Work in Freedonia</title><main><h1>Working</h1><p>{text}</p></main></html>".encode())


@pytest.fixture(scope="module")
def played() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, played: Site) -> Path:
    folder = tmp_path_factory.mktemp("fetching") / "kb"
    folder.mkdir()
    (folder / "visit.md").write_text("# Visiting\n\nYou need a visa to visit Canada.\n")
    (folder / "sources.yaml").write_text(
        f"- address: http://127.0.0.1:{played.port}/work\n  jurisdiction: GB\n  every: 1d\n"
    )
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    settings = make_settings(folder.parent / "served", knowledge_base=folder, fetch_allow_private=True)
    with served(settings) as address:
        headers = {"Authorization": f"Bearer {editor_token(settings.data_dir)}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            yield client


def _assistant(folder: Path, *arguments: str, allow_private: bool = True) -> tuple[int, Any]:
    """Exit code and output of the command in a data folder of its own."""
    where = ["--data-dir", str(folder.parent / "commanded"), "--knowledge-base", str(folder)]
    variables = {"MODEL_CACHE_DIR": str(MODEL_CACHE), "FETCH_ALLOW_PRIVATE": str(allow_private).lower()}
    done = CliRunner().invoke(app, [*where, "fetch", *arguments, "--json"], env=variables)
    return done.exit_code, json.loads(done.stdout)


def test_a_page_is_fetched_answers_and_is_flagged_when_it_is_gone(client: httpx.Client, played: Site) -> None:
    played.shows("/work", html(TEXT), Page(status=410))
    fetched = client.post("/sources/fetch", json={}).json()
    assert [page["outcome"] for page in fetched["pages"]] == ["added"]
    reply = client.post("/chat", json={"question": "Do I need a permit to work in Freedonia?"}).json()
    assert "golden permit" in reply["answer"]
    assert reply["citations"][0]["url"] == f"http://127.0.0.1:{played.port}/work"
    address = fetched["pages"][0]["address"]
    gone = client.post("/sources/fetch", json={"addresses": [address]}).json()
    assert (gone["pages"][0]["problem"], gone["sync"]["kept"]) == ("vanished", 1)
    (listed,) = client.get("/sources").json()["items"]
    assert (listed["needs_decision"], listed["sentence"].startswith("The page is gone")) == (True, True)
    accepted = client.post("/sources/accept", json={"address": address}).json()
    assert accepted["sync"]["removed"] == [listed["document_id"]]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sources/fetch", {"addresses": ["http://127.0.0.1/other"]}, 404),
        ("/sources/fetch", {"adresses": []}, 422),
        ("/sources/refuse", {"address": "http://127.0.0.1/other"}, 404),
    ],
)
def test_what_cannot_be_done_is_said(client: httpx.Client, path: str, body: dict[str, object], status: int) -> None:
    assert client.post(path, json=body).status_code == status


@pytest.mark.parametrize(("method", "path"), [("GET", "/sources"), ("POST", "/sources/fetch")])
def test_it_needs_a_token(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path, headers={"Authorization": ""}, json={}).status_code in (401, 403)


def test_the_command_fetches_lists_and_decides(folder: Path, played: Site) -> None:
    played.shows("/work", html(TEXT), html("Call us."))
    assert _assistant(folder)[0] == 0
    code, flagged = _assistant(folder, "--all")
    assert (code, flagged["pages"][0]["problem"]) == (3, "shrunk")
    address = flagged["pages"][0]["address"]
    assert _assistant(folder, "--list")[1]["items"][0]["waiting"]
    code, accepted = _assistant(folder, "--accept", address)
    assert (code, accepted["pages"][0]["outcome"], len(accepted["sync"]["replaced"])) == (0, "changed", 1)


def test_this_machine_is_not_reached_without_the_setting(folder: Path, played: Site) -> None:
    asked = len(played.asked)
    code, refused = _assistant(folder, "--all", allow_private=False)
    assert (code, refused["pages"][0]["problem"]) == (3, "forbidden_address")
    assert len(played.asked) == asked
