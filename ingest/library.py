"""The knowledge base as a folder that editors change through the assistant: add, replace, remove, undo, erase."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import BinaryIO

import yaml

from core.errors import Conflict, NotFound
from ingest.filing import forget, hidden_beside, move, put_down, translated, write_whole
from ingest.frontmatter import yaml_pairs
from ingest.naming import checked_folder, checked_name
from ingest.sources import SIDECAR_SUFFIX, fingerprint, is_document, source_file
from ingest.textfiles import decode
from ingest.trash import Trash, Trashed

__all__ = ["Draft", "Library"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file received whole, with its sidecar if it has one, which no sync sees before it takes its place."""

    path: Path
    target: Path


class Library:
    """Changes files one at a time; what is given up on the way leaves nothing behind."""

    def __init__(self, folder: Path, trash: Path, *, max_bytes: int, clock: Callable[[], datetime] = _utc_now) -> None:
        self._folder = folder
        self._trash = Trash(trash, clock=clock)
        self._max_bytes = max_bytes
        self._lock = Lock()

    @property
    def root(self) -> Path:
        """The folder; its name begins every document's id."""
        return self._folder.resolve()

    def place(self, name: str, folder: str = "") -> Path:
        """Where a new document goes; raises `InvalidInput`, `UnreadableDocument`, or `Conflict` when it is taken."""
        target = self.root.joinpath(*checked_folder(folder), checked_name(name))
        if not target.parent.resolve().is_relative_to(self.root):
            raise NotFound(f"the folder {folder!r} leads out of the knowledge base; choose another one")
        self._require_free(target)
        return target

    def document_id(self, path: Path) -> str:
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def path_of(self, document_id: str) -> Path:
        """The file of a document, there or not; raises `NotFound` for an id that belongs elsewhere."""
        root, _, below = document_id.partition("/")
        parts = PurePosixPath(below).parts
        path = self.root.joinpath(*parts)
        if root != self.root.name or not parts or not is_document(parts) or "\0" in below:
            raise NotFound(f"{document_id!r} is not in the knowledge base; the list of documents has the ids")
        if below.startswith("/") or not path.resolve().is_relative_to(self.root):
            raise NotFound(f"{document_id!r} leads out of the knowledge base; the list of documents has the ids")
        return path

    def etag(self, document_id: str) -> str | None:
        """What changes whenever the file or its sidecar does; None when there is no file."""
        path = self.path_of(document_id)
        return fingerprint(source_file(path, self.root), max_bytes=self._max_bytes) if path.is_file() else None

    @contextmanager
    def draft(self, target: Path, content: BinaryIO | None, *, said: Mapping[str, str]) -> Iterator[Draft]:
        """`content`, else the target's own, with what is `said` of it above what its sidecar says already.

        Raises `UnreadableDocument` when it is too large or the sidecar there is no YAML, `OutOfSpace`.
        """
        with translated(f"{target.name!r} could not be stored"):
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = Draft(hidden_beside(target), target)
            try:
                if content is None:
                    shutil.copyfile(target, draft.path)
                else:
                    write_whole(draft.path, content, max_bytes=self._max_bytes)
                _write_sidecar(draft, said)
                yield draft
            finally:
                for path in (draft.path, _sidecar(draft.path)):
                    path.unlink(missing_ok=True)
                self._drop_empty(target.parent)

    def add(self, draft: Draft) -> str:
        """Put a new document into its place; returns its id. Raises `Conflict` when somebody was first."""
        with self._lock:
            self._require_free(draft.target)
            self._put(draft)
        return self.document_id(draft.target)

    def replace(self, document_id: str, draft: Draft, *, seen: str | None = None) -> None:
        """Put a draft in the place of a document; raises `Conflict` when that is no longer the one of etag `seen`."""
        with self._lock:
            self._require_unchanged(document_id, seen)
            self._put(draft)

    def remove(self, document_id: str, *, seen: str | None = None) -> Trashed | None:
        """Move a document's file and sidecar to the trash; None when there is no file. Raises `Conflict`."""
        path = self.path_of(document_id)
        with self._lock, translated(f"{path.name!r} could not be moved to the trash"):
            self._require_unchanged(document_id, seen)
            files = [file for file in (path, _sidecar(path)) if file.is_file()]
            return self._trash.take(document_id, files) if path in files else None

    def restore(self, document_id: str, stamp: str | None = None) -> Path:
        """Bring back what was removed last, or at `stamp`; raises `NotFound`, or `Conflict` when its place is taken."""
        target = self.path_of(document_id)
        with self._lock, translated(f"{target.name!r} could not be brought back"):
            trashed = self._trash.find(document_id, stamp)
            if trashed is None:
                raise NotFound(f"{document_id!r} is not in the trash; it was erased, or removed too long ago")
            self._require_free(target)
            sidecar = _sidecar(trashed.path)
            for source, place in ((sidecar, _sidecar(target)), (trashed.path, target)):
                if source.is_file():
                    move(source, place)
            self._trash.forget(trashed.stamp)
        return target

    def erase(self, document_id: str) -> int:
        """Delete a document's file, sidecar and all copies in the trash; returns how many files of it there were."""
        path = self.path_of(document_id)
        with self._lock, translated(f"{path.name!r} could not be erased"):
            count = int(path.is_file()) + self._trash.empty(document_id)
            forget(path)
            forget(_sidecar(path))
        return count

    def trashed(self) -> list[Trashed]:
        """Every removal that can be undone, the last one first."""
        return self._trash.listed()

    def _put(self, draft: Draft) -> None:
        """The sidecar first: a sync in between reads the new words on the old text, not the new text without them."""
        sidecar = _sidecar(draft.path)
        if sidecar.is_file():
            put_down(sidecar, _sidecar(draft.target))
        else:
            forget(_sidecar(draft.target))
        put_down(draft.path, draft.target)

    def _drop_empty(self, folder: Path) -> None:
        """Folders that were made for a document that did not come."""
        while folder != self.root and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _require_free(self, target: Path) -> None:
        if target.exists() or target.is_symlink():
            raise Conflict(f"{self.document_id(target)!r} is there already; replace it, or choose another name")

    def _require_unchanged(self, document_id: str, seen: str | None) -> None:
        if seen is not None and self.etag(document_id) != seen:
            raise Conflict(f"{document_id!r} was changed after you saw it; load it again, then decide")


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)


def _write_sidecar(draft: Draft, said: Mapping[str, str]) -> None:
    """What is said now above what was said before; without a word now, the sidecar stays as it is."""
    before = _sidecar(draft.target)
    if not said:
        if before.is_file():
            shutil.copyfile(before, _sidecar(draft.path))
        return
    known = yaml_pairs(decode(before.read_bytes()), where=before.name) if before.is_file() else {}
    text = yaml.safe_dump({**known, **said}, allow_unicode=True, sort_keys=False, width=10**6)
    _sidecar(draft.path).write_text(text, encoding="utf-8")
