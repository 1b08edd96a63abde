import threading
from dataclasses import replace
from pathlib import Path

import pytest
import uvloop
from pydantic import SecretStr

from channels.email import EmailChannel, SmtpServer
from channels.errors import Misconfigured, Permanent, Transient
from channels.limits import Limits
from channels.messages import Message
from tests.smtp_server import Certificate, Mailbox, make_certificate, smtp_server
from tests.unit.channels.sending import CALM, QUICK, message, send

TO = message(to="visa@example.org")
PLAIN = SmtpServer("127.0.0.1", 0, "none")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def channel(box: Mailbox, server: SmtpServer = PLAIN, *, limits: Limits = CALM) -> EmailChannel:
    sender, reply_to = "Help desk <help@example.org>", "reply@example.org"
    return EmailChannel(replace(server, port=box.port), sender, reply_to, limits=limits)


def taken(sent: Message) -> Mailbox:
    with smtp_server() as box:
        send(channel(box), sent)
    return box


def test_a_mail_arrives_as_text_and_html_and_tells_its_message_id() -> None:
    with smtp_server() as box:
        sent = send(channel(box), TO)
    mail = box.mails[0]
    assert sent.reference == mail["Message-ID"] == "<delivery-1@example.org>"
    assert box.envelopes == [("help@example.org", ("visa@example.org",))]
    assert (mail["From"], mail["To"]) == ("Help desk <help@example.org>", "visa@example.org")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Auto-Submitted"] == "auto-generated"


def test_peoples_words_are_no_markup_and_no_headers() -> None:
    text = "<b>me</b> & <script>x</script>\n.\nüñï 😀"
    box = taken(message(to="visa@example.org", text=text, subject="Visa\r\nBcc: evil@example.org\u2028x\x00y"))
    mail = box.mails[0]
    plain, html = (str(part.get_content()) for part in mail.iter_parts())
    assert plain.replace("\r\n", "\n").rstrip("\n") == text
    assert "&lt;b&gt;me&lt;/b&gt; &amp; &lt;script&gt;" in html
    assert mail["Subject"] == "Visa Bcc: evil@example.org x y"
    assert mail["Bcc"] is None
    assert box.envelopes[0][1] == ("visa@example.org",)


def test_given_html_is_sent_beside_the_text() -> None:
    box = taken(message(to="visa@example.org", html="<p>May I <em>work</em>?</p>"))
    assert "<em>work</em>" in str(list(box.mails[0].iter_parts())[1].get_content())


def test_a_repeat_has_the_same_message_id_and_an_unsafe_delivery_id_is_digested() -> None:
    with smtp_server() as box:
        for each in (TO, TO, message(id="a b>\r\nX: y", to="visa@example.org")):
            send(channel(box), each)
    first, again, other = (str(mail["Message-ID"]) for mail in box.mails)
    assert first == again
    assert other != first
    assert other.endswith("@example.org>")
    assert " " not in other


def test_a_later_mail_hangs_on_the_first_and_can_be_answered() -> None:
    box = taken(
        message(id="delivery-2", to="visa@example.org", thread="<delivery-1@example.org>", reply_token="abc234")
    )
    mail = box.mails[0]
    assert mail["In-Reply-To"] == mail["References"] == "<delivery-1@example.org>"
    assert mail["Reply-To"] == "reply+abc234@example.org"


@pytest.mark.parametrize("thread", ["nonsense", "<a@b>\r\nBcc: x@y.z", "<a@b> <c@d>"])
def test_a_thread_that_is_no_message_id_is_left_out(thread: str) -> None:
    mail = taken(message(to="visa@example.org", thread=thread)).mails[0]
    assert mail["In-Reply-To"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "to", ["visa", "a@x.org, b@x.org", "a@x.org\r\nBcc: b@x.org", "@x.org", "a@", "a b@x.org", "a@x..org"]
)
def test_a_recipient_that_is_no_address_is_permanent(to: str) -> None:
    with smtp_server() as box, pytest.raises(Permanent, match=r"assistance\.yaml"):
        send(channel(box), message(to=to))
    assert box.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_travels_encrypted_and_signed_in(security: str, certificate: Certificate) -> None:
    server = SmtpServer("127.0.0.1", 0, security, "desk", SecretStr("pass"), certificate.file)  # type: ignore[arg-type]
    with smtp_server(certificate=certificate, implicit_tls=security == "tls", password="pass") as box:
        send(channel(box, server), TO)
    assert (box.encrypted, box.signed_in) == ([True], ["desk"])


def test_mail_is_sent_from_the_servers_event_loop_too(certificate: Certificate) -> None:
    with smtp_server(certificate=certificate) as box:
        server = SmtpServer("127.0.0.1", 0, "starttls", ca_file=certificate.file)
        uvloop.run(channel(box, server).send(TO))
    assert box.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(security: str, certificate: Certificate) -> None:
    server = SmtpServer("127.0.0.1", 0, security)  # type: ignore[arg-type]
    with (
        smtp_server(certificate=certificate, implicit_tls=security == "tls") as box,
        pytest.raises(Misconfigured, match="SMTP_CA_FILE"),
    ):
        send(channel(box, server), TO)
    assert box.mails == []


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, host="10.1.1.1")
    server = SmtpServer("127.0.0.1", 0, "tls", ca_file=other.file)
    with smtp_server(certificate=other, implicit_tls=True) as box, pytest.raises(Misconfigured, match="not trusted"):
        send(channel(box, server), TO)


def test_nothing_is_sent_where_the_server_offers_no_encryption() -> None:
    with smtp_server() as box, pytest.raises(Misconfigured, match="STARTTLS"):
        send(channel(box, SmtpServer("127.0.0.1", 0, "starttls")), TO)
    assert box.mails == []


def test_a_wrong_password_is_the_operators_to_mend_and_stays_untold() -> None:
    server = replace(PLAIN, username="desk", password=SecretStr("hushhush"))
    with smtp_server(password="pass") as box, pytest.raises(Misconfigured, match="SMTP_PASSWORD") as caught:
        send(channel(box, server), TO)
    assert (caught.value.reason, "hushhush" in f"{caught.value}{server!r}") == ("535", False)


def test_a_server_that_wants_signing_in_is_the_operators_to_mend() -> None:
    with smtp_server(password="pass") as box, pytest.raises(Misconfigured, match="530"):
        send(channel(box), TO)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("451 4.3.0 try later", "451"),
        ("421 4.7.0 too many", "421"),
        ("garbage", "garbled"),
        ("hang", "timeout"),
        ("reset", "unavailable"),
    ],
)
def test_what_may_pass_is_transient(answer: str, reason: str) -> None:
    with smtp_server(answer) as box:
        with pytest.raises(Transient) as caught:
            send(channel(box, limits=QUICK if answer == "hang" else CALM), TO)
        assert caught.value.reason == reason
        send(channel(box), TO)
    assert len(box.mails) == 1


def test_what_the_server_refuses_for_good_is_permanent() -> None:
    with smtp_server("554 5.7.1 no") as box, pytest.raises(Permanent, match=r"554: 5\.7\.1 no") as caught:
        send(channel(box), TO)
    assert caught.value.reason == "554"


@pytest.mark.parametrize(("said", "kind"), [("550 5.1.1 no such user", Permanent), ("450 4.2.0 grey", Transient)])
def test_a_refused_recipient_is_told_apart(said: str, kind: type[Exception]) -> None:
    with smtp_server() as box:
        box.rejects["visa@example.org"] = said
        with pytest.raises(kind, match=said[:3]):
            send(channel(box), TO)


def test_a_server_that_is_silent_or_gone_is_transient() -> None:
    with smtp_server(greets=False) as box:
        with pytest.raises(Transient, match="time|within"):
            send(channel(box, limits=QUICK), TO)
        gone = channel(box)
    with pytest.raises(Transient, match="cannot be reached"):
        send(gone, TO)


def test_one_channel_serves_several_event_loops() -> None:
    with smtp_server() as box:
        shared = channel(box)
        threads = [threading.Thread(target=send, args=(shared, TO)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(box.mails) == 4


@pytest.mark.parametrize(
    ("server", "sender", "reply_to", "said"),
    [
        (SmtpServer(None, 587), "a@example.org", None, "SMTP_HOST"),
        (SmtpServer("mail.example.org", 25, "none"), "a@example.org", None, "unencrypted"),
        (SmtpServer("mail.example.org", 587, username="desk"), "a@example.org", None, "SMTP_PASSWORD"),
        (SmtpServer("mail.example.org", 587, ca_file=Path("/no/such")), "a@example.org", None, "SMTP_CA_FILE"),
        (SmtpServer("mail.example.org", 587), None, None, "EMAIL_FROM"),
        (SmtpServer("mail.example.org", 587), "nobody", None, "EMAIL_FROM"),
        (SmtpServer("mail.example.org", 587), "a@example.org", "x" * 20 + "@example.org", "19 characters"),
    ],
)
def test_settings_that_cannot_be_right_are_said(
    server: SmtpServer, sender: str | None, reply_to: str | None, said: str
) -> None:
    with pytest.raises(Misconfigured, match=said):
        EmailChannel(server, sender, reply_to, limits=Limits()).check()
