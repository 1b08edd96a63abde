"""The commands about requests, beside a running server and without one, and the script that tries the endpoint."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.types import Scope
from tests.command_line import assistant
from tests.conftest import ROOT
from tests.integration.help_desk import HelpDesk, help_desk
from tests.scripted_http import json_answer, scripted_http


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpDesk]:
    with help_desk(tmp_path_factory.mktemp("cli")) as opened:
        yield opened


def _run(desk: HelpDesk, *words: str) -> Any:
    knowledge_base = str(desk.settings.knowledge_base)
    command = ["assistance", *words, "--json"]
    return assistant(*command, data_dir=desk.settings.data_dir, KNOWLEDGE_BASE=knowledge_base).json()


def test_staff_list_and_answer_from_the_command_line(desk: HelpDesk) -> None:
    receipt = desk.ask("sales", "From the command line.")
    listed = _run(desk, "list", "--topic", "sales", "-q", "command line")
    assert [item["id"] for item in listed["items"]] == [receipt["id"]]
    assert _run(desk, "reply", receipt["id"], "Until May.", "--author", "Maria")["author"] == "Maria"
    assert desk.wait_for(receipt["id"], "answered")["replies"][0]["text"] == "Until May."


@pytest.mark.parametrize("by_oidc", [True, False])
def test_the_script_fetches_a_token_and_asks(desk: HelpDesk, tmp_path: Path, by_oidc: bool) -> None:
    token = desk.token(Scope.REQUEST_ASSISTANCE)
    (tmp_path / "assistant").write_text(f"#!/bin/sh\necho {token}\n")
    (tmp_path / "assistant").chmod(0o755)
    environment = {**os.environ, "BASE_URL": desk.address, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with scripted_http(usual=lambda _: json_answer({"access_token": token})) as issuer:
        if by_oidc:
            environment |= {"OIDC_TOKEN_URL": issuer.url, "OIDC_CLIENT_ID": "id", "OIDC_CLIENT_SECRET": "s"}
        command = [str(ROOT / "scripts" / "try_assistance.sh"), "pricing", "What's the price?"]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["channels"] == ["email"]
    assert [b"client_credentials" in asked.body for asked in issuer.asked] == [True] * by_oidc
