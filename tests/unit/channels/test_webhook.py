import threading

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from channels.errors import Misconfigured, Permanent, Transient
from channels.limits import Limits
from channels.webhook import WebhookChannel
from tests.scripted_http import Answer, ScriptedHttp, json_answer, scripted_http
from tests.unit.channels.sending import CALM, limits_for, message, send

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def channel(server: ScriptedHttp, *, limits: Limits = CALM) -> WebhookChannel:
    return WebhookChannel(SecretStr(f"{server.url}/hook"), SecretStr(SECRET), limits=limits)


def test_a_message_arrives_signed_for_any_standard_webhooks_library() -> None:
    with scripted_http(json_answer({"id": "task-7"}, 201)) as server:
        sent = send(channel(server), message(reply_token="tok"))
    asked = server.asked[0]
    event = Webhook(SECRET).verify(asked.body, asked.headers)
    assert asked.headers["webhook-id"] == event["data"]["delivery_id"] == "delivery-1"
    assert event["type"] == "assistance.message"
    assert event["data"]["text"] == "New assistance request: may I work?"
    assert event["data"]["reply_token"] == "tok"
    assert sent.reference == "task-7"


def test_a_repeat_has_the_same_id_and_the_same_bytes() -> None:
    with scripted_http() as server:
        send(channel(server))
        send(channel(server))
    first, again = server.asked
    assert (first.headers["webhook-id"], first.body) == (again.headers["webhook-id"], again.body)


def test_a_message_may_name_an_address_of_its_own() -> None:
    with scripted_http() as server:
        send(WebhookChannel(None, SecretStr(SECRET), limits=CALM), message(to=f"{server.url}/visa"))
    assert server.asked[0].path == "/visa"


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b'{"id": 7}', b"[" * 9000, b"x" * 200_000])
def test_an_answer_without_an_id_is_no_reference(body: bytes) -> None:
    with scripted_http(Answer(200, body)) as server:
        assert send(channel(server)).reference is None


@pytest.mark.parametrize(
    ("answer", "reason", "wait"),
    [
        (Answer(408), "408", None),
        (Answer(425), "425", None),
        (Answer(429, headers={"Retry-After": "12"}), "429", 12),
        (Answer(500), "500", None),
        (Answer(503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), "503", 0),
        (Answer(hang=True), "timeout", None),
        (Answer(200, b"drop by drop", drip_s=0.1), "timeout", None),
        (Answer(reset=True), "unavailable", None),
    ],
)
def test_what_may_pass_is_transient(answer: Answer, reason: str, wait: int | None) -> None:
    with scripted_http(answer) as server, pytest.raises(Transient) as caught:
        send(channel(server, limits=limits_for(answer)))
    assert (caught.value.reason, caught.value.retry_after_s) == (reason, wait)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_what_is_refused_for_good_is_permanent(status: int) -> None:
    with scripted_http(Answer(status)) as server, pytest.raises(Permanent, match=str(status)):
        send(channel(server))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with scripted_http(Answer(status, headers={"Location": "/elsewhere"})) as server:
        with pytest.raises(Permanent, match="leads to"):
            send(channel(server))
        assert [asked.path for asked in server.asked] == ["/hook"]


def test_an_answer_that_unpacks_to_more_is_not_unpacked() -> None:
    with scripted_http(Answer(200, b"\x1f\x8b broken", {"Content-Encoding": "gzip"})) as server:
        assert send(channel(server)).reference is None
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_nobody_there_is_transient_and_the_address_stays_untold() -> None:
    with scripted_http() as server:
        gone = channel(server)
    with pytest.raises(Transient, match="cannot be reached") as caught:
        send(gone)
    assert "/hook" not in f"{caught.value}{gone!r}"


def test_one_channel_serves_several_event_loops() -> None:
    with scripted_http() as server:
        shared = channel(server)
        threads = [threading.Thread(target=send, args=(shared,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("http://hooks.example.org/x", SECRET, "CHANNELS_ALLOW_PLAIN"),
        ("ftp://hooks.example.org/x", SECRET, "WEBHOOK_URL"),
        ("https://[::1", SECRET, "WEBHOOK_URL"),
        ("https:///x", SECRET, "WEBHOOK_URL"),
        ("https://hooks.example.org/x", None, "WEBHOOK_SECRET is missing"),
        ("https://hooks.example.org/x", "whsec_no!", "base64"),
        ("https://hooks.example.org/x", "whsec_c2hvcnQ=", "24 bytes"),
    ],
)
def test_settings_that_cannot_be_right_are_said(url: str, secret: str | None, said: str) -> None:
    made = WebhookChannel(SecretStr(url), SecretStr(secret) if secret else None, limits=Limits())
    with pytest.raises(Misconfigured, match=said):
        made.check()


def test_a_plain_address_of_another_machine_is_refused_when_a_message_names_it() -> None:
    made = WebhookChannel(None, SecretStr(SECRET), limits=CALM)
    with pytest.raises(Misconfigured, match="unencrypted"):
        send(made, message(to="http://10.0.0.7/hook"))
    with pytest.raises(Misconfigured, match="WEBHOOK_URL"):
        send(made)


def test_the_operator_may_allow_plain_addresses() -> None:
    limits = Limits(allow_plain=True)
    WebhookChannel(SecretStr("http://inner.example/hook"), SecretStr(SECRET), limits=limits).check()
