from __future__ import annotations

from pathlib import Path

import pytest

from api.server_link import ServerLink
from core.settings import Settings
from tests.web_server import Page, site


def test_no_proxy_sees_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with site() as server, site() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        server.shows("/documents", Page(b'{"total": 0}', type="application/json"))
        link = ServerLink(f"http://127.0.0.1:{server.port}", Settings(data_dir=tmp_path))
        assert link.get("/documents") == {"total": 0}
    assert proxy.asked == []
