"""What Prometheus reads, and who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.types import Scope
from tests.conftest import make_settings, served
from tests.integration.editors import editor_token


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("metrics") / "kb"
    folder.mkdir()
    (folder / "work.md").write_text("# Work\n\nYou need a work permit to work in Canada.\n")
    return folder


@pytest.fixture(scope="module")
def exposed(folder: Path) -> Iterator[str]:
    """A server that others than this machine could reach."""
    with served(make_settings(folder.parent / "data", knowledge_base=folder, host="0.0.0.0")) as address:
        yield address


def samples(address: str, token: str) -> dict[tuple[str, tuple[str, ...]], float]:
    text = httpx.get(f"{address}/metrics", headers={"Authorization": f"Bearer {token}"}).text
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def replies(read: dict[tuple[str, tuple[str, ...]], float]) -> float:
    return sum(count for (name, _), count in read.items() if name == "assistant_replies_total")


def test_strangers_read_no_metrics(exposed: str, folder: Path) -> None:
    assert httpx.get(f"{exposed}/metrics").status_code == 401
    token = editor_token(folder.parent / "data", Scope.CHAT)
    assert httpx.get(f"{exposed}/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_question_is_counted_by_route_and_outcome(exposed: str, folder: Path) -> None:
    token = editor_token(folder.parent / "data", Scope.PING)
    before = samples(exposed, token)
    httpx.post(f"{exposed}/chat", json={"question": "Will I get a visa?"}, timeout=30)
    after = samples(exposed, token)
    asked = ("assistant_http_requests_total", ("POST", "/chat", "200"))
    assert after[asked] == before.get(asked, 0) + 1
    assert replies(after) == replies(before) + 1
    assert after["assistant_documents", ()] == 1
    assert after["assistant_turns_running", ()] == 0


def test_no_label_has_what_a_person_sent(exposed: str, folder: Path) -> None:
    httpx.get(f"{exposed}/turns/some-secret-id")
    httpx.get(f"{exposed}/nowhere/some-secret-id")
    token = editor_token(folder.parent / "data", Scope.PING)
    assert not any("some-secret-id" in label for _, labels in samples(exposed, token) for label in labels)
