"""What users of the former assistance API rely on, line by line, and where this one goes past it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from assistance.tables import DeliveryRow, RequestRow
from channels.errors import Transient
from core.database import Database
from core.types import Scope
from tests.integration.help_desk import HelpDesk, help_desk

MAY_ASK = (Scope.REQUEST_ASSISTANCE,)
SHIPPED = ["sales", "pricing", "visa", "documents", "appeal", "payment", "complaint", "other"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpDesk]:
    with help_desk(tmp_path_factory.mktemp("contract")) as opened:
        yield opened


def _body(topic: str = "sales", description: str = "I need a car.") -> dict[str, str]:
    return {"topic": topic, "description": description}


def test_a_request_is_created_by_a_token_with_the_scope(desk: HelpDesk) -> None:
    response = desk.call("POST", "/assistance", scopes=MAY_ASK, json=_body())
    assert response.status_code == 201
    assert response.json()["topic"] == "sales"


def test_sales_reaches_slack_in_the_known_words(desk: HelpDesk) -> None:
    receipt = desk.ask("sales", "I need a car.")
    desk.wait_for(receipt["id"], "handed_over")
    sent = next(message for message in desk.slack.taken if message.request_id == receipt["id"])
    assert (sent.text, sent.to) == ("New assistance request: I need a car.", "#sales")
    assert receipt["channels"] == ["slack"]


def test_pricing_reaches_the_mail(desk: HelpDesk) -> None:
    receipt = desk.ask("pricing", "What does it cost?")
    desk.wait_for(receipt["id"], "handed_over")
    assert receipt["id"] in {message.request_id for message in desk.email.taken}
    assert receipt["id"] not in {message.request_id for message in desk.slack.taken}


@pytest.mark.parametrize("topic", ["Sales", "SALES", " sales "])
def test_topics_match_whatever_their_case(desk: HelpDesk, topic: str) -> None:
    assert desk.ask(topic)["topic"] == "sales"


def test_an_unknown_topic_is_400_with_the_known_ones_beside(desk: HelpDesk) -> None:
    response = desk.call("POST", "/assistance", scopes=MAY_ASK, json=_body("weather"))
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.json()["detail"], response.json()["topics"]) == ("Invalid topic", SHIPPED)


@pytest.mark.parametrize(
    "body", [{}, {"topic": "sales"}, {"description": "Help."}, _body(description="  "), {"topic": 1, "description": 2}]
)
def test_a_bad_body_is_422(desk: HelpDesk, body: dict[str, Any]) -> None:
    response = desk.call("POST", "/assistance", scopes=MAY_ASK, json=body)
    assert (response.status_code, response.json()["type"]) == (422, "urn:immigration-assistant:invalid-input")


def test_a_description_that_is_too_long_is_422(desk: HelpDesk) -> None:
    most = desk.settings.assistance_max_chars
    assert desk.call("POST", "/assistance", json=_body(description="x" * (most + 1))).status_code == 422
    assert desk.call("POST", "/assistance", json=_body(description="x" * most)).status_code == 201


def test_a_token_without_the_scope_is_403_and_names_it(desk: HelpDesk) -> None:
    response = desk.call("POST", "/assistance", scopes=(Scope.PING,), json=_body())
    assert response.status_code == 403
    assert "request-assistance" in response.json()["detail"]


def test_a_slash_at_the_end_is_no_redirect(desk: HelpDesk) -> None:
    assert desk.call("POST", "/assistance/", json=_body()).status_code == 201
    for path in ("/assistance", "/assistance/"):
        assert desk.call("GET", path, scopes=(Scope.ASSISTANCE_READ,)).status_code == 200


def test_the_request_id_goes_in_and_out_and_the_time_goes_out(desk: HelpDesk) -> None:
    response = desk.call("POST", "/assistance", json=_body(), headers={"X-Request-ID": "mine-1"})
    assert response.headers["X-Request-ID"] == "mine-1"
    assert float(response.headers["X-Process-Time"]) >= 0


@pytest.mark.parametrize(
    ("path", "scopes"),
    [("/heartbeat", None), ("/heartbeat/private", MAY_ASK), ("/heartbeat/scoped", (Scope.PING,))],
)
def test_the_heartbeats_are_204(desk: HelpDesk, path: str, scopes: tuple[Scope, ...] | None) -> None:
    assert desk.call("GET", path, scopes=scopes).status_code == 204


def test_a_channel_that_fails_no_longer_loses_the_request(tmp_path: Path) -> None:
    with help_desk(tmp_path, assistance_retry_first_s=0.1) as desk:
        desk.slack.fail_with(Transient("Slack is down"), Transient("Slack is down"))
        receipt = desk.ask("sales")
        desk.wait_for(receipt["id"], "handed_over")
        assert len(desk.slack.tried) == 3
        assert len(set(desk.slack.tried)) == 1


def test_the_configuration_changes_while_running(tmp_path: Path) -> None:
    config = tmp_path / "topics.yaml"
    text = "topics: {cars: {title: Cars, description: Cars., channels: [{channel: %s, to: here}]}}"
    config.write_text(text % "slack")
    with help_desk(tmp_path, assistance_config=config) as desk:
        assert desk.ask("cars")["channels"] == ["slack"]
        config.write_text(text % "email")
        _until(lambda: desk.ask("cars")["channels"] == ["email"])
        config.write_text("topics: {cars: ")
        _until(lambda: _setup(desk)["error"] is not None)
        assert desk.ask("cars")["channels"] == ["email"]
        config.write_text(text.replace("cars:", "boats:") % "slack")
        _until(lambda: _setup(desk)["error"] is None)
        assert desk.call("POST", "/assistance", json=_body("cars")).json()["topics"] == ["boats"]


def _setup(desk: HelpDesk) -> dict[str, Any]:
    setup: dict[str, Any] = desk.call("GET", "/assistance/setup", scopes=(Scope.ASSISTANCE_READ,)).json()
    return setup


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_repeated_key_gives_the_receipt_that_is_there(desk: HelpDesk) -> None:
    headers = {"Idempotency-Key": "one"}
    first = desk.call("POST", "/assistance", json=_body(), headers=headers)
    desk.wait_for(first.json()["id"], "handed_over")
    again = desk.call("POST", "/assistance", json=_body("SALES"), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = desk.call("POST", "/assistance", json=_body(description="Something else."), headers=headers)
    assert other.status_code == 422
    assert "'one'" in other.json()["detail"]


def test_keys_belong_to_whoever_sent_them(desk: HelpDesk) -> None:
    headers = {"Idempotency-Key": "two"}
    ids = {
        desk.call("POST", "/assistance", scopes=MAY_ASK, subject=name, json=_body(), headers=headers).json()["id"]
        for name in ("maria", "ivan")
    }
    assert len(ids) == 2


def test_a_hundred_at_once_with_one_key_make_one_request(database_url: str, tmp_path: Path) -> None:
    with help_desk(tmp_path, database_url=database_url) as desk, ThreadPoolExecutor(100) as pool:
        limits = httpx.Limits(max_connections=100)
        with httpx.Client(base_url=desk.address, timeout=60, limits=limits) as client:
            responses = list(pool.map(lambda _: _post(client), range(100)))
        assert {response.status_code for response in responses} == {201}
        assert len({response.text for response in responses}) == 1
        desk.wait_for(responses[0].json()["id"], "handed_over")
        assert len(desk.slack.tried) == 1
        assert _rows(desk.settings.sqlalchemy_url) == (1, 1)


def _post(client: httpx.Client) -> httpx.Response:
    return client.post("/assistance", json=_body(), headers={"Idempotency-Key": "k"})


def _rows(url: str) -> tuple[int, int]:
    database = Database(url)
    with database.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (RequestRow, DeliveryRow)]
    database.close()
    return counts[0] or 0, counts[1] or 0
