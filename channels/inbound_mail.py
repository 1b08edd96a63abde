"""A mail as it came in, whether raw or as some provider's JSON, in one form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
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

_MAX_BYTES = 1024 * 1024
"""What is read of a mail: the words come first, attachments after them."""

_MAX_TEXT_BYTES = 200_000
_MAX_HEADER_CHARS = 16_384  # reading addresses and parameters takes time that grows with the square of their length
_CHARSETS = re.compile(r"(us-)?ascii|utf|iso-?8859|windows-|cp\d|koi8|gb|big5|euc|shift|iso-2022|mac|tis|latin", re.I)
"""Of the codecs there are, those of mail; punycode for one takes as long as its input is hostile."""


class _Bounded(Compat32):
    """Keeps the beginning of a header. The newer policies take most of a minute for a long list of addresses."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER_CHARS]


_BOUNDED = _Bounded()


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
    """A mail as RFC 822 has it; what is malformed in it is read as well as it can be. Raises `InvalidInput`."""
    try:
        mail = message_from_bytes(data[:_MAX_BYTES], policy=_BOUNDED)
        headers = [(name.lower(), str(value)) for name, value in mail.items()]
        text = _text(mail)
    except RecursionError as error:
        raise InvalidInput("the mail is nested too deep to be read") from error
    author = next(_addresses(value for name, value in headers if name == "from"), None)
    if author is None:
        raise InvalidInput("the body is no mail: it has no sender; post RFC 822 or JSON")
    return InboundMail(
        author=author,
        recipients=tuple(_addresses(value for each in _RECIPIENTS for name, value in headers if name == each)),
        text=text,
        headers=_first_of_each(headers),
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
    plain = answer_in("".join(_strings(members, "text", first=True))[:_MAX_TEXT_BYTES])
    text = plain or answer_in(text_of_html("".join(_strings(members, "html", first=True))[:_MAX_TEXT_BYTES]))
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
            yield from _flat(each) if not isinstance(each, list) else ()
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


def _addresses(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        try:
            found = getaddresses([value[:_MAX_HEADER_CHARS]])
        except RecursionError:  # comments in comments in comments
            continue
        yield from (spec for _, spec in found if "@" in spec)


def _text(mail: Message) -> str:
    """The answer in the first plain part, else in the first HTML part."""
    parts = [part for part in mail.walk() if not part.is_multipart() and part.get_content_disposition() != "attachment"]
    for kind, read in (("text/plain", str), ("text/html", text_of_html)):
        part = next((part for part in parts if part.get_content_type() == kind), None)
        words = "" if part is None else answer_in(read(_content(part)))
        if words:
            return words
    return ""


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload[:_MAX_TEXT_BYTES] if isinstance(payload, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        return data.decode(charset if _CHARSETS.match(charset) else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
