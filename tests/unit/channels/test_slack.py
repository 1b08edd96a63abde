import asyncio
import threading

import pytest
from pydantic import SecretStr

from channels.errors import Misconfigured, Permanent, Transient
from channels.limits import Limits
from channels.slack import SlackBot, SlackWebhook
from tests.scripted_http import Answer, ScriptedHttp, json_answer
from tests.slack_server import CHANNEL, refused, slack_server, too_many, webhook_refused
from tests.unit.channels.sending import CALM, limits_for, message, send

TO = message(to="#visa")


def bot(server: ScriptedHttp, *, limits: Limits = CALM) -> SlackBot:
    return SlackBot(SecretStr("xoxb-test"), f"{server.url}/api/", limits=limits)


def webhook(server: ScriptedHttp) -> SlackWebhook:
    return SlackWebhook(SecretStr(f"{server.url}/hook"), limits=CALM)


def test_a_message_arrives_in_its_channel_and_tells_where_it_is() -> None:
    with slack_server() as server:
        sent = send(bot(server), TO)
    arrived = server.asked[0]
    assert sent.reference == f"{CHANNEL}:1700000001.000000"
    assert arrived.headers["authorization"] == "Bearer xoxb-test"
    assert arrived.json()["channel"] == "#visa"
    assert arrived.json()["text"] == "New assistance request: may I work?"


def test_a_repeat_carries_the_same_ids_and_another_delivery_others() -> None:
    with slack_server() as server:
        for each in (TO, TO, message(id="delivery-2", to="#visa")):
            send(bot(server), each)
    first, again, other = (asked.json() for asked in server.asked)
    assert first == again
    assert first["metadata"]["event_payload"] == {"delivery_id": "delivery-1"}
    assert first["client_msg_id"] != other["client_msg_id"]


def test_a_later_message_goes_into_the_thread_and_keeps_its_reference() -> None:
    with slack_server() as server:
        sent = send(bot(server), message(to="#visa", thread="C0OTHER:1699999999.000100"))
    assert sent.reference == "C0OTHER:1699999999.000100"
    assert server.asked[0].json()["channel"] == "C0OTHER"
    assert server.asked[0].json()["thread_ts"] == "1699999999.000100"


def test_peoples_words_become_neither_mention_nor_link_nor_markup() -> None:
    with slack_server() as server:
        send(bot(server), message(to="#visa", text="<!channel> *bold* <b> & <https://evil.example|bank>"))
    body = server.asked[0].json()
    assert body["text"] == "&lt;!channel&gt; *bold* &lt;b&gt; &amp; &lt;https://evil.example|bank&gt;"
    assert body["mrkdwn"] is False
    assert body["unfurl_links"] is False


@pytest.mark.parametrize(
    ("answer", "reason", "wait"),
    [
        (too_many("17"), "ratelimited", 17),
        (too_many("soon"), "ratelimited", None),
        (refused("internal_error"), "internal_error", None),
        (Answer(500, b"<html>oh", {"Content-Type": "text/html"}), "500", None),
        (Answer(503, b"no", {"Content-Type": "text/plain", "Retry-After": "5"}), "503", 5),
        (Answer(200, b"<html>proxy", {"Content-Type": "text/html"}), "garbled", None),
        (Answer(200, b"hello", {"Content-Type": "text/plain"}), "garbled", None),
        (Answer(200, b"{", {"Content-Type": "application/json"}), "garbled", None),
        (json_answer(["ok"]), "garbled", None),
        (Answer(hang=True), "timeout", None),
        (Answer(reset=True), "unavailable", None),
    ],
)
def test_what_may_pass_is_transient(answer: Answer, reason: str, wait: int | None) -> None:
    with slack_server(answer) as server, pytest.raises(Transient) as caught:
        send(bot(server, limits=limits_for(answer)), TO)
    assert (caught.value.reason, caught.value.retry_after_s) == (reason, wait)
    assert len(server.asked) == 1


@pytest.mark.parametrize("word", ["channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "never_heard"])
def test_what_slack_refuses_for_good_is_permanent(word: str) -> None:
    with slack_server(refused(word)) as server, pytest.raises(Permanent, match=word) as caught:
        send(bot(server), TO)
    assert caught.value.reason == word


@pytest.mark.parametrize("word", ["invalid_auth", "token_revoked", "missing_scope"])
def test_a_bad_token_is_the_operators_to_mend(word: str) -> None:
    with slack_server(refused(word)) as server, pytest.raises(Misconfigured, match=word):
        send(bot(server), TO)


def test_nobody_there_is_transient() -> None:
    with slack_server() as server:
        gone = bot(server)
    with pytest.raises(Transient, match="cannot be reached"):
        send(gone, TO)


def test_a_text_that_slack_would_cut_is_refused_before_it_is_sent() -> None:
    with slack_server() as server, pytest.raises(Permanent, match="40001"):
        send(bot(server), message(to="#visa", text="x" * 40_001))
    assert server.asked == []


@pytest.mark.parametrize("place", [{"to": None}, {"to": ""}])
def test_a_message_without_a_channel_is_a_fault_of_the_settings(place: dict[str, str | None]) -> None:
    with slack_server() as server, pytest.raises(Misconfigured, match=r"assistance\.yaml"):
        send(bot(server), message(**place))


def test_one_channel_serves_several_event_loops() -> None:
    with slack_server() as server:
        shared = bot(server)
        threads = [threading.Thread(target=send, args=(shared, TO)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        async def both() -> None:
            await asyncio.gather(shared.send(TO), shared.send(TO))

        asyncio.run(both())
    assert len(server.asked) == 6


def test_an_incoming_webhook_takes_the_text_and_tells_no_reference() -> None:
    with slack_server() as server:
        assert send(webhook(server)).reference is None
    body = server.asked[0].json()
    assert (body["text"], body["mrkdwn"]) == ("New assistance request: may I work?", False)
    assert body["metadata"]["event_payload"] == {"delivery_id": "delivery-1"}


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (webhook_refused(404, "channel_not_found"), Permanent, "channel_not_found"),
        (webhook_refused(410, "channel_is_archived"), Permanent, "channel_is_archived"),
        (webhook_refused(404, "no_service"), Misconfigured, "no_service"),
        (webhook_refused(500, "rollup_error"), Transient, "rollup_error"),
        (Answer(429, b"", {"Retry-After": "9"}), Transient, "429"),
        (Answer(307, b"", {"Location": "/elsewhere"}), Permanent, "redirect"),
    ],
)
def test_an_incoming_webhooks_errors_are_told_apart(answer: Answer, kind: type[Exception], reason: str) -> None:
    with slack_server(answer) as server, pytest.raises(kind) as caught:
        send(webhook(server))
    assert getattr(caught.value, "reason", None) == reason
    assert len(server.asked) == 1


def test_the_secret_address_of_a_webhook_is_not_told() -> None:
    secret = SlackWebhook(SecretStr("http://hooks.example.org/T0/B0/hushhush"), limits=CALM)
    with pytest.raises(Misconfigured) as caught:
        secret.check()
    assert "hushhush" not in str(caught.value) + repr(secret)


@pytest.mark.parametrize(
    ("token", "api", "said"),
    [("abc", "https://slack.com/api/", "xoxb-"), ("xoxb-1", "http://slack.example.org/", "CHANNELS_ALLOW_PLAIN")],
)
def test_settings_that_cannot_be_right_are_said(token: str, api: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        SlackBot(SecretStr(token), api, limits=CALM).check()
