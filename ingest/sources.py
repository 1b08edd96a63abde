"""Files of a folder, as documents: their id, their fingerprint and what their editors say of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import NotFound
from core.types import DocumentMeta
from ingest.formats import Format, format_of
from ingest.frontmatter import html_pairs, split_front_matter, yaml_pairs
from ingest.metadata import parse_metadata
from ingest.reasons import UnreadableReason, unreadable
from ingest.textfiles import decode

__all__ = ["PARSER_VERSION", "SourceDocument", "SourceFile", "discover", "fingerprint", "read_source", "source_file"]

PARSER_VERSION = "1"
"""Raise it when the same bytes would give other blocks or chunks: every document is then read anew."""

SIDECAR_SUFFIX = ".meta.yaml"
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

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def format(self) -> Format:
        assert self.file.format is not None, "read_source refuses files without one"
        return self.file.format


def discover(root: Path) -> Iterator[SourceFile]:
    """The files below `root`, sorted by name folder by folder, one at a time.

    Hidden files, sidecars, links to folders and links that lead outside are left out. Raises `NotFound` when there is
    no such folder: a disk that is not mounted must not look like a folder that was emptied.
    """
    root = root.resolve()
    if not root.is_dir():
        raise NotFound(f"there is no folder {str(root)!r}; check KNOWLEDGE_BASE or the path that was given")
    yield from _walk(str(root), root, root.name)


def _walk(folder: str, root: Path, document_id: str) -> Iterator[SourceFile]:
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name.endswith(SIDECAR_SUFFIX):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, root, f"{document_id}/{entry.name}")
        elif entry.is_file() and (not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)):
            sidecar = Path(entry.path + SIDECAR_SUFFIX) if entry.name + SIDECAR_SUFFIX in names else None
            path = Path(entry.path)
            yield SourceFile(f"{document_id}/{entry.name}", root, path, format_of(path), sidecar)


def source_file(path: Path, root: Path) -> SourceFile:
    """One file below `root`; raises `NotFound` when it is not there."""
    path, root = path.absolute(), root.resolve()
    path = path.parent.resolve() / path.name
    if not path.is_file() or not path.is_relative_to(root):
        raise NotFound(f"there is no file {str(path)!r} below {str(root)!r}; check the path")
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    document_id = f"{root.name}/{path.relative_to(root).as_posix()}"
    return SourceFile(document_id, root, path, format_of(path), sidecar if sidecar.is_file() else None)


def fingerprint(file: SourceFile, *, max_bytes: int) -> str:
    """A hash of the file, its sidecar and the parser's version; files that are not read count by name and size."""
    digest = hashlib.sha256(f"{PARSER_VERSION}\0{file.format}\0".encode())
    with file.path.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        if file.format is None or size > max_bytes:
            digest.update(f"{size}".encode())
        else:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    if file.sidecar is not None:
        digest.update(file.sidecar.read_bytes())
    return digest.hexdigest()


def read_source(file: SourceFile, content_hash: str, *, max_bytes: int) -> SourceDocument:
    """The document with its metadata, a sidecar's word above the file's own; raises `UnreadableDocument`."""
    if file.format is None:
        raise unreadable(UnreadableReason.UNSUPPORTED, f"{file.path.suffix or 'no ending'!r}")
    size = file.path.stat().st_size
    if size > max_bytes:
        raise unreadable(UnreadableReason.TOO_LARGE, f"{size / 2**20:.0f} MiB; MAX_FILE_MB allows {max_bytes // 2**20}")
    if size == 0:
        raise unreadable(UnreadableReason.EMPTY)
    pairs, where = _own_pairs(file), file.path.name
    if file.sidecar is not None:
        where = file.sidecar.name
        pairs |= yaml_pairs(decode(file.sidecar.read_bytes()), where=where)
    return SourceDocument(file, content_hash, parse_metadata(pairs, where=where))


def _own_pairs(file: SourceFile) -> dict[str, object]:
    if file.format not in (Format.MARKDOWN, Format.TEXT, Format.HTML):
        return {}
    with file.path.open("rb") as stream:
        head = decode(stream.read(_HEAD_BYTES))
    if file.format is Format.HTML:
        return html_pairs(head)
    front_matter, _ = split_front_matter(head)
    return {} if front_matter is None else yaml_pairs(front_matter, where=file.path.name)
