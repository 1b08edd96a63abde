"""`assistant training` beside a running server and without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.conftest import MODEL_CACHE, make_settings, served
from tests.integration.training import ANSWER, QUESTION, teachable


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli-training") / "place"
    teachable(place).stop()
    return place


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with served(make_settings(place / "data", knowledge_base=place / "kb", allow_self_approval=True)) as address:
        yield address


def _training(place: Path, *arguments: str) -> Result:
    given = ["--data-dir", str(place / "data"), "--knowledge-base", str(place / "kb"), "training", *arguments]
    return CliRunner().invoke(app, given, env={"MODEL_CACHE_DIR": str(MODEL_CACHE), "ALLOW_SELF_APPROVAL": "true"})


def test_a_proposal_goes_the_whole_way_without_a_server(place: Path) -> None:
    _go_the_whole_way(place, QUESTION)


def test_a_proposal_goes_the_whole_way_beside_a_server(place: Path, address: str) -> None:
    _go_the_whole_way(place, "What is the fee for a permit to teach in Iceland?")


def _go_the_whole_way(place: Path, question: str) -> None:
    found = json.loads(_training(place, "propose", question, ANSWER, "--json").stdout)["id"]
    assert "Duplicate train data by token:command-line at" in str(
        _training(place, "propose", question, ANSWER).exception
    )
    shown = _training(place, "show", found).stdout
    assert f"supported by kb/rules.md: {ANSWER}" in shown
    assert _training(place, "approve", found).stdout == "Approved; the next training takes it in.\n"
    assert _training(place, "approve", found).stdout == "Nothing to do: it is PENDING already.\n"
    assert "is PENDING" in str(_training(place, "reject", found, "too late").exception)
    listed = json.loads(_training(place, "list", "--status", "PENDING", "--json").stdout)["items"]
    assert found in {item["id"] for item in listed}
    assert "asked" in _training(place, "gaps").stdout
