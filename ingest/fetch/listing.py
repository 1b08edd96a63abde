"""`sources.yaml`: which official pages are fetched, for which country and how often."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import httpx
import yaml

from core.errors import InvalidInput, UnreadableDocument
from core.types import DocumentMeta
from ingest.fetch.naming import file_stem
from ingest.metadata import parse_metadata
from ingest.sources import SOURCES_FILE

__all__ = ["Reader", "SourcePage", "read_listing"]

_KEYS = ("address", "jurisdiction", "every", "title", "language", "reader")
_DURATION = re.compile(r"(\d{1,3})\s?([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_GOVUK_HOST = "www.gov.uk"


class Reader(StrEnum):
    """How a page is read: as it is shown, or as GOV.UK gives it to programs."""

    PAGE = "page"
    GOVUK = "govuk"


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One entry; `title` and `language` are None where the page's own are taken."""

    address: str
    jurisdiction: str
    every: timedelta
    title: str | None = None
    language: str | None = None
    reader: Reader = Reader.PAGE


def read_listing(folder: Path) -> list[SourcePage] | None:
    """The entries of `sources.yaml` in `folder`, None when there is no such file.

    Raises `InvalidInput` naming the file, the entry, its value and the fix.
    """
    path = folder / SOURCES_FILE
    try:
        source = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{SOURCES_FILE} cannot be read ({error}); save it as UTF-8 text") from error
    pages = [_entry(number, given) for number, given in enumerate(_entries(source), start=1)]
    _refuse_doubles(pages)
    return pages


def _entries(source: str) -> list[object]:
    try:
        # BaseLoader makes text, lists and mappings only: it runs nothing, and NO stays Norway.
        loaded = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise InvalidInput(f"{SOURCES_FILE} is not YAML: {problem}; put quotes around a value with a colon") from error
    if not loaded:
        return []
    if not isinstance(loaded, list):
        raise InvalidInput(f"{SOURCES_FILE} must be a list; begin each entry with '- address: https://…'")
    return loaded


def _entry(number: int, given: object) -> SourcePage:
    where = f"{SOURCES_FILE}, entry {number}"
    if not isinstance(given, dict):
        raise InvalidInput(f"{where}: {given!r} is no entry; write address, jurisdiction and every, one a line")
    where += f" ({given['address']})" if isinstance(given.get("address"), str) else ""
    _refuse_unknown_keys(given, where)
    for key in ("address", "jurisdiction", "every"):
        if not given.get(key):
            raise InvalidInput(f"{where}: {key} is missing; each entry needs address, jurisdiction and every")
    meta = _meta(given, where)
    address = _address(str(meta.source_url), where)
    return SourcePage(
        address=address,
        jurisdiction=meta.jurisdiction,
        every=_every(given["every"], where),
        title=meta.title or None,
        language=meta.language if given.get("language") else None,
        reader=_reader(given.get("reader"), address, where),
    )


def _refuse_unknown_keys(given: Mapping[str, object], where: str) -> None:
    for key in given:
        if key not in _KEYS:
            close = difflib.get_close_matches(str(key), _KEYS, n=1)
            fix = f"did you mean {close[0]!r}?" if close else f"the known keys are {', '.join(_KEYS)}"
            raise InvalidInput(f"{where}: unknown key {key!r}; {fix}")


def _meta(given: Mapping[str, object], where: str) -> DocumentMeta:
    pairs = {key: given.get(key) for key in ("title", "jurisdiction", "language")}
    try:
        return parse_metadata({**pairs, "source_url": given["address"]}, where=where)
    except UnreadableDocument as error:
        raise InvalidInput(error.detail) from error


def _address(value: str, where: str) -> str:
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL as error:
        raise InvalidInput(f"{where}: the address cannot be used ({error}); copy it from the browser") from error
    if url.userinfo:
        raise InvalidInput(f"{where}: the address holds a user name or password; only public pages are fetched")
    return str(url.copy_with(fragment=None))


def _every(value: object, where: str) -> timedelta:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise InvalidInput(f"{where}: every: {value!r} is no interval; write one as 12h, 7d or 2w")
    return int(match[1]) * _UNITS[match[2]]


def _reader(value: object, address: str, where: str) -> Reader:
    if not value:
        return Reader.GOVUK if httpx.URL(address).host == _GOVUK_HOST else Reader.PAGE
    try:
        return Reader(str(value))
    except ValueError:
        raise InvalidInput(f"{where}: reader: {value!r} is not known; use {' or '.join(Reader)}") from None


def _refuse_doubles(pages: list[SourcePage]) -> None:
    seen: dict[str, int] = {}
    for number, page in enumerate(pages, start=1):
        first = seen.setdefault(file_stem(page.address).casefold(), number)
        if first != number:
            raise InvalidInput(
                f"{SOURCES_FILE}, entry {number} ({page.address}): the same page as entry {first}; remove one of them"
            )
