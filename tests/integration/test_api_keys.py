"""API keys: shown once, kept as a digest, revoked at once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from core.database import Database
from core.errors import InvalidToken, NotFound
from core.identity import ApiKeys
from core.types import Principal, Scope
from tests.integration.bare_server import bare_application, bearer, browser

DAY = timedelta(days=1)


def _made(keys: ApiKeys, *, expires_in: timedelta | None = DAY) -> tuple[str, str]:
    key, text = keys.create("reports", [Scope.PING], expires_in=expires_in, created_by="local")
    return key.id, text


def test_a_key_gives_its_scopes_and_the_database_never_holds_it(database: Database) -> None:
    keys = ApiKeys(database)
    key_id, text = _made(keys)
    principal = keys.read(text)
    assert principal == Principal(f"key:{key_id}", frozenset({Scope.PING}))
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_keys").all()
    assert text.split("_", 2)[2] not in str(rows)
    assert len(text) >= 3 + 12 + 1 + 43


def test_a_revoked_an_expired_and_a_changed_key_are_refused(database: Database) -> None:
    keys = ApiKeys(database)
    key_id, text = _made(keys)
    _, expired = _made(keys, expires_in=-DAY)
    keys.revoke(key_id)
    other = _made(keys)[1]
    changed = other[:-2] + ("AA" if other[-2:] != "AA" else "BB")
    for bad in (text, expired, changed, f"ak_{'0' * 12}_{'A' * 43}", "ak_", "ak_\0", text + " "):
        with pytest.raises(InvalidToken):
            keys.read(bad)
    for unknown in ("nothing", "0" * 12, "\0"):
        with pytest.raises(NotFound):
            keys.revoke(unknown)


def test_its_last_use_is_kept_coarsely(database: Database) -> None:
    keys = ApiKeys(database)
    _, text = _made(keys, expires_in=None)
    assert keys.listed()[0].last_used_at is None
    keys.read(text)
    first = keys.listed()[0].last_used_at
    keys.read(text)
    assert first is not None
    assert keys.listed()[0].last_used_at == first


def test_over_http_a_key_is_made_used_both_ways_and_revoked_at_once(tmp_path: Path) -> None:
    with bare_application(tmp_path) as application:
        client, admin = browser(application), bearer(application, Scope.ADMIN)
        body = {"name": "reports", "scopes": ["ping"], "expires_days": 7}
        made = client.post("/keys", headers=admin, json=body).raise_for_status().json()
        for headers in ({"X-API-Key": made["key"]}, {"Authorization": f"Bearer {made['key']}"}):
            assert client.get("/heartbeat/scoped", headers=headers).status_code == 204
            assert client.get("/keys", headers=headers).status_code == 403
        listed = client.get("/keys", headers=admin).json()
        assert [item["id"] for item in listed["items"]] == [made["id"]]
        assert made["key"] not in json.dumps(listed)
        assert client.delete(f"/keys/{made['id']}", headers=admin).status_code == 204
        refused = client.get("/heartbeat/scoped", headers={"X-API-Key": made["key"]})
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    made = runner.invoke(app, ["key", "create", "--scope", "ping", "--name", "reports", "--expires", "never"])
    assert made.exit_code == 0
    assert made.stdout.startswith("ak_")
    (listed,) = json.loads(runner.invoke(app, ["key", "list", "--json"]).stdout)
    assert (listed["name"], listed["expires_at"]) == ("reports", None)
    assert runner.invoke(app, ["key", "revoke", listed["id"]]).exit_code == 0
    assert "revoked" in runner.invoke(app, ["key", "list"]).stdout
