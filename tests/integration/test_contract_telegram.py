"""What users of the former personal assistant rely on, line by line, and where this one goes past it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from api.app import create_app
from core.settings import Settings
from core.types import Scope
from tests.integration.telegram_chat import ANNA, BOSS, GROUP, Chat, chatting
from tests.integration.training import ANSWER, QUESTION, person
from tests.telegram_bot_server import Person, Written
from training.states import ExampleStatus
from training.version_tables import RunStatus

OTHER_BOSS = Person(901, None, "Bo Boss")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    with chatting(tmp_path_factory.mktemp("contract") / "bot", telegram_admin_ids="901") as opened:
        yield opened


@pytest.fixture
def after(chat: Chat) -> int:
    return max((message.message_id for message in chat.server.written), default=0)


def _proposed(chat: Chat, question: str, answer: str, *, after: int) -> Written:
    """The post of a new proposal of Anna's in the approval group."""
    chat.server.says(ANNA, f"/train {question} | {answer}")
    return chat.server.wait_for(question, chat=GROUP, after=after)


def test_ask_says_that_the_question_is_processed_and_replies_in_the_chat(chat: Chat, after: int) -> None:
    update = chat.server.says(ANNA, f"/ask {QUESTION}", chat=-11)
    said = chat.server.wait_for("Processing", chat=-11, after=after)
    assert said.text == f'Processing your question: "{QUESTION}"'
    assert chat.server.wait_for("18,000", chat=-11, after=said.message_id).answers == update["message"]["message_id"]


def test_train_data_goes_by_the_approval_group_and_a_reply_to_pending_and_done(chat: Chat, after: int) -> None:
    chat.server.says(BOSS, "/start_train", chat=GROUP)
    assert chat.server.wait_for("There is", chat=GROUP, after=after).text == "There is no train data to start"
    post = _proposed(chat, QUESTION, ANSWER, after=after)
    example_id = post.text[1 : post.text.index("]")]
    head = f'[{example_id}] Data train (need to be approved) by anna (Anna Asker): "{QUESTION} | {ANSWER}"'
    assert post.text.splitlines()[0] == head
    chat.server.says(BOSS, "/approve", chat=GROUP, to=post)
    told = chat.server.wait_for("approved", chat=ANNA.private, after=after)
    assert told.text.splitlines()[0] == "Your train data has been approved"
    assert chat.application.examples.get(example_id).status == "PENDING"
    chat.server.says(OTHER_BOSS, "/start_train", chat=GROUP)
    started = chat.server.wait_for("Your train session", chat=GROUP, after=after)
    assert started.text == "Your train session has been started with the id: 1"
    chat.server.wait_for("Training run 1: DONE", chat=OTHER_BOSS.private, after=after)
    assert chat.application.examples.get(example_id).status == "DONE"
    reply = chat.application.versions.look_again()
    assert reply.id == "v1"


def test_a_second_training_at_once_is_told_that_one_is_pending(chat: Chat, after: int) -> None:
    post = _proposed(chat, "Is the fee paid back?", "The fee is not paid back.", after=after)
    chat.server.says(BOSS, "/approve", chat=GROUP, to=post)
    chat.server.wait_for("Approved.", chat=GROUP, after=after)
    run = chat.application.training_runs.start("somebody")
    chat.server.says(BOSS, "/start_train", chat=GROUP)
    assert chat.server.wait_for("There is a", chat=GROUP, after=after).text == "There is a pending train data"
    chat.application.training_runs.fail(run.id, "it was broken off")
    assert chat.application.training_runs.get(run.id).status is RunStatus.FAILED


def test_who_is_no_approver_is_denied(chat: Chat, after: int) -> None:
    post = _proposed(chat, "Must I apply before I travel?", "You must apply before you travel.", after=after)
    for number, command in enumerate(("/approve", "/reject no", "/start_train")):
        before = max(message.message_id for message in chat.server.written)
        chat.server.says(ANNA, command, chat=GROUP, to=post)
        told = chat.server.wait_for("Permission", chat=GROUP, after=before)
        assert (number, told.text) == (number, "Permission denied")


def test_the_same_train_data_is_named_a_duplicate(chat: Chat, after: int) -> None:
    chat.server.says(ANNA, f"/train {QUESTION} | {ANSWER}")
    told = chat.server.wait_for("Duplicate", chat=ANNA.private, after=after)
    assert told.text == f"Duplicate train data by telegram:501 at {date.today():%Y-%m-%d}"


def test_a_second_approval_is_answered_kindly(chat: Chat, after: int) -> None:
    post = _proposed(chat, "Do I apply before I travel to Iceland?", "You must apply before you travel.", after=after)
    for said in ("Approved.", "It was approved already."):
        chat.server.says(BOSS, "/approve", chat=GROUP, to=post)
        chat.server.wait_for(said, chat=GROUP, after=after)


def test_statuses_have_their_known_names() -> None:
    known = {"PENDING", "PROCESSING", "DONE", "FAILED"}
    assert known <= set(ExampleStatus)
    assert known == set(RunStatus)


def test_the_known_settings_work_under_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "TELEGRAM_TOKEN": "1:x", "APPROVE_CHAT_ID": "-100", "ADMIN_USERNAMES": "anna,@Ben", "LOG_LEVEL": "ERROR",
        "TZ": "Europe/Paris", "ENVIRONMENT": "development",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "1:x"
    assert (settings.approve_chat_id, settings.admin_usernames) == (-100, "anna,@Ben")
    assert (settings.log_level, settings.tz, settings.environment) == ("ERROR", "Europe/Paris", "development")


@pytest.mark.parametrize("name", ["x-correlation-id", "X-Request-ID"])
def test_the_correlation_id_comes_back_and_is_in_the_lines_of_the_request(chat: Chat, name: str) -> None:
    client = TestClient(create_app(chat.application), base_url="http://localhost")
    with capture_logs(processors=[merge_contextvars]) as lines:
        response = client.get("/health/live", headers={name: "order-66"})
    assert response.headers["X-Request-ID"] == "order-66"
    assert {line.get("request_id") for line in lines if line["event"] == "request"} == {"order-66"}


def test_the_correlation_id_travels_with_what_is_done_later(chat: Chat, after: int) -> None:
    client = TestClient(create_app(chat.application), base_url="http://localhost")
    body = {"topic": "visa", "description": "Please help me with my permit."}
    with capture_logs(processors=[merge_contextvars]) as lines:
        assert client.post("/assistance", json=body, headers={"x-correlation-id": "order-67"}).status_code == 201
        chat.server.wait_for("Please help me with my permit.", chat=-1008000, after=after)
        deadline = time.monotonic() + 20
        while not (found := [line for line in lines if line["event"] == "delivery.delivered"]):
            assert time.monotonic() < deadline, lines
            time.sleep(0.02)
    assert [line.get("request_id") for line in found] == ["order-67"]


def test_nothing_of_training_is_open_to_everybody(chat: Chat) -> None:
    client = TestClient(create_app(chat.application), base_url="http://localhost")
    asker = person(chat.application, "asker", Scope.CHAT)
    for path in ("/training/runs", "/training/examples/from-reply", "/models/v0/activate"):
        assert client.post(path, json={}).status_code == 401
        assert asker.post(path, json={}).status_code == 403
