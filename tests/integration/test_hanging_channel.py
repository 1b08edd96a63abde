"""A webhook that never answers beside a Slack that does: real servers, real channels, the durable engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.conftest import make_settings, served
from tests.scripted_http import Answer, ScriptedHttp, scripted_http
from tests.slack_server import slack_server

SEND_S = 1.5
"""The bound of one send, and so of how long the channel that hangs holds the other one up at a time."""

TOPICS = """topics:
  visa: {title: Visa, description: Visas., channels: [{channel: slack, to: "#visa"}]}
  payment: {title: Payment, description: Payments., channels: [webhook]}
  appeal: {title: Appeal, description: Appeals., channels: [webhook, {channel: slack, to: "#appeal"}]}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A server with both channels."""

    client: httpx.Client
    slack: ScriptedHttp
    webhook: ScriptedHttp

    def ask(self, topic: str) -> str:
        body = {"topic": topic, "description": "Please help me."}
        return str(self.client.post("/assistance", json=body).raise_for_status().json()["id"])

    def read(self, request_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/assistance/{request_id}").raise_for_status().json()
        return found

    def handed_over(self, request_id: str) -> dict[str, Any]:
        """The request once a channel has it."""
        deadline = time.monotonic() + 60
        while (found := self.read(request_id))["status"] != "handed_over":
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    documents, config = tmp_path / "documents", tmp_path / "assistance.yaml"
    documents.mkdir()
    config.write_text(TOPICS)
    with slack_server() as slack, scripted_http(usual=lambda _: Answer(hang=True)) as webhook:
        settings = make_settings(
            tmp_path / "data", knowledge_base=documents, assistance_config=config, slack_token=SecretStr("xoxb-0"),
            slack_api_url=f"{slack.url}/api/", webhook_url=SecretStr(f"{webhook.url}/hook"),
            webhook_secret=SecretStr("whsec_" + "c2VjcmV0" * 5), assistance_send_timeout_s=SEND_S,
            assistance_retry_first_s=0.2, assistance_fallback_attempts=2, assistance_channel_per_minute=10_000,
        )  # fmt: skip
        with served(settings, durable=True) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Case(client, slack, webhook)


def test_a_channel_that_hangs_holds_the_other_up_for_one_send_at_most_at_a_time(case: Case) -> None:
    began = time.monotonic()
    for _ in range(12):
        case.ask("payment")
    asked = []
    for _ in range(40):
        asked.append(case.ask("visa"))
        time.sleep(0.15)
    waits = sorted(_wait_s(case.handed_over(request_id)) for request_id in asked)
    passed = time.monotonic() - began
    # A hang, the half second after which the queue is looked at, and as much again for a busy machine.
    assert waits[int(len(waits) * 0.95)] < 2 * (SEND_S + 0.5)
    # Rests of 3, 6, 12 … times a send: without them all twelve would have been tried, again and again.
    assert 1 <= len(case.webhook.asked) <= 1 + passed / (4 * SEND_S)


def test_what_cannot_go_to_a_channel_that_rests_goes_to_the_next(case: Case) -> None:
    for request_id in [case.ask("appeal") for _ in range(3)]:
        statuses = [one["status"] for one in case.handed_over(request_id)["deliveries"]]
        assert statuses == ["dead", "delivered"]
    assert len(case.webhook.asked) < 3


def _wait_s(request: dict[str, Any]) -> float:
    settled = datetime.fromisoformat(request["deliveries"][0]["settled_at"])
    return (settled - datetime.fromisoformat(request["created_at"])).total_seconds()
