"""Training runs and model versions over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import build_application
from core.types import Scope
from tests.approving import approve, current_version_of
from tests.conftest import make_settings
from tests.e2e.knowledge import BEFORE, EMBEDDINGS, LineParser, write_folder

QUESTION = "Can my wife work in Iceland if I have a teaching permit?"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The interface over one document and one example that waits."""
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "kb", BEFORE)
    settings = make_settings(folder / "data", knowledge_base=folder / "kb")
    application = build_application(settings, durable=False, embeddings=EMBEDDINGS, parser=LineParser())
    application.training_runs.gate.cases = []  # what the shipped ones ask about is not indexed here
    application.knowledge.sync()
    cited = current_version_of(application, "kb/keep.md")
    approve(application.examples, QUESTION, "Yes, in any job.", cited, jurisdiction="IS")
    with TestClient(create_app(application), base_url="http://localhost") as client:
        yield client


def _as(client: TestClient, *scopes: Scope) -> dict[str, str]:
    application = client.app.state.application  # type: ignore[attr-defined]
    token = application.identities.issue_token("staff", scopes, expires_in=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


def test_a_run_is_started_looked_at_and_taken_back(client: TestClient) -> None:
    headers = _as(client, Scope.TRAINING_START)
    client.headers.update(headers)
    assert client.get("/models/current").json()["id"] == "v0"
    started = client.post("/training/runs")
    assert (started.status_code, started.headers["Location"]) == (202, "/training/runs/1")
    assert started.json()["message"] == "Your train session has been started with the id: 1"
    assert client.get("/training/runs/1").json()["status"] == "DONE"
    assert client.get("/training/runs").json()["items"][0]["version_id"] == "v1"
    assert [one["id"] for one in client.get("/models").json()["items"]] == ["v1", "v0"]
    again = client.post("/training/runs")
    assert (again.status_code, again.json()["title"]) == (409, "There is no train data to start")
    assert client.post("/models/v0/activate").json()["is_current"]
    assert client.get("/models").json()["activations"][0]["by"] == "token:staff"
    assert client.post("/models/v7/activate").status_code == 404


def test_a_reply_names_the_version_that_answered(client: TestClient) -> None:
    reply = client.post("/chat", json={"question": QUESTION, "jurisdiction": "IS"}, headers=_as(client, Scope.CHAT))
    assert reply.json()["model_version"] in ("v0", "v1")


def test_only_staff_may_look_and_only_some_may_act(client: TestClient) -> None:
    proposer = _as(client, Scope.TRAINING_PROPOSE)
    client.headers.pop("Authorization", None)
    assert client.get("/models").status_code == 401
    assert client.get("/models", headers=proposer).is_success
    assert client.post("/training/runs", headers=proposer).status_code == 403
    assert client.post("/models/v0/activate", headers=proposer).status_code == 403
