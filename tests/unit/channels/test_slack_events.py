import json
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from channels.errors import Misconfigured
from channels.messages import InboundReply
from channels.slack_events import Challenge, SlackEvents
from core.errors import InvalidInput, Unauthenticated
from core.settings import Settings
from tests.slack_server import CHANNEL, signed_event, thread_reply

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
THREAD = "1700000001.000000"


def read(body: dict[str, Any]) -> Challenge | InboundReply | None:
    return SlackEvents(SecretStr(SECRET)).read(*signed_event(SECRET, body))


def test_an_answer_in_a_thread_names_the_message_that_was_sent() -> None:
    reply = read(thread_reply(THREAD, "Yes, see <https://gov.example>", event_id="Ev7"))
    assert reply == InboundReply("Ev7", "slack", "U0ANN", "Yes, see https://gov.example", f"{CHANNEL}:{THREAD}", None)


def test_slacks_question_whether_the_address_is_ours_is_answered() -> None:
    assert read({"type": "url_verification", "challenge": "3eZbrw1a"}) == Challenge("3eZbrw1a")


def test_a_repeat_has_the_event_id_of_the_first() -> None:
    headers, body = signed_event(SECRET, thread_reply(THREAD, "Yes", event_id="Ev7"))
    events = SlackEvents(SecretStr(SECRET))
    assert events.read(headers, body) == events.read({**headers, "X-Slack-Retry-Num": "1"}, body)


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B01"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"thread_ts": None},
        {"thread_ts": "1700000099.000000"},
        {"type": "reaction_added"},
        {"text": "   "},
        {"text": None},
        {"user": None},
        {"channel": ["C1"]},
    ],
)
def test_what_no_person_said_in_a_thread_is_left_alone(changes: dict[str, Any]) -> None:
    assert read(thread_reply(THREAD, "Yes") | {"event": {**thread_reply(THREAD, "Yes")["event"], **changes}}) is None


@pytest.mark.parametrize("body", [{}, {"type": "app_rate_limited"}, {"type": "event_callback"}, {"event": "x"}])
def test_other_signed_posts_are_left_alone(body: dict[str, Any]) -> None:
    assert read(body) is None


def test_an_answer_also_sent_to_the_channel_counts() -> None:
    assert isinstance(read(thread_reply(THREAD, "Yes", subtype="thread_broadcast")), InboundReply)


@pytest.mark.parametrize("age_s", [301, 86_400, -301])
def test_a_signature_of_another_time_is_refused(age_s: int) -> None:
    with pytest.raises(Unauthenticated, match="five minutes"):
        SlackEvents(SecretStr(SECRET)).read(*signed_event(SECRET, thread_reply(THREAD, "Yes"), age_s=age_s))


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=\u00e9"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "1" * 400},
    ],
)
def test_a_forged_request_is_refused(changes: dict[str, str]) -> None:
    headers, body = signed_event(SECRET, thread_reply(THREAD, "Yes"))
    with pytest.raises(Unauthenticated):
        SlackEvents(SecretStr(SECRET)).read({**headers, **changes}, body)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"{}"])
def test_a_changed_body_is_refused(body: bytes) -> None:
    headers, _ = signed_event(SECRET, thread_reply(THREAD, "Yes"))
    with pytest.raises(Unauthenticated):
        SlackEvents(SecretStr(SECRET)).read(headers, body)


def test_headers_are_found_in_any_case() -> None:
    headers, body = signed_event(SECRET, thread_reply(THREAD, "Yes"))
    lower = {name.lower(): value for name, value in headers.items()}
    assert SlackEvents(SecretStr(SECRET)).read(lower, body) is not None


@pytest.mark.parametrize("body", ["[]", '"x"', "[" * 100_000])
def test_a_signed_body_that_is_no_event_is_invalid(body: str) -> None:
    headers, _ = signed_event(SECRET, {})
    stamp = headers["X-Slack-Request-Timestamp"]
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    with pytest.raises(InvalidInput):
        SlackEvents(SecretStr(SECRET)).read({**headers, "X-Slack-Signature": str(signature)}, body.encode())


def test_the_servers_signature_is_slacks_own() -> None:
    headers, body = signed_event(SECRET, {"a": 1})
    expected = SignatureVerifier(SECRET).generate_signature(timestamp=headers["X-Slack-Request-Timestamp"], body=body)
    assert headers["X-Slack-Signature"] == expected
    assert json.loads(body) == {"a": 1}


@pytest.mark.parametrize("secret", [None, " "])
def test_without_a_signing_secret_there_are_no_events(secret: str | None) -> None:
    with pytest.raises(Misconfigured, match="SLACK_SIGNING_SECRET"):
        SlackEvents.of(Settings(slack_signing_secret=secret))  # type: ignore[arg-type]
