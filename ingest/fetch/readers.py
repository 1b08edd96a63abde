"""What is asked for and what comes back, as a file of a format that the pipeline reads."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import webencodings  # type: ignore[import-untyped]

from ingest.fetch.client import Fetched
from ingest.fetch.govuk import api_address, page_of_item, parse_item
from ingest.fetch.listing import Reader, SourcePage
from ingest.fetch.problems import PageProblem, PageRefused
from ingest.formats import Format

__all__ = ["ACCEPT", "PageFile", "asked_address", "page_file"]

ACCEPT = {Reader.PAGE: "text/html,application/xhtml+xml,application/pdf;q=0.9", Reader.GOVUK: "application/json"}
"""What each reader can use, as the header says it."""

_FORMATS = {"text/html": Format.HTML, "application/xhtml+xml": Format.HTML, "application/pdf": Format.PDF}

_SAID_BY_DEFAULT = "cp1252"  # also under the names ascii and latin1: servers say it of everything they send
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page as it will lie on the disk; `address` is where people find it."""

    body: bytes
    format: Format
    address: str
    is_withdrawn: bool = False


def asked_address(page: SourcePage) -> str:
    """The address that the entry's reader asks."""
    return api_address(page.address) if page.reader is Reader.GOVUK else page.address


def page_file(page: SourcePage, fetched: Fetched) -> PageFile:
    """The answer as a file; raises `PageRefused` when it is none that can be read."""
    if page.reader is Reader.GOVUK:
        return _of_govuk(fetched)
    try:
        page_format = _FORMATS[fetched.content_type]
    except KeyError:
        raise PageRefused(PageProblem.UNSUPPORTED, f"it sends {fetched.content_type or 'no type'!r}") from None
    body = _with_known_encoding(fetched) if page_format is Format.HTML else fetched.body
    return PageFile(body, page_format, fetched.address)


def _of_govuk(fetched: Fetched) -> PageFile:
    if fetched.content_type != "application/json":
        raise PageRefused(PageProblem.UNSUPPORTED, f"GOV.UK sends {fetched.content_type or 'no type'!r}, not JSON")
    item = parse_item(fetched.body, address=fetched.address)
    return PageFile(page_of_item(item).encode(), Format.HTML, item.address, is_withdrawn=item.withdrawn is not None)


def _with_known_encoding(fetched: Fetched) -> bytes:
    """The bytes as they are, unless only the header told their encoding, which the file would lose: then as UTF-8.

    Names are those that browsers know: Python's others reach codecs that a page could keep busy for hours.
    """
    encoding = webencodings.lookup(fetched.charset or "")
    if encoding is None or fetched.body.startswith(_MARKS):
        return fetched.body
    name = str(encoding.codec_info.name)
    if name == _SAID_BY_DEFAULT and _is_utf8(fetched.body):
        return fetched.body
    try:
        return codecs.BOM_UTF8 + fetched.body.decode(name).encode()
    except UnicodeError:
        return fetched.body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
