"""The bot at a Bot API over real HTTP: what people and staff do there, and what comes of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from api.app import create_app
from assistance.telegram_updates import UpdateBox
from channels.telegram_text import units
from core.types import Scope
from tests.integration.telegram_chat import ANNA, BEN, BOSS, GROUP, STAFF, Chat, chatting
from tests.integration.training import person
from tests.scripted_http import json_answer
from tests.telegram_bot_server import Person
from tests.telegram_server import flood, telegram_refused

FEE = "How much is the fee for a teaching permit in Iceland?"
UNKNOWN = "Do I need a driving licence in Iceland?"
COLOUR = "What colour is the teaching permit card in Iceland?"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    with chatting(tmp_path_factory.mktemp("telegram") / "bot") as opened:
        yield opened


@pytest.fixture
def after(chat: Chat) -> int:
    """The newest message so far: a test looks at what comes behind it."""
    return max((message.message_id for message in chat.server.written), default=0)


def test_ask_is_answered_by_a_reply_with_its_source(chat: Chat, after: int) -> None:
    asked = chat.server.says(ANNA, f"/ask@assistant_bot {FEE}", chat=-77)
    first = chat.server.wait_for("Processing", chat=-77, after=after)
    assert first.text == f'Processing your question: "{FEE}"'
    answer = chat.server.wait_for("18,000 krónur", chat=-77, after=first.message_id)
    assert answer.answers == asked["message"]["message_id"]
    assert "[1]" in answer.text
    assert "Sources\n[1] Teaching permits" in answer.text


def test_a_message_in_a_private_chat_is_a_question_and_one_in_a_group_is_not(chat: Chat, after: int) -> None:
    chat.server.says(ANNA, FEE, chat=-78)
    chat.server.says(BEN, FEE)
    chat.server.wait_for("18,000 krónur", chat=BEN.private, after=after)
    assert chat.server.texts(-78) == []


def test_two_questions_of_one_chat_are_answered_in_order_in_one_conversation(chat: Chat, after: int) -> None:
    zoe = Person(510, "zoe", "Zoe")
    chat.server.says(zoe, FEE)
    chat.server.says(zoe, "Where must I apply for a teaching permit in Iceland?")
    second = chat.server.wait_for('Processing your question: "Where', chat=zoe.private, after=after)
    chat.server.wait_for("Sources", chat=zoe.private, after=second.message_id)
    kinds = [text.startswith("Processing") for text in chat.server.texts(zoe.private)]
    assert kinds == [True, False, True, False]
    [conversation] = chat.application.conversations.conversations("telegram:510")
    assert len(chat.application.conversations.turns("telegram:510", conversation.id)) == 2


def test_an_update_that_comes_twice_is_handled_once(chat: Chat) -> None:
    yan = Person(511, None, "Yan")
    update = chat.server.says(yan, FEE)
    answer = chat.server.wait_for("18,000 krónur", chat=yan.private)
    chat.server.offers(update)
    chat.server.says(yan, "/help")
    chat.server.wait_for("/train QUESTION", chat=yan.private, after=answer.message_id)
    assert len(chat.server.texts(yan.private)) == 3
    assert len(chat.application.conversations.history("telegram:511")) == 1


def test_start_and_help_say_what_there_is_and_unknown_commands_are_named(chat: Chat, after: int) -> None:
    chat.server.says(ANNA, "/start")
    assert "/train QUESTION | ANSWER" in chat.server.wait_for("Hello.", chat=ANNA.private, after=after).text
    chat.server.says(ANNA, "/approved")
    chat.server.wait_for("I do not know this command", chat=ANNA.private, after=after)
    chat.server.says(ANNA, "/ask")
    chat.server.wait_for("Write your question behind the command", chat=ANNA.private, after=after)


def test_what_the_documents_do_not_answer_is_passed_on_by_a_button_and_comes_back(chat: Chat, after: int) -> None:
    chat.server.says(ANNA, UNKNOWN)
    refusal = _abstention(chat, ANNA, after)
    chat.server.presses(BEN, refusal)
    chat.server.presses(ANNA, refusal)
    receipt = chat.server.wait_for("Receipt: ", chat=ANNA.private, after=after)
    assert "Our people read this" in receipt.text
    assert "topic: Visa or permit" in receipt.text
    handed = chat.server.wait_for("New assistance request", chat=STAFF, after=after)
    assert UNKNOWN in handed.text
    chat.server.says(BOSS, "Yes, for any car.", chat=STAFF, to=handed)
    told = chat.server.wait_for("Yes, for any car.", chat=ANNA.private, after=after)
    assert told.text.startswith(f'Bea Boss has answered to "{UNKNOWN}"')
    [request] = chat.application.assistance.desk.export("telegram:501")
    assert [(reply.text, reply.channel) for reply in request.replies] == [("Yes, for any car.", "telegram")]
    pressed = [sent.get("text") for name, sent in chat.server.calls if name == "answerCallbackQuery"]
    assert "Only whoever asked can pass this question on." in pressed


def _abstention(chat: Chat, who: Person, after: int):  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for message in chat.server.written:
            if message.chat_id == who.private and message.message_id > after and message.button:
                return message
        time.sleep(0.02)
    raise AssertionError(chat.server.texts(who.private, after=after))


def test_a_proposal_is_approved_by_replying_and_trained(chat: Chat, after: int) -> None:
    chat.server.says(BOSS, "/start_train")
    chat.server.wait_for("There is no train data to start", chat=BOSS.private, after=after)
    answer = "The fee for a teaching permit is 18,000 krónur."
    chat.server.says(ANNA, f"/train {FEE} | {answer}")
    chat.server.wait_for("waits for an approver", chat=ANNA.private, after=after)
    post = chat.server.wait_for("Data train (need to be approved)", chat=GROUP, after=after)
    example_id = post.text[1:13]
    known = f'[{example_id}] Data train (need to be approved) by anna (Anna Asker): "{FEE} | {answer}"'
    assert post.text.startswith(known)
    chat.server.says(ANNA, "/approve", chat=GROUP, to=post)
    assert chat.server.wait_for("Permission", chat=GROUP, after=after).text == "Permission denied"
    chat.server.says(BOSS, "/approve", chat=GROUP, to=post)
    chat.server.wait_for("Approved.", chat=GROUP, after=after)
    chat.server.wait_for("Your train data has been approved", chat=ANNA.private, after=after)
    chat.server.says(BOSS, "/approve", chat=GROUP, to=post)
    chat.server.wait_for("It was approved already.", chat=GROUP, after=after)
    chat.server.says(ANNA, "/start_train")
    chat.server.wait_for("Permission denied", chat=ANNA.private, after=after)
    chat.server.says(BOSS, "/start_train")
    chat.server.wait_for("Your train session has been started with the id: 1", chat=BOSS.private, after=after)
    chat.server.wait_for("version v1 answers now", chat=BOSS.private, after=after)
    chat.server.says(BOSS, "/status")
    chat.server.wait_for("I am answering with version v1.", chat=BOSS.private, after=after)


def test_train_in_the_wrong_form_is_helped_and_repeats_are_named(chat: Chat, after: int) -> None:
    chat.server.says(BEN, "/train What does it cost?")
    chat.server.wait_for("with a bar between them", chat=BEN.private, after=after)
    words = "Where do I apply for a teaching permit in Iceland? | You must apply before you travel to Iceland."
    chat.server.says(BEN, f"/train {words}")
    chat.server.wait_for("waits for an approver", chat=BEN.private, after=after)
    chat.server.says(ANNA, f"/train {words}")
    chat.server.wait_for("Duplicate train data by telegram:502 at ", chat=ANNA.private, after=after)


def test_a_proposal_made_elsewhere_is_rejected_by_replying_with_a_reason(chat: Chat, after: int) -> None:
    client = person(chat.application, "clara", Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE)
    made = client.post("/training/examples", json={"question": COLOUR, "answer": "The card is blue."}).json()
    post = chat.server.wait_for(f"[{made['id']}]", chat=GROUP, after=after)
    assert 'by token:clara (clara): "' in post.text
    chat.server.says(BOSS, "/reject", chat=GROUP, to=post)
    chat.server.wait_for("and the reason", chat=GROUP, after=post.message_id)
    chat.server.says(BOSS, "/reject The card is green.", chat=GROUP, to=post)
    chat.server.wait_for("Rejected.", chat=GROUP, after=after)
    found = chat.application.examples.get(made["id"])
    assert (found.status, found.reason) == ("REJECTED", "The card is green.")


def test_the_button_approves_as_a_reply_does(chat: Chat, after: int) -> None:
    client = person(chat.application, "carl", Scope.TRAINING_PROPOSE)
    body = {"question": "Is the fee for a teaching permit in Iceland paid back?", "answer": "The fee is not paid back."}
    made = client.post("/training/examples", json=body).json()
    post = chat.server.wait_for(f"[{made['id']}]", chat=GROUP, after=after)
    chat.server.presses(ANNA, post)
    chat.server.presses(BOSS, post)
    chat.server.wait_for("Approved.", chat=GROUP, after=after)
    assert chat.application.examples.get(made["id"]).approved_by == "telegram:900"
    assert ("editMessageReplyMarkup", str(post.message_id)) in [
        (name, sent.get("message_id")) for name, sent in chat.server.calls
    ]
    assert "Permission denied" in [sent.get("text") for name, sent in chat.server.calls if name[0] == "a"]


def test_a_reply_to_something_else_approves_nothing(chat: Chat, after: int) -> None:
    chat.server.says(BOSS, "/approve", chat=GROUP)
    chat.server.wait_for("Reply with this command", chat=GROUP, after=after)


def test_telegram_is_given_the_time_it_asks_for(chat: Chat, after: int) -> None:
    chat.server.refuse_to[ANNA.private].append(flood(1))
    began = time.monotonic()
    chat.server.says(ANNA, "/help")
    chat.server.wait_for("/train QUESTION", chat=ANNA.private, after=after)
    assert time.monotonic() - began >= 1


def test_whoever_blocked_the_bot_keeps_nobody_waiting(chat: Chat, after: int) -> None:
    gone = Person(512, None, "Gone")
    chat.server.gone.add(gone.private)
    chat.server.says(gone, "/help")
    chat.server.says(ANNA, "/help")
    chat.server.wait_for("/train QUESTION", chat=ANNA.private, after=after)
    assert chat.application.telegram is not None
    deadline = time.monotonic() + 20
    while chat.application.telegram._box.backlog().waiting:
        assert time.monotonic() < deadline, "what was said by the one who blocked the bot still waits"
        time.sleep(0.02)
    told = [int(sent["chat_id"]) for method, sent in chat.server.calls if method == "sendMessage"]
    assert told.count(gone.private) == 1
    assert chat.server.texts(gone.private) == []


def test_a_second_consumer_and_a_failing_server_are_waited_out(
    chat: Chat, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.telegram.service._ONE_CONSUMER_S", 0.05)
    monkeypatch.setattr("api.telegram.service._AGAIN_S", 0.05)
    garbled = json_answer({"ok": True, "result": [{"update_id": "x", "message": {"chat": 5}}]})
    second = telegram_refused(409, "Conflict: terminated by other getUpdates request")
    chat.server.refuse["getUpdates"].extend([second, telegram_refused(502, "Bad Gateway"), garbled])
    with capture_logs() as lines:
        while chat.server.refuse["getUpdates"]:
            time.sleep(0.02)
        chat.server.says(ANNA, "/help")
        chat.server.wait_for("/train QUESTION", chat=ANNA.private, after=after)
    said = {line["event"] for line in lines}
    assert {"telegram.second_consumer", "telegram.unreachable", "telegram.unreadable"} <= said


def test_health_and_metrics_say_how_the_bot_is(chat: Chat, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.server.says(ANNA, "/help")
    chat.server.wait_for("/train QUESTION", chat=ANNA.private, after=after)
    bot = chat.application.telegram
    assert bot is not None
    seen = TestClient(create_app(chat.application), base_url="http://localhost")
    assert "telegram" not in seen.get("/health/ready").json()["degraded"]
    monkeypatch.setattr(type(bot), "state", property(lambda _: "unreachable", lambda *_: None), raising=False)
    there = seen.get("/health/ready")
    assert (there.status_code, there.json()["status"]) == (200, "degraded")
    assert there.json()["degraded"]["telegram"] == "unreachable"
    read = seen.get("/metrics").text
    handled = float(re.findall(r"^assistance_telegram_last_handled_timestamp_seconds (.+)$", read, re.MULTILINE)[0])
    assert 0 <= time.time() - handled < 600
    assert "assistance_telegram_updates_waiting" in read


def test_what_cannot_be_read_holds_up_nobody(chat: Chat, after: int) -> None:
    broken = {"update_id": 1, "message": {"chat": {"id": ANNA.private}, "text": "without an id"}}
    assert chat.application.telegram is not None
    chat.application.telegram.take(_json(broken))
    chat.server.says(ANNA, "/help")
    chat.server.wait_for("/train QUESTION", chat=ANNA.private, after=after)


def test_a_group_that_takes_no_posts_is_told_to_the_operator(chat: Chat) -> None:
    with capture_logs() as lines:
        chat.server.refuse_to[GROUP].append(telegram_refused(400, "Bad Request: chat not found"))
        client = person(chat.application, "cora", Scope.TRAINING_PROPOSE)
        client.post("/training/examples", json={"question": "Is a permit for teaching blue?", "answer": "It is blue."})
        deadline = time.monotonic() + 20
        while "telegram.no_approval_group" not in {line["event"] for line in lines}:
            assert time.monotonic() < deadline, lines
            time.sleep(0.02)


def test_a_long_proposal_is_posted_in_parts_that_can_each_be_replied_to(chat: Chat, after: int) -> None:
    rules = " ".join(f"Rule {number} on teaching permits says that you must apply early." for number in range(62))
    client = person(chat.application, "cleo", Scope.TRAINING_PROPOSE)
    long_question = "What do all the rules on teaching permits in Iceland say? " + "Please tell me. " * 25
    made = client.post("/training/examples", json={"question": long_question, "answer": rules}).json()
    chat.server.wait_for("Reply /approve", chat=GROUP, after=after)
    texts = [text for text in chat.server.texts(GROUP, after=after) if text.startswith(f"[{made['id']}] ")]
    assert len(texts) == 2
    assert all(units(text) <= 4096 for text in texts)


def test_what_a_crash_left_unanswered_is_answered_after_the_start(tmp_path: Path) -> None:
    place = tmp_path / "bot"
    with chatting(place, telegram_webhook_secret="s3cret") as first:
        update = first.server.makes(ANNA, FEE)
        database = first.application.database
        box = UpdateBox(database, executor=first.application.settings.executor_id)
        first.application.telegram.stop()  # type: ignore[union-attr]
        first.application.telegram.take(_json(update))  # type: ignore[union-attr]
        assert box.take(ANNA.id) is not None  # it was at work on it when it died
    with chatting(place, telegram_webhook_secret="s3cret") as second:
        second.server.wait_for("18,000 krónur", chat=ANNA.private)


def test_a_webhook_takes_updates_by_its_secret_and_a_closed_chat_answers_members(tmp_path: Path) -> None:
    url = "https://assistant.example.org/channels/telegram/webhook"
    closed = {"chat_open": False, "telegram_user_ids": str(ANNA.id)}
    with chatting(tmp_path / "bot", telegram_webhook_secret="s3cret", telegram_webhook_url=url, **closed) as chat:
        client = TestClient(create_app(chat.application), base_url="http://localhost")
        update = chat.server.makes(ANNA, FEE)
        path, right = "/channels/telegram/webhook", {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        assert client.post(path, json=update).status_code == 403
        assert client.post(path, json=update, headers={**right, "X-Telegram-Bot-Api-Secret-Token": "no"}).is_error
        assert client.post(path, content=b"[1]", headers=right).status_code == 422
        assert client.post(path, json=update, headers=right).status_code == 200
        assert client.post(path, json=update, headers=right).status_code == 200
        chat.server.wait_for("18,000 krónur", chat=ANNA.private)
        assert len(chat.server.texts(ANNA.private)) == 2
        assert client.post(path, json=chat.server.makes(BEN, FEE), headers=right).status_code == 200
        assert chat.server.wait_for("Permission", chat=BEN.private).text == "Permission denied"
        told = [sent for name, sent in chat.server.calls if name == "setWebhook"]
        assert (told[0]["url"], told[0]["secret_token"]) == (url, "s3cret")
        assert "getUpdates" not in {name for name, _ in chat.server.calls}


def _json(update: object) -> bytes:
    return json.dumps(update).encode()
