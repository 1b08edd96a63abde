"""An e-mail as its subject, sender, day and body; attachments are documents of their own."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from ingest.blocks import Block, BlockKind
from ingest.reasons import UnreadableReason, unreadable
from ingest.textfiles import codec_of, decode

__all__ = ["Mail", "mail_head", "read_mail"]


@dataclass(frozen=True, slots=True)
class Mail:
    """`head` says what the mail is about and from whom; `body` is HTML or plain text."""

    head: tuple[Block, ...]
    body: str
    is_html: bool


def read_mail(data: bytes) -> Mail:
    """Raises `UnreadableDocument` when the body is encrypted or there is none."""
    if b"\0" in data[:2000] or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        data = decode(data).encode()
    message = message_from_bytes(data, policy=default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise unreadable(UnreadableReason.MALFORMED, "no mail headers were found")
    if any(part.get_content_type() in ("application/pkcs7-mime", "multipart/encrypted") for part in message.walk()):
        raise unreadable(UnreadableReason.ENCRYPTED)
    part = message.get_body(("html", "plain"))
    if part is None:
        raise unreadable(UnreadableReason.EMPTY, "the mail has no text of its own")
    return Mail(tuple(_head(message)), _text(part), part.get_content_type() == "text/html")


def mail_head(subject: str | None, *, sender: str | None, day: str | None) -> list[Block]:
    """What the mail is about, then from whom and when."""
    head = [Block(BlockKind.HEADING, subject, level=1)] if subject else []
    lines = [f"{name}: {value}" for name, value in (("From", sender), ("Date", day)) if value]
    return [*head, Block(BlockKind.PARAGRAPH, "; ".join(lines))] if lines else head


def _head(message: EmailMessage) -> list[Block]:
    subject, sender, day = (str(message[name]) if message.get(name) else None for name in ("Subject", "From", "Date"))
    return mail_head(subject, sender=sender, day=day)


def _text(part: EmailMessage | object) -> str:
    assert isinstance(part, EmailMessage)
    codec = codec_of(part.get_content_charset() or "")
    if codec is not None and part.get_content_charset() not in ("us-ascii", "utf-8"):
        content = part.get_payload(decode=True)
        return content.decode(codec, errors="replace") if isinstance(content, bytes) else str(content)
    try:
        content = part.get_content()
    except (LookupError, KeyError, ValueError):
        content = part.get_payload(decode=True)
    return content if isinstance(content, str) else decode(content if isinstance(content, bytes) else b"")
