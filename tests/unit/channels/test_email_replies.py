import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from standardwebhooks import Webhook

from channels.email_replies import EmailReplies
from channels.errors import Misconfigured
from channels.messages import InboundReply
from core.errors import InvalidInput, Unauthenticated
from core.settings import Settings

SECRET = "whsec_" + base64.b64encode(b"x" * 32).decode()
SETTINGS = Settings(email_inbound_secret=SECRET, email_reply_to="reply@example.org")  # type: ignore[arg-type]
TOKEN = "mfrggzdfmztwq2lk"


def signed(body: bytes, *, kind: str = "application/json", age_s: int = 0) -> dict[str, str]:
    moment = datetime.now(UTC) - timedelta(seconds=age_s)
    signature = Webhook(SECRET).sign("msg_1", moment, body.decode())
    stamp = str(int(moment.timestamp()))
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": stamp, "Webhook-Signature": signature, "Content-Type": kind}


def read(body: bytes, *, kind: str = "application/json") -> InboundReply | None:
    return EmailReplies.of(SETTINGS).read(signed(body, kind=kind), body)


def posted(**members: object) -> bytes:
    usual: dict[str, object] = {"from": "Ann <ann@example.org>", "to": f"reply+{TOKEN}@example.org", "text": "Yes."}
    return json.dumps({**usual, **members}).encode()


def mail(text: str = "Yes.", **headers: str) -> bytes:
    made = EmailMessage()
    usual = {
        "From": "Ann <ann@example.org>",
        "To": f"Desk <reply+{TOKEN}@example.org>",
        "Message-ID": "<r1@example.org>",
    }
    for name, value in {**usual, "In-Reply-To": "<delivery-1@example.org>", **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def test_a_raw_mail_names_the_request_the_message_and_the_answer() -> None:
    text = "You may.\n\nOn Mon, 3 May 2026 at 10:00, Help desk <help@example.org> wrote:\n> May I work?\n"
    reply = read(mail(text), kind="message/rfc822")
    assert reply == InboundReply(
        "<r1@example.org>", "email", "ann@example.org", "You may.", "<delivery-1@example.org>", TOKEN
    )


def test_json_of_ones_own_is_understood() -> None:
    reply = read(posted(message_id="<r2@x>", headers={"In-Reply-To": "<delivery-1@example.org>"}))
    assert reply == InboundReply("<r2@x>", "email", "ann@example.org", "Yes.", "<delivery-1@example.org>", TOKEN)


def test_json_in_the_shape_of_postmark_is_understood() -> None:
    body = {
        "From": "ann@example.org",
        "OriginalRecipient": f"reply+{TOKEN}@example.org",
        "ToFull": [{"Email": "someone@else.org"}],
        "TextBody": "Yes.\n\n-- \nAnn",
        "Headers": [{"Name": "In-Reply-To", "Value": "<delivery-1@example.org>"}],
    }
    reply = read(json.dumps(body).encode())
    assert reply == InboundReply("msg_1", "email", "ann@example.org", "Yes.", "<delivery-1@example.org>", TOKEN)


def test_json_may_carry_the_whole_mail() -> None:
    reply = read(json.dumps({"type": "email.received", "data": {"raw": mail().decode()}}).encode())
    assert reply is not None
    assert (reply.text, reply.reply_token) == ("Yes.", TOKEN)


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"To": "visa@example.org", "Delivered_To": f"reply+{TOKEN}@example.org"}, TOKEN),
        ({"To": f"a@b.org, Desk <REPLY+{TOKEN.upper()}@Example.org>"}, TOKEN),
        ({"To": "visa@example.org", "Cc": f"reply+{TOKEN}@example.org"}, TOKEN),
        ({"To": f"reply+{TOKEN}@elsewhere.org"}, None),
        ({"To": f"other+{TOKEN}@example.org"}, None),
        ({"To": "reply+@example.org"}, None),
        ({"To": "reply@example.org"}, None),
    ],
)
def test_the_token_is_taken_from_an_address_of_ours(headers: dict[str, str], token: str | None) -> None:
    reply = read(mail(**headers), kind="message/rfc822")
    assert reply is not None
    assert reply.reply_token == token


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.org"},
        {"From": "Mail Delivery <postmaster@example.org>"},
        {"From": "no-reply@example.org"},
    ],
)
def test_machines_are_not_listened_to(headers: dict[str, str]) -> None:
    assert read(mail(**headers), kind="message/rfc822") is None


def test_a_bounce_is_not_an_answer() -> None:
    made = EmailMessage()
    made["From"], made["To"] = "mx@example.org", f"reply+{TOKEN}@example.org"
    made.set_content("550 no such user")
    made.add_alternative("Action: failed", subtype="plain")
    raw = made.as_bytes().replace(b"multipart/alternative", b"multipart/report")
    assert read(raw, kind="message/rfc822") is None
    assert read(posted(headers={"Content-Type": "multipart/report; report-type=delivery-status"})) is None


def test_a_person_who_says_not_automatic_is_heard() -> None:
    assert read(mail(Auto_Submitted="no"), kind="message/rfc822") is not None


def test_a_mail_with_nothing_but_the_quote_is_no_answer() -> None:
    assert read(posted(text="> May I work?\n")) is None


def test_an_answer_in_html_alone_is_read_without_the_quoted_letter() -> None:
    html = "<style>x{}</style><p>Yes, &lt;b&gt; you may.</p><div class='gmail_quote'>On … wrote: May I?</div>"
    reply = read(posted(text="", html=html))
    assert reply is not None
    assert reply.text == "Yes, <b> you may."


def test_a_mail_that_is_not_utf_8_is_verified_and_read() -> None:
    raw = b"From: a@b.org\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nJa, f\xfcr Sie."
    stamp = str(int(time.time()))
    digest = hmac.digest(b"x" * 32, b"m." + stamp.encode() + b"." + raw, hashlib.sha256)
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "content-type": "message/rfc822"}
    headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    reply = EmailReplies.of(SETTINGS).read(headers, raw)
    assert reply is not None
    assert reply.text == "Ja, für Sie."


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.org\nContent-Type: text/plain; charset=martian\n\nYes.",
        b"From: a@b.org\nContent-Type: multipart/mixed\n\nYes.",
        b"From: a@b.org\nSubject: =?utf-8?b?//8=?=\nTo: <<<>,,@\n\nYes.",
    ],
)
def test_a_malformed_mail_is_read_as_well_as_it_can_be(raw: bytes) -> None:
    reply = read(raw, kind="message/rfc822")
    assert reply is None or reply.text == "Yes."


@pytest.mark.parametrize(
    "changes",
    [
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v1,AAAA v1a,x nonsense"},
        {"Webhook-Signature": "v2," + base64.b64encode(b"x" * 32).decode()},
        {"Webhook-Id": "msg_2"},
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": "yesterday"},
        {"Webhook-Timestamp": "9" * 40},
    ],
)
def test_a_forged_post_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        EmailReplies.of(SETTINGS).read({**signed(posted()), **changes}, posted())


@pytest.mark.parametrize("age_s", [310, -310])
def test_a_signature_of_another_time_is_refused(age_s: int) -> None:
    with pytest.raises(Unauthenticated, match="five minutes"):
        EmailReplies.of(SETTINGS).read(signed(posted(), age_s=age_s), posted())


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="does not match"):
        EmailReplies.of(SETTINGS).read(signed(posted()), posted(text="No."))


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b'{"from": 7}', b'{"raw": "hello"}', b"[" * 50_000])
def test_a_signed_body_that_is_no_mail_is_invalid(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(body)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email_inbound_secret": None}, "EMAIL_INBOUND_SECRET"),
        ({"email_inbound_secret": "whsec_eA=="}, "24 bytes"),
        ({"email_reply_to": None}, "EMAIL_REPLY_TO"),
        ({"email_reply_to": "nobody"}, "EMAIL_REPLY_TO"),
    ],
)
def test_settings_that_cannot_be_right_are_said(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        EmailReplies.of(_settings(**changes))


def _settings(**changes: object) -> Settings:
    fields = {"email_inbound_secret": SECRET, "email_reply_to": "reply@example.org", **changes}
    return Settings.model_validate(fields)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.org\nTo: " + b", ".join(b"a%d@b.org" % number for number in range(30_000)) + b"\n\nYes.",
        b"From: a@b.org\nTo: " + b'"' * 100_000 + b"\n\nYes.",
        b"From: a@b.org\nContent-Type: text/plain; " + b'";' * 50_000 + b"\n\nYes.",
        b"From: a@b.org\n\nYes.\n\n" + b"<@" * 50_000 + b":\n> x",
    ],
)
def test_a_hostile_mail_is_read_in_no_time(raw: bytes) -> None:
    started = time.perf_counter()
    assert read(raw, kind="message/rfc822") is not None
    assert time.perf_counter() - started < 5  # milliseconds; a minute with the parser's newer policies


def test_comments_in_comments_are_no_way_in() -> None:
    with pytest.raises(InvalidInput, match="no sender"):
        read(b"From: " + b"(" * 5000 + b"\n\nYes.", kind="message/rfc822")
