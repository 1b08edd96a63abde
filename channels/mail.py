"""One message as mail: headers that cannot be injected into, text and HTML, threads and the reply address."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from typing import cast

from channels.errors import Misconfigured, Permanent
from channels.messages import Message
from channels.reply_tokens import TOKEN_CHARS

__all__ = ["MailForm", "address", "message_id", "plus_address"]

_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REFERENCE = re.compile(r"<[^<>@\s]{1,200}@[^<>@\s]{1,200}>")
_MAX_LOCAL_CHARS = 64  # RFC 5321, section 4.5.3.1.1
_MAX_SUBJECT_CHARS = 200


@dataclass(frozen=True, slots=True)
class MailForm:
    """What is the same on every mail: who sends it, and whose plus-addresses come back."""

    sender: Address
    reply_to: Address | None

    def fill(self, message: Message) -> EmailMessage:
        """The mail of a message; the same id gives the same Message-ID. `Permanent` for an unusable recipient."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = _recipient(message)
        mail["Subject"] = _one_line(message.subject)
        mail["Date"] = localtime()
        mail["Message-ID"] = message_id(message.id, self.sender.domain)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
        if message.thread is not None and _REFERENCE.fullmatch(message.thread):
            mail["In-Reply-To"] = message.thread
            mail["References"] = message.thread
        if self.reply_to is not None:
            mail["Reply-To"] = plus_address(self.reply_to, message.reply_token)
        mail.set_content(message.text, cte="quoted-printable")
        mail.add_alternative(message.html or _as_html(message.text), subtype="html", cte="quoted-printable")
        return mail


def message_id(delivery_id: str, domain: str) -> str:
    """The Message-ID of a delivery: its id where that is harmless in a header, else a digest of it."""
    safe = _SAFE_ID.fullmatch(delivery_id) is not None
    return f"<{delivery_id if safe else hashlib.sha256(delivery_id.encode()).hexdigest()[:32]}@{domain}>"


def plus_address(base: Address, token: str | None) -> Address:
    """`reply+TOKEN@example.org`; the base itself without a token."""
    if token is None:
        return base
    return Address(base.display_name, f"{base.username}+{token}", base.domain)


def address(value: str | None, setting: str, *, leave_room: bool = False) -> Address:
    """The address in a setting, its domain in ASCII; with `leave_room` a token has to fit before the `@`."""
    if not value:
        raise Misconfigured(f"{setting} is missing; give an address, as help@example.org")
    try:
        parsed = _parsed(value)
    except ValueError as error:
        raise Misconfigured(f"{setting} is no single mail address: {value!r}; write help@example.org") from error
    if leave_room and len(parsed.username) + 1 + TOKEN_CHARS > _MAX_LOCAL_CHARS:
        most = _MAX_LOCAL_CHARS - 1 - TOKEN_CHARS
        raise Misconfigured(f"{setting} has more than {most} characters before the @; a reply token would not fit")
    return parsed


def _recipient(message: Message) -> Address:
    if not message.to:
        raise Misconfigured("no mail address is named; give one in assistance.yaml, as visa@example.org")
    try:
        return _parsed(message.to)
    except ValueError as error:
        raise Permanent(
            f"{message.to!r} is no single mail address; mend assistance.yaml", reason="bad_address"
        ) from error


def _parsed(value: str) -> Address:
    if _CONTROL.search(value.replace(" ", "")):
        raise ValueError("control characters")
    try:
        header = HeaderRegistry()("To", value)
        found = cast(AddressHeader, header).addresses
        if header.defects or len(found) != 1 or not (found[0].username and found[0].domain):
            raise ValueError("not one address")
        return Address(found[0].display_name, found[0].username, found[0].domain.encode("idna").decode())
    except (HeaderParseError, UnicodeError, IndexError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _one_line(subject: str) -> str:
    line = _CONTROL.sub(" ", subject).strip()
    return line if len(line) <= _MAX_SUBJECT_CHARS else f"{line[: _MAX_SUBJECT_CHARS - 1]}…"


def _as_html(text: str) -> str:
    return f'<!doctype html><html><body><div style="white-space: pre-wrap">{html.escape(text)}</div></body></html>'
