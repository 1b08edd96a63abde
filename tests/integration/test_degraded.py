"""What does not work as it should is told by health and metrics, and takes the service out of no rotation."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from channels.errors import Misconfigured
from tests.conftest import ROOT
from tests.integration.help_desk import HelpDesk, help_desk


def test_a_bad_file_of_topics_is_told_until_it_is_mended(tmp_path: Path) -> None:
    config = Path(shutil.copy(ROOT / "assistance.yaml", tmp_path))
    with help_desk(tmp_path, assistance_config=config) as desk:
        assert _health(desk) == {"status": "ok", "degraded": {}}
        assert _metric(desk, "assistance_topics_bad") == "0.0"
        config.write_text("topics: {visa: {channels: [slack], secret-word: 1}}")
        _wait_for(lambda: _health(desk)["status"] == "degraded")
        assert "last good one holds" in _health(desk)["degraded"]["topics"]
        assert "secret-word" not in str(_health(desk))
        assert _metric(desk, "assistance_topics_bad") == "1.0"
        assert desk.ask("visa")["topic"] == "visa"
        shutil.copy(ROOT / "assistance.yaml", config)
        _wait_for(lambda: _health(desk)["status"] == "ok")
        assert _metric(desk, "assistance_topics_bad") == "0.0"


def test_a_misconfigured_channel_is_told_without_its_setting(tmp_path: Path) -> None:
    with help_desk(tmp_path) as desk:
        desk.slack.wrong = Misconfigured("SLACK_TOKEN is no token")
        assert list(_health(desk)["degraded"]) == ["channel slack"]
        assert "SLACK_TOKEN" not in str(_health(desk))
        assert _metric(desk, 'assistance_channel_misconfigured{channel="slack"}') == "1.0"
        assert _metric(desk, 'assistance_channel_misconfigured{channel="email"}') == "0.0"


def _health(desk: HelpDesk) -> dict[str, Any]:
    answer = desk.call("GET", "/health/ready")
    assert answer.status_code == 200
    told = answer.json()
    return {"status": told["status"], "degraded": told["degraded"]}


def _metric(desk: HelpDesk, name: str) -> str:
    lines = desk.call("GET", "/metrics").text.splitlines()
    return next(line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} "))


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
