"""An EPUB as the HTML of its chapters, in the order of its spine."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from ingest.archive import opened_archive, xml_root
from ingest.reasons import UnreadableReason, unreadable
from ingest.textfiles import decode

__all__ = ["epub_chapters"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def epub_chapters(path: Path) -> Iterator[str]:
    """The HTML of each chapter; its own contents page is left out.

    Raises `UnreadableDocument` when it is none, or its chapters are locked to a reader.
    """
    with opened_archive(path) as archive:
        chapters = list(_chapters(archive))
        if chapters and _locked(archive, chapters):
            raise unreadable(UnreadableReason.ENCRYPTED)
        for name in chapters:
            yield decode(archive.read(name))


def _chapters(archive: zipfile.ZipFile) -> Iterator[str]:
    names = set(archive.namelist())
    if _CONTAINER not in names:
        raise unreadable(UnreadableReason.MALFORMED, f"it holds no {_CONTAINER}")
    package = next((e.get("full-path") for e in xml_root(archive.read(_CONTAINER)).iter("{*}rootfile")), None)
    if package not in names:
        raise unreadable(UnreadableReason.MALFORMED, "its list of chapters is missing")
    root = xml_root(archive.read(package))
    items = {item.get("id"): item for item in root.iter("{*}item")}
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTERS or "nav" in item.get("properties", "").split():
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(item.get("href", ""))))
        if name in names:
            yield name


def _locked(archive: zipfile.ZipFile, chapters: list[str]) -> bool:
    # Fonts alone may be scrambled in a book that anyone can read.
    if _ENCRYPTION not in archive.namelist():
        return False
    references = xml_root(archive.read(_ENCRYPTION)).iter("{*}CipherReference")
    return any(unquote(reference.get("URI", "")) in chapters for reference in references)
