"""The first start, with documents still to be read."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import build_application
from core.hash_embeddings import HashEmbeddings
from tests.conftest import make_settings


@pytest.mark.filterwarnings("ignore")
def test_nobody_is_answered_from_half_of_the_documents(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "visa.md").write_text("# Visa\n\nYou need a visa to visit Canada for a week.\n")
    settings = make_settings(tmp_path / "data", knowledge_base=folder)
    application = build_application(settings, durable=False, embeddings=HashEmbeddings())
    application.start(sync=False)
    client = TestClient(create_app(application), base_url="http://localhost")
    try:
        refused = client.post("/chat", json={"question": "Do I need a visa for Canada?"})
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert int(refused.headers["Retry-After"]) > 0
        assert client.get("/health/ready").json()["checks"]["documents"] == "starting"
        application.knowledge.start()
        application.knowledge.stop(timeout_s=60)
        assert client.get("/health/ready").json()["status"] == "ok"
        assert client.post("/chat", json={"question": "Do I need a visa for Canada?"}).status_code == httpx.codes.OK
    finally:
        application.stop()
