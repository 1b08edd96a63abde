"""What an editor says of a document: read from text pairs, checked key by key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from core.jurisdictions import jurisdiction_of
from core.types import GENERAL_JURISDICTION, DocumentMeta
from ingest.canonical import without_unseen
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["KEYS", "parse_metadata"]

T = TypeVar("T")

KEYS = (
    "title",
    "jurisdiction",
    "language",
    "audience",
    "source_url",
    "effective_from",
    "effective_to",
    "supersedes",
    "reviewed_on",
    "review_by",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47
_AUDIENCE = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def parse_metadata(pairs: Mapping[str, object], *, where: str) -> DocumentMeta:
    """`pairs` as checked metadata; raises `UnreadableDocument` naming `where`, the key, its value and the fix.

    The title is empty when none was said: only the text itself can give one.
    """
    unknown = [key for key in pairs if key not in KEYS]
    if unknown:
        raise unreadable(UnreadableReason.BAD_METADATA, _unknown_key(unknown[0], where))
    read = _Reader(pairs, where)
    meta = DocumentMeta(
        title=read.optional("title", _text) or "",
        jurisdiction=read.optional("jurisdiction", _jurisdiction) or GENERAL_JURISDICTION,
        language=read.optional("language", _language) or "en",
        audience=read.optional("audience", _audience) or "public",
        source_url=read.optional("source_url", _address),
        effective_from=read.optional("effective_from", _day),
        effective_to=read.optional("effective_to", _day),
        supersedes=read.optional("supersedes", _text),
        reviewed_on=read.optional("reviewed_on", _day),
        review_by=read.optional("review_by", _day),
    )
    read.require_order(meta.effective_from, "effective_from", meta.effective_to, "effective_to")
    read.require_order(meta.reviewed_on, "reviewed_on", meta.review_by, "review_by")
    return meta


@dataclass(frozen=True)
class _Reader:
    """Reads one key at a time, so that an error can name it."""

    pairs: Mapping[str, object]
    where: str

    def optional(self, key: str, parse: Callable[[str], T]) -> T | None:
        value = self.pairs.get(key)
        if value is None or value == "":
            return None
        try:
            return parse(_as_text(value))
        except ValueError as error:
            message = f"{self.where}: {key}: {value!r} {error}"
            raise unreadable(UnreadableReason.BAD_METADATA, message) from error

    def require_order(self, first: date | None, first_key: str, last: date | None, last_key: str) -> None:
        if first is not None and last is not None and first > last:
            message = f"{self.where}: {first_key} {first} is after {last_key} {last}; exchange or correct them"
            raise unreadable(UnreadableReason.BAD_METADATA, message)


def _unknown_key(key: str, where: str) -> str:
    close = difflib.get_close_matches(str(key), KEYS, n=1)
    fix = f"did you mean {close[0]!r}?" if close else f"the known keys are {', '.join(KEYS)}"
    return f"{where}: unknown key {key!r}; {fix}"


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be one line of text")
    return value.strip()


def _text(value: str) -> str:
    return " ".join(without_unseen(value).split())


def _jurisdiction(value: str) -> str:
    code = jurisdiction_of(value)
    if code is None:
        raise ValueError("is not a country; use two letters as CA, or ZZ where no single country is meant")
    return code


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("is not a language code; use one as en or zh-Hans")
    return value


def _audience(value: str) -> str:
    if not _AUDIENCE.fullmatch(value):
        raise ValueError("is not an audience; use one lower-case word as public or staff")
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError(f"is not an address ({error}); begin it with https://") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or any(c.isspace() for c in value):
        raise ValueError("is not a web address; begin it with https://")
    return value


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError("is not a date; write it as 2026-11-20") from None
