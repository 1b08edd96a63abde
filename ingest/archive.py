"""Zip files, which most office formats are, and the XML within them: opened only when they cannot blow up."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from ingest.limits import MAX_EXPANDED_BYTES, MAX_RATIO
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["check_archive", "opened_archive", "xml_root"]

_SMALL = 16 << 20  # bytes; whatever the ratio, this much is read in a blink
_ENCRYPTED_FLAG = 0x1  # APPNOTE.TXT 4.4.4
_BOMBS = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP)


def check_archive(path: Path) -> None:
    """Raises `UnreadableDocument` when the file at `path` is a zip that expands too far or is locked."""
    if zipfile.is_zipfile(path):
        with opened_archive(path):
            pass


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The members of a zip; raises `UnreadableDocument` when it is none, expands too far or is locked.

    The sizes that it declares can be trusted: no member gives more bytes than it declares.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise unreadable(UnreadableReason.MALFORMED, str(error)) from error
    with archive:
        _check_members(archive.infolist())
        yield archive


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    expanded = sum(member.file_size for member in members)
    if expanded > MAX_EXPANDED_BYTES:
        raise unreadable(UnreadableReason.TOO_LARGE, f"it unpacks to {expanded >> 20:,} MiB")
    for member in members:
        if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
            raise unreadable(UnreadableReason.TOO_LARGE, f"{member.filename} unpacks to {member.file_size >> 20:,} MiB")
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise unreadable(UnreadableReason.ENCRYPTED)


def xml_root(data: bytes) -> etree._Element:
    """The root of an XML document; nothing outside it is ever fetched, and its entities may not multiply.

    Raises `UnreadableDocument` when it is no XML, or when its entities expand beyond what the text itself holds.
    """
    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code in _BOMBS:
            detail = "its entities multiply, or it is nested too deeply"
            raise unreadable(UnreadableReason.TOO_LARGE, detail) from error
        raise unreadable(UnreadableReason.MALFORMED, str(error)) from error
