"""A mail as it came in, whether raw or as some provider's JSON, in one form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import getaddresses
from typing import Any

from channels.reply_text import answer_in, text_of_html
from core.errors import InvalidInput

__all__ = ["InboundMail", "parse_json", "parse_raw"]

_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_NAMES = {
    "from": ("from", "sender", "fromfull"),
    "to": ("originalrecipient", "recipient", "recipients", "deliveredto", "to", "cc"),
    "text": ("text", "textbody", "bodyplain", "plain"),
    "html": ("html", "htmlbody", "bodyhtml"),
    "id": ("messageid",),
}
"""Members of a provider's JSON in lower case without `-` and `_`: those of Postmark, Mailgun and our own."""


@dataclass(frozen=True, slots=True)
class InboundMail:
    """`headers` by lower-case name, the first of each; `text` without what was quoted."""

    author: str
    recipients: tuple[str, ...]
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_report: bool = False

    @property
    def message_id(self) -> str | None:
        return self.headers.get("message-id", "").strip() or None

    @property
    def answered(self) -> str | None:
        """The Message-ID that this one answers."""
        found = re.search(r"<[^<>\s]+>", self.headers.get("in-reply-to", ""))
        return found.group() if found else None


def parse_raw(data: bytes) -> InboundMail:
    """A mail as RFC 822 has it; what is malformed in it is read as well as it can be."""
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    headers = _first_of_each((name, _header(mail, name)) for name in mail)
    if "from" not in headers:
        raise InvalidInput("the body is no mail: it has no From; post RFC 822 or JSON")
    recipients = [_header_all(mail, name) for name in _RECIPIENTS]
    return InboundMail(
        author=next(_addresses([headers["from"]]), ""),
        recipients=tuple(_addresses(value for values in recipients for value in values)),
        text=_text(mail),
        headers=headers,
        is_report=mail.get_content_type() == "multipart/report",
    )


def parse_json(data: bytes) -> InboundMail:
    """A provider's JSON: a whole mail in `raw`, or its parts under the usual names."""
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is not JSON; send it with Content-Type message/rfc822 if it is a mail") from error
    if isinstance(parsed, dict) and isinstance(parsed.get("data"), dict):
        parsed = parsed["data"]  # an event around the mail
    if not isinstance(parsed, dict):
        raise InvalidInput("the body is JSON, but no mail; give an object with from, to and text, or with raw")
    if isinstance(parsed.get("raw"), str):
        return parse_raw(parsed["raw"].encode("utf-8", "surrogateescape"))
    return _from_members({re.sub(r"[-_]", "", str(name).lower()): value for name, value in parsed.items()})


def _from_members(members: dict[str, Any]) -> InboundMail:
    headers = _first_of_each(_header_pairs(members.get("headers")))
    for name in _NAMES["id"]:
        if isinstance(members.get(name), str):
            headers.setdefault("message-id", members[name])
    authors = list(_addresses(_strings(members, "from")))
    if not authors:
        raise InvalidInput("the mail has no sender; give one in `from`")
    recipients = [*_strings(members, "to"), *(headers.get(name, "") for name in _RECIPIENTS)]
    plain = answer_in("\n".join(_strings(members, "text", first=True)))
    text = plain or answer_in(text_of_html("\n".join(_strings(members, "html", first=True))))
    is_report = headers.get("content-type", "").lower().startswith("multipart/report")
    return InboundMail(authors[0], tuple(_addresses(recipients)), text, headers, is_report)


def _strings(members: dict[str, Any], what: str, *, first: bool = False) -> list[str]:
    found = [text for name in _NAMES[what] for text in _flat(members.get(name)) if text.strip()]
    return found[:1] if first else found


def _flat(value: Any) -> Iterator[str]:
    """A string, an object with an address, or a list of either."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif isinstance(value, dict):
        for name in ("email", "Email", "address", "Address"):
            if isinstance(value.get(name), str):
                yield value[name]


def _header_pairs(headers: Any) -> Iterator[tuple[str, str]]:
    """From an object of names, or a list of objects with name and value."""
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(headers, dict):
        pairs = headers.items()
    elif isinstance(headers, list):
        lowered = [
            {str(key).lower(): value for key, value in each.items()} for each in headers if isinstance(each, dict)
        ]
        pairs = [(each.get("name"), each.get("value")) for each in lowered]
    for name, value in pairs:
        if isinstance(name, str) and isinstance(value, str):
            yield name, value


def _first_of_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers.setdefault(name.lower(), value)
    return headers


def _header(mail: EmailMessage, name: str) -> str:
    return next(iter(_header_all(mail, name)), "")


def _header_all(mail: EmailMessage, name: str) -> list[str]:
    """Headers as text; the parser trips over some malformed ones, which then count as absent."""
    try:
        return [str(value) for value in mail.get_all(name, [])]
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):
        return []


def _addresses(values: Iterable[str]) -> Iterator[str]:
    for _, found in getaddresses(list(values)):
        if "@" in found:
            yield found


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    plain = answer_in(_content(part)) if part is not None else ""
    if plain:
        return plain
    part = mail.get_body(("html",))
    return answer_in(text_of_html(_content(part))) if part is not None else ""


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a character set that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
