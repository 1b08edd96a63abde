"""Files of a folder, as documents: their id, their fingerprint and what their editors say of them."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from core.errors import NotFound
from core.types import DocumentMeta
from ingest.approval import APPROVAL_KEYS, Approval, approval_of
from ingest.formats import Format, advice_for, format_of
from ingest.frontmatter import html_pairs, split_front_matter, yaml_pairs
from ingest.metadata import parse_metadata
from ingest.reasons import UnreadableReason, unreadable
from ingest.references import document_id_of
from ingest.textfiles import decode

__all__ = [
    "PARSER_VERSION",
    "SAMPLES_FILE",
    "SIDECAR_SUFFIX",
    "SOURCES_FILE",
    "SourceDocument",
    "SourceFile",
    "discover",
    "fingerprint",
    "is_document",
    "read_source",
    "refuse_unfit",
    "source_file",
]

log = structlog.get_logger(__name__)

PARSER_VERSION = "3"
"""Raise it when the same bytes would give other blocks or chunks: every document is then read anew."""

SIDECAR_SUFFIX = ".meta.yaml"
SOURCES_FILE = "sources.yaml"
"""At the top of a folder it lists official pages to fetch; it is no document."""
SAMPLES_FILE = "sample-questions.csv"
"""In any folder it holds what people ask of the documents there; it is no document."""
_HIDDEN = (".", "~$")  # the second is how Office marks a file that somebody has open

_SMALL_BYTES = 1 << 20  # read at once: a buffer for pieces would cost more than the file
_HEAD_BYTES = 65_536  # where browsers, too, expect the head of a page to have ended


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was found. `id` is the name of its root folder and the path below it, with `/`."""

    id: str
    root: Path
    path: Path
    format: Format | None
    sidecar: Path | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A file whose metadata was read; `meta.title` is empty when only the text can tell it."""

    file: SourceFile
    content_hash: str
    meta: DocumentMeta = field(default_factory=lambda: DocumentMeta(title=""))
    approval: Approval = Approval()

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def format(self) -> Format:
        assert self.file.format is not None, "read_source refuses files without one"
        return self.file.format


def discover(root: Path, below: Path | None = None) -> Iterator[SourceFile]:
    """The files in `root`, or in its folder `below`, sorted by name folder by folder, one at a time.

    Hidden files, sidecars, sample questions, the list of official pages, links to folders and links that lead outside
    are left out.
    Raises `NotFound` when there is no such folder: a disk that is not mounted must not look like one that was emptied.
    """
    root = root.resolve()
    folder = root if below is None else below
    if not folder.is_dir():
        raise NotFound(f"there is no folder {str(folder)!r}; check KNOWLEDGE_BASE or the path that was given")
    parts = folder.relative_to(root).parts
    if folder.resolve() == folder and not any(part.startswith(_HIDDEN) for part in parts):
        yield from _walk(str(folder), root, "/".join((root.name, *parts)))


def _walk(folder: str, root: Path, document_id: str) -> Iterator[SourceFile]:
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith(_HIDDEN) or entry.name.endswith(SIDECAR_SUFFIX):
            continue
        if not _is_text(entry.name):
            log.warning("sources.name_is_no_text", path=ascii(entry.path), hint="rename it: its bytes are not UTF-8")
            continue
        if entry.name == SAMPLES_FILE or (entry.name == SOURCES_FILE and document_id == root.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, root, f"{document_id}/{entry.name}")
        elif _is_file_within(entry, root):
            sidecar = Path(entry.path + SIDECAR_SUFFIX) if entry.name + SIDECAR_SUFFIX in names else None
            path = Path(entry.path)
            yield SourceFile(f"{document_id}/{entry.name}", root, path, format_of(path), sidecar)


def _is_file_within(entry: os.DirEntry[str], root: Path) -> bool:
    try:
        return entry.is_file() and (not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root))
    except OSError as error:
        if error.errno == errno.ELOOP:  # links in a circle lead to no file; any other fault must not look like none
            return False
        raise


def _is_text(name: str) -> bool:
    """Whether a file's name can be stored: one of other bytes than UTF-8, as old archives hold, cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def source_file(path: Path, root: Path, *, draft: bool = False) -> SourceFile:
    """One file below `root`; raises `NotFound` when it is not there, or one that `discover` leaves out.

    A `draft` is one that lies hidden until it takes its place.
    """
    path, root = path.absolute(), root.resolve()
    path = path.parent.resolve() / path.name
    inside = path.is_relative_to(root) and path.is_file() and path.resolve().is_relative_to(root)
    if not (inside and (draft or is_document(path.relative_to(root).parts))):
        raise NotFound(f"there is no document {str(path)!r} below {str(root)!r}; check the path")
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    document_id = f"{root.name}/{path.relative_to(root).as_posix()}"
    return SourceFile(document_id, root, path, format_of(path), sidecar if sidecar.is_file() else None)


def is_document(parts: Sequence[str]) -> bool:
    """Whether a path below the root, given by its parts, may be a document's: no hidden one, no sidecar, no
    list of pages or of questions."""
    if tuple(parts) == (SOURCES_FILE,) or SAMPLES_FILE in parts or parts[-1].endswith(SIDECAR_SUFFIX):
        return False
    return not any(part.startswith(_HIDDEN) or not _is_text(part) for part in parts)


def fingerprint(file: SourceFile, *, max_bytes: int) -> str:
    """A hash of the file, its sidecar and the parser's version; files that are not read count by name and size."""
    digest = hashlib.sha256(f"{PARSER_VERSION}\0{file.format}\0".encode())
    with file.path.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        if file.format is None or size > max_bytes:
            digest.update(f"{size}".encode())
        else:
            whole = hashlib.sha256(stream.readall()) if size < _SMALL_BYTES else hashlib.file_digest(stream, "sha256")
            digest.update(whole.digest())
    if file.sidecar is not None:
        digest.update(file.sidecar.read_bytes())
    return digest.hexdigest()


def read_source(file: SourceFile, content_hash: str, *, max_bytes: int) -> SourceDocument:
    """The document with its metadata, a sidecar's word above the file's own; raises `UnreadableDocument`."""
    refuse_unfit(file, max_bytes=max_bytes)
    pairs, where = _own_pairs(file), file.path.name
    if file.sidecar is not None:
        where = file.sidecar.name
        pairs |= yaml_pairs(decode(file.sidecar.read_bytes()), where=where)
    approval = approval_of(pairs, where=where)
    meta = parse_metadata({key: value for key, value in pairs.items() if key not in APPROVAL_KEYS}, where=where)
    if meta.supersedes is not None:
        meta = replace(meta, supersedes=document_id_of(meta.supersedes, file))
    cites = tuple(document_id_of(reference, file) for reference in approval.cites)
    return SourceDocument(file, content_hash, meta, replace(approval, cites=cites))


def refuse_unfit(file: SourceFile, *, max_bytes: int) -> None:
    """Raise `UnreadableDocument` for a file that need not be opened to know that it gives no text."""
    if file.format is None:
        raise unreadable(UnreadableReason.UNSUPPORTED, advice_for(file.path))
    size = file.path.stat().st_size
    if size > max_bytes:
        raise unreadable(UnreadableReason.TOO_LARGE, f"{size / 2**20:.0f} MiB; MAX_FILE_MB allows {max_bytes // 2**20}")
    if size == 0:
        raise unreadable(UnreadableReason.EMPTY)


def _own_pairs(file: SourceFile) -> dict[str, object]:
    if file.format not in (Format.MARKDOWN, Format.TEXT, Format.HTML):
        return {}
    with file.path.open("rb") as stream:
        head = decode(stream.read(_HEAD_BYTES))
    if file.format is Format.HTML:
        return html_pairs(head)
    front_matter, _ = split_front_matter(head)
    return {} if front_matter is None else yaml_pairs(front_matter, where=file.path.name)
