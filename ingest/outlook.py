"""A mail that Outlook saved (.msg), as its subject, sender, day and body."""

from __future__ import annotations

from pathlib import Path

from ingest.mail import Mail, mail_head
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["is_sealed", "read_outlook"]

_SECURED = "ipm.note.smime"  # [MS-OXOSMIME] 2.1: signed ones end in .multipartsigned and can be read
_SIGNED = "multipartsigned"
_SEALED = ("application/pkcs7-mime", "multipart/encrypted")


def read_outlook(path: Path) -> Mail:
    """Raises `UnreadableDocument` when the mail is encrypted or has no text of its own."""
    from oxmsg import Message

    with path.open("rb") as stream:
        message = Message.load(stream)
        headers = {name.lower(): value for name, value in message.message_headers.items()}
        if is_sealed(message.message_class.lower(), headers.get("content-type", "").lower()):
            raise unreadable(UnreadableReason.ENCRYPTED)
        sent = message.sent_date
        day = headers.get("date") or (f"{sent:%a, %d %b %Y %H:%M %z}".strip() if sent else None)
        head = mail_head(message.subject, sender=message.sender, day=day)
        html, body = message.html_body, message.body
    if not (html or body or "").strip():
        raise unreadable(UnreadableReason.EMPTY, "the mail has no text of its own")
    return Mail(tuple(head), html or body or "", is_html=bool(html))


def is_sealed(kind: str, content_type: str) -> bool:
    """Whether a mail of this message class and content type, in lower case, can be read with its key only."""
    if any(mark in content_type for mark in _SEALED):
        return True
    return kind.startswith(_SECURED) and not kind.endswith(_SIGNED)
