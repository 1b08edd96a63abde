from __future__ import annotations

from email.message import EmailMessage

import pytest

from core.errors import UnreadableDocument
from ingest.mail import read_mail


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    return message


def test_reads_subject_sender_and_the_html_body() -> None:
    message = mail(Subject="Héllo", From="a@example.org")
    message.set_content("plain")
    message.add_alternative("<p>html</p>", subtype="html")
    read = read_mail(message.as_bytes())
    assert [block.text for block in read.head] == ["Héllo", "From: a@example.org"]
    assert read.is_html
    assert "<p>html</p>" in read.body


def test_an_attachment_is_no_body() -> None:
    message = mail(Subject="a")
    message.add_attachment("secret", filename="a.txt")
    with pytest.raises(UnreadableDocument, match="no text of its own"):
        read_mail(message.as_bytes())


@pytest.mark.parametrize(
    ("source", "reason"),
    [(b"", "malformed"), (b"Subject: a\nContent-Type: application/pkcs7-mime\n\nMIAG", "encrypted")],
)
def test_names_why_a_mail_is_not_read(source: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_mail(source)
    assert caught.value.reason == reason
