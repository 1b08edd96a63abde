"""Requests for a person over HTTP: who sees what, the inbox, answers from channels, drafts."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from channels import slack_names
from channels.errors import Permanent
from core.types import Scope
from tests.integration.help_desk import HelpDesk, help_desk
from tests.slack_server import slack_server

READS, REPLIES, ASKS = (Scope.ASSISTANCE_READ,), (Scope.ASSISTANCE_REPLY,), (Scope.REQUEST_ASSISTANCE,)
SLACK_SECRET, MAIL_SECRET = "slack-signing-secret", "whsec_" + "c2VjcmV0" * 5


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpDesk]:
    with pytest.MonkeyPatch.context() as patched, slack_server() as slack, help_desk(
        tmp_path_factory.mktemp("help"), slack_signing_secret=SLACK_SECRET, email_inbound_secret=MAIL_SECRET,
        email_reply_to="reply@example.org", slack_token="xoxb-1234567890", slack_api_url=f"{slack.url}/api/",
    ) as opened:  # fmt: skip
        patched.setattr(slack_names, "_PATIENCE_S", 20.0)  # a busy machine must not take the name away
        yield opened


@pytest.fixture
def handed_over(desk: HelpDesk) -> dict[str, Any]:
    """A request of the local person that Slack has."""
    return desk.wait_for(desk.ask("sales")["id"], "handed_over")


@pytest.mark.parametrize(
    ("method", "path", "scopes", "missing"),
    [
        ("GET", "/assistance", ASKS, "assistance:read"),
        ("GET", "/assistance/setup", ASKS, "assistance:read"),
        ("GET", "/assistance/mine", READS, "request-assistance"),
        ("POST", "/assistance/draft", READS, "request-assistance"),
        ("GET", "/assistance/{id}", (Scope.PING,), "request-assistance"),
        ("POST", "/assistance/{id}/close", READS, "request-assistance"),
        ("POST", "/assistance/{id}/notes", READS, "request-assistance"),
        ("POST", "/assistance/{id}/replies", READS, "assistance:reply"),
        ("POST", "/assistance/{id}/deliveries/x/retry", READS, "assistance:reply"),
    ],
)
def test_a_wrong_scope_is_403_and_names_the_right_one(
    desk: HelpDesk, handed_over: dict[str, Any], method: str, path: str, scopes: tuple[Scope, ...], missing: str
) -> None:
    body = {"text": "Hello.", "question": "What?"} if method == "POST" else None
    response = desk.call(method, path.format(id=handed_over["id"]), scopes=scopes, json=body)
    assert response.status_code == 403
    assert missing in response.json()["detail"]


def test_the_local_person_is_no_staff(desk: HelpDesk, handed_over: dict[str, Any]) -> None:
    for path in ("/assistance", "/assistance/setup"):
        assert desk.call("GET", path).status_code == 401
    assert desk.call("POST", f"/assistance/{handed_over['id']}/replies", json={"text": "Hi."}).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/close"), ("POST", "/notes")])
def test_others_do_not_even_learn_that_it_exists(
    desk: HelpDesk, handed_over: dict[str, Any], method: str, path: str
) -> None:
    body = {"text": "Hello."} if method == "POST" else None
    response = desk.call(method, f"/assistance/{handed_over['id']}{path}", scopes=ASKS, subject="other", json=body)
    assert response.status_code == 404


def test_targets_and_reasons_are_for_staff_alone(desk: HelpDesk) -> None:
    desk.slack.fail_with(Permanent("no such channel", reason="channel_not_found"))
    failed = desk.wait_for(desk.ask("sales")["id"], "failed")
    assert (failed["owner"], failed["deliveries"][0]["target"]) == ("local", "#sales")
    assert failed["deliveries"][0]["reason"] == "channel_not_found: no such channel"
    mine = desk.call("GET", f"/assistance/{failed['id']}").json()
    assert "owner" not in mine
    assert [(item["channel"], item["status"], item["attempts"], item["target"], item["reason"])
            for item in mine["deliveries"]] == [("slack", "dead", 1, None, None)]  # fmt: skip


def test_a_dead_letter_is_sent_again_from_the_inbox(desk: HelpDesk) -> None:
    desk.slack.fail_with(Permanent("no such channel", reason="channel_not_found"))
    failed = desk.wait_for(desk.ask("sales")["id"], "failed")
    path = f"/assistance/{failed['id']}/deliveries/{failed['deliveries'][0]['id']}/retry"
    assert desk.call("POST", path, scopes=REPLIES).status_code == 200
    desk.wait_for(failed["id"], "handed_over")
    assert desk.call("POST", path, scopes=REPLIES).status_code == 409


def test_staff_find_a_request_by_its_words_status_topic_and_channel(desk: HelpDesk) -> None:
    request = desk.wait_for(
        desk.ask("pricing", "Zanzibar 100% pricing", contact="ana@example.org")["id"], "handed_over"
    )
    for params in ({"q": "zanzibar 100%"}, {"q": "ana@example"}, {"q": request["id"]}):
        page = _page(desk, **params)
        assert ([item["id"] for item in page["items"]], page["total"]) == ([request["id"]], 1)
    assert request["id"] in _ids(_page(desk, status=["handed_over"], topic="Pricing", channel="email"))
    assert request["id"] not in _ids(_page(desk, channel="slack")) + _ids(_page(desk, status=["closed"]))
    assert _page(desk)["counts"]["handed_over"] >= 1
    assert len(_page(desk, limit=1, offset=1)["items"]) == 1


def _page(desk: HelpDesk, **params: Any) -> dict[str, Any]:
    page: dict[str, Any] = desk.call("GET", "/assistance", scopes=READS, params=params).raise_for_status().json()
    return page


def _ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_an_answer_lands_in_the_conversation_marked_as_from_a_human(desk: HelpDesk) -> None:
    turn = desk.call("POST", "/chat", json={"question": "How can I move to Canada?"}).raise_for_status().json()
    receipt = desk.ask("sales", turn_id=turn["turn_id"])
    assert receipt["conversation_id"] == turn["conversation_id"]
    path, key = f"/assistance/{receipt['id']}/replies", {"Idempotency-Key": "r1"}
    said = {"text": "Apply until May.", "author": "Maria"}
    replies = [desk.call("POST", path, scopes=REPLIES, json=said, headers=key).json() for _ in range(2)]
    assert replies[0] == replies[1]
    seen = desk.call("GET", f"/conversations/{turn['conversation_id']}").json()
    assert seen["turns"][0]["handed_over_at"] is not None
    request = seen["assistance"][0]
    assert (request["id"], request["status"], request["turn_id"]) == (receipt["id"], "answered", turn["turn_id"])
    assert [(item["author"], item["text"], item["from_human"]) for item in request["replies"]] == [
        ("Maria", "Apply until May.", True)
    ]
    assert desk.call("DELETE", f"/conversations/{turn['conversation_id']}").status_code == 204
    assert desk.call("GET", f"/assistance/{receipt['id']}").json()["conversation_id"] is None


def test_a_receipt_says_when_somebody_reads(desk: HelpDesk) -> None:
    key = {"Idempotency-Key": "hours"}
    body = {"topic": "visa", "description": "Please help me.", "language": "es"}
    first, again = (desk.call("POST", "/assistance", json=body, headers=key).json() for _ in range(2))
    assert first == again
    assert first["hours"]["text"] == "de lunes a viernes, de 9:00 a 17:00 (UTC)"
    told = f"Nuestro personal lee esto en este horario: {first['hours']['text']}. Ahora "
    assert first["hours"]["sentence"].startswith(told)
    created_at = datetime.fromisoformat(first["created_at"])
    working = created_at.weekday() < 5 and 9 <= created_at.hour < 17
    assert first["hours"]["open_now"] == working
    assert datetime.fromisoformat(first["hours"]["changes_at"]) > created_at
    assert desk.ask("sales")["hours"] is None
    topics = {topic["id"]: topic["hours"] for topic in desk.call("GET", "/assistance/topics").json()["items"]}
    assert topics["visa"]["text"] == "Monday to Friday, 9:00 to 17:00 (UTC)"
    assert topics["sales"] is None


def test_a_person_adds_and_closes(desk: HelpDesk, handed_over: dict[str, Any]) -> None:
    path = f"/assistance/{handed_over['id']}"
    added = desk.call("POST", f"{path}/notes", json={"text": "And my wife?"})
    assert (added.status_code, [item["text"] for item in added.json()["additions"]]) == (201, ["And my wife?"])
    assert desk.call("POST", f"{path}/close").json()["status"] == "closed"
    assert desk.call("POST", f"{path}/notes", json={"text": "More."}).status_code == 409
    assert handed_over["id"] in _ids(desk.call("GET", "/assistance/mine").json())


def test_a_reply_in_the_slack_thread_lands_and_a_replay_is_dropped(desk: HelpDesk, handed_over: dict[str, Any]) -> None:
    sent = [item.request_id for item in desk.slack.taken].index(handed_over["id"]) + 1
    event = {
        "type": "message", "channel": "C1", "thread_ts": str(sent), "ts": "9.5", "user": "U1", "text": "Until May."
    }  # fmt: skip
    body = json.dumps({"type": "event_callback", "event_id": f"Ev{sent}", "event": event}).encode()
    responses = [_from_slack(desk, body) for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 200]
    answered = desk.wait_for(handed_over["id"], "answered")
    assert [(item["author"], item["channel"], item["text"]) for item in answered["replies"]] == [
        ("Ann", "slack", "Until May.")
    ]


def test_slack_gets_its_challenge_and_a_forger_nothing(desk: HelpDesk) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert _from_slack(desk, body).text == "abc"
    assert _from_slack(desk, body, secret="wrong").status_code == 401
    assert desk.call("POST", "/channels/slack/events", content=body).status_code == 401
    assert desk.call("POST", "/channels/slack/events", content=b"x" * (6 << 20)).status_code == 413


def _from_slack(desk: HelpDesk, body: bytes, *, secret: str = SLACK_SECRET) -> httpx.Response:
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}
    return desk.call("POST", "/channels/slack/events", content=body, headers=headers)


def test_a_reply_by_mail_lands_by_its_token(desk: HelpDesk) -> None:
    request = desk.wait_for(desk.ask("pricing")["id"], "handed_over")
    token = next(item.reply_token for item in desk.email.taken if item.request_id == request["id"])
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "Maria <maria@example.org>", f"reply+{token}@example.org", "<m1@x>"
    mail.set_content("It costs nothing.")
    assert [_from_mail(desk, mail.as_bytes()).status_code for _ in range(2)] == [204, 204]
    answered = desk.wait_for(request["id"], "answered")
    assert [item["text"] for item in answered["replies"]] == ["It costs nothing."]


def _from_mail(desk: HelpDesk, body: bytes) -> httpx.Response:
    moment = datetime.now(UTC)
    headers = {
        "webhook-id": "w1", "webhook-timestamp": str(int(moment.timestamp())), "content-type": "message/rfc822",
        "webhook-signature": Webhook(MAIL_SECRET).sign("w1", moment, body.decode()),
    }  # fmt: skip
    return desk.call("POST", "/channels/email/inbound", content=body, headers=headers)


def test_a_draft_has_a_topic_and_the_persons_words(desk: HelpDesk) -> None:
    turn = desk.call("POST", "/chat", json={"question": "My card was charged twice"}).raise_for_status().json()
    by_turn = desk.call("POST", "/assistance/draft", json={"turn_id": turn["turn_id"]}).json()
    asked = {"question": "My card was charged twice", "language": "es"}
    by_question = desk.call("POST", "/assistance/draft", json=asked).json()
    assert (by_turn["topic"], by_turn["description"]) == ("payment", "My card was charged twice")
    assert (by_question["title"], len(by_question["alternatives"])) == ("Pagos", 3)
    assert desk.call("POST", "/assistance/draft", json={}).status_code == 422


def test_topics_come_in_the_persons_language(desk: HelpDesk) -> None:
    items = desk.call("GET", "/assistance/topics", params={"language": "fr"}).json()["items"]
    assert {item["id"]: item["title"] for item in items}["documents"] == "Documents et formulaires"


def test_staff_see_how_channels_and_topics_stand(desk: HelpDesk) -> None:
    setup = desk.call("GET", "/assistance/setup", scopes=READS).json()
    assert setup["error"] is None
    assert {item["channel"]: item["state"] for item in setup["channels"]} == {"slack": "ok", "email": "ok"}


def test_a_fresh_machine_takes_it_and_says_that_it_waits_in_the_inbox(live_server: str) -> None:
    body = {"topic": "visa", "description": "Please help me."}
    receipt = httpx.post(f"{live_server}/assistance", json=body, timeout=30).raise_for_status().json()
    assert (receipt["status"], receipt["channels"], receipt["inbox_only"]) == ("waiting", ["inbox"], True)
    for path in ("slack/events", "email/inbound"):
        assert httpx.post(f"{live_server}/channels/{path}", json={}).status_code == 404
