"""Which names a document may have: those that are the same on every disk and lead nowhere else."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from core.errors import InvalidInput
from ingest.formats import advice_for, format_of
from ingest.reasons import UnreadableReason, unreadable
from ingest.sources import SAMPLES_FILE, SIDECAR_SUFFIX, SOURCES_FILE

__all__ = ["checked_folder", "checked_name"]

_MAX_BYTES = 200  # file systems allow 255; a sidecar's ending and a draft's beginning have to fit as well
_MAX_FOLDERS = 8
_JOINERS = "\u200c\u200d"  # zero-width, but Persian and Indic words are misspelt without them


def checked_name(name: str) -> str:
    """`name` in Unicode NFC; raises `InvalidInput`, or `UnreadableDocument` for a kind of file that cannot be read."""
    name = _checked_part(name, "file name")
    if name.lower() in (SOURCES_FILE, SAMPLES_FILE) or name.lower().endswith(SIDECAR_SUFFIX):
        raise InvalidInput(f"the file name {name!r} is kept for the knowledge base's own use; give it another one")
    if format_of(PurePosixPath(name)) is None:
        raise unreadable(UnreadableReason.UNSUPPORTED, advice_for(PurePosixPath(name)))
    return name


def checked_folder(folder: str) -> tuple[str, ...]:
    """The parts of a path of folders below the knowledge base, none for the top; raises `InvalidInput`."""
    parts = tuple(_checked_part(part, "folder") for part in folder.split("/")) if folder else ()
    if len(parts) > _MAX_FOLDERS:
        raise InvalidInput(f"the folder {folder!r} is {len(parts)} deep; {_MAX_FOLDERS} is the most")
    return parts


def _checked_part(part: str, what: str) -> str:
    part = unicodedata.normalize("NFC", part)
    if fault := _fault(part):
        raise InvalidInput(f"the {what} {part[:80]!r} {fault}; rename it and try again")
    return part


def _fault(part: str) -> str | None:
    if not part or part != part.strip():
        return "is empty, or begins or ends with a space"
    if part.startswith((".", "~$")) or part.endswith("."):
        return "begins or ends with a dot, or belongs to a program that has the file open"
    if "/" in part or "\\" in part:
        return "holds a slash"
    if any(unicodedata.category(char)[0] in "CZ" and char not in f" {_JOINERS}" for char in part):
        return "holds characters that cannot be seen"
    if len(part.encode()) > _MAX_BYTES:
        return f"is longer than {_MAX_BYTES} bytes"
    return None
