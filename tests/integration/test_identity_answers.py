"""What a caller is told who may not: no token, a bad one, one without the scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Scope
from tests.integration.bare_server import bare_application, bearer, browser


def test_no_token_a_bad_one_and_a_missing_scope_are_told_apart(tmp_path: Path) -> None:
    with bare_application(tmp_path) as application:
        client = browser(application)
        none = client.get("/heartbeat/scoped")
        assert (none.status_code, none.headers["WWW-Authenticate"]) == (401, "Bearer")
        bad = client.get("/heartbeat/scoped", headers={"Authorization": "Bearer x.y.z"})
        assert (bad.status_code, bad.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
        lacking = client.get("/heartbeat/scoped", headers=bearer(application, Scope.CHAT))
        assert (lacking.status_code, lacking.json()["scope"]) == (403, "ping")
        assert lacking.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="ping"'


@pytest.mark.parametrize("path", ["/heartbeat/private", "/heartbeat/scoped"])
def test_the_older_api_said_403_to_all_three(tmp_path: Path, path: str) -> None:
    with bare_application(tmp_path, legacy_forbidden=True) as application:
        client = browser(application)
        for headers in ({}, {"Authorization": "Bearer x"}):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (403, 403)
            assert "detail" in answer.json()
        assert client.get("/heartbeat/scoped", headers=bearer(application)).status_code == 403
        assert client.get(path, headers=bearer(application, Scope.PING)).status_code == 204


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_closed_chat_asks_everybody_for_a_token(tmp_path: Path, host: str) -> None:
    with bare_application(tmp_path, host=host, chat_open=False) as application:
        client = browser(application, "https://localhost")
        for method, path in [("POST", "/chat"), ("GET", "/conversations"), ("GET", "/chat/history")]:
            answer = client.request(method, path, json={"question": "How do I apply?"})
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "set-cookie" not in answer.headers
        assert client.get("/conversations", headers=bearer(application, Scope.CHAT)).status_code == 200
        page = client.get("/")
        assert (page.status_code, page.headers["location"]) == (303, "/signin?return_to=/")
