"""Removed files, kept for a while so that a removal can be undone."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ingest.filing import move
from ingest.sources import SIDECAR_SUFFIX

__all__ = ["Trash", "Trashed"]

_KEPT = timedelta(days=30)  # as long as the wastebaskets that people know
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Trashed:
    """A removed file; `stamp` names the removal."""

    document_id: str
    stamp: str
    path: Path
    removed_at: datetime


class Trash:
    """A folder with one folder a removal, in which a file lies under its document's id."""

    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def take(self, document_id: str, files: list[Path]) -> Trashed:
        """Move a document's file and what belongs to it here, the file first."""
        now = self._clock()
        stamp = f"{now.strftime(_STAMP)}-{secrets.token_hex(3)}"
        kept = Trashed(document_id, stamp, self._folder / stamp / document_id, now)
        for file in files:
            move(file, kept.path.with_name(file.name))
        self._prune(now - _KEPT)
        return kept

    def listed(self) -> list[Trashed]:
        """Every removal that can be undone, the last one first."""
        found: list[Trashed] = []
        for removal in sorted(self._removals(), key=lambda path: path.name, reverse=True):
            removed_at = _moment(removal.name)
            for path in sorted(removal.rglob("*")):
                if path.is_file() and not path.name.endswith(SIDECAR_SUFFIX) and removed_at is not None:
                    document_id = path.relative_to(removal).as_posix()
                    found.append(Trashed(document_id, removal.name, path, removed_at))
        return found

    def find(self, document_id: str, stamp: str | None = None) -> Trashed | None:
        """The document's last removal, or the one of that stamp."""
        return next((t for t in self.listed() if t.document_id == document_id and stamp in (None, t.stamp)), None)

    def empty(self, document_id: str) -> int:
        """Delete every copy of one document; returns how many there were."""
        copies = [trashed for trashed in self.listed() if trashed.document_id == document_id]
        for trashed in copies:
            shutil.rmtree(self._folder / trashed.stamp)
        return len(copies)

    def forget(self, stamp: str) -> None:
        """The removal was undone."""
        shutil.rmtree(self._folder / stamp, ignore_errors=True)

    def _prune(self, before: datetime) -> None:
        for removal in self._removals():
            removed_at = _moment(removal.name)
            if removed_at is not None and removed_at < before:
                shutil.rmtree(removal, ignore_errors=True)

    def _removals(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp.split("-")[0] + "+0000", f"{_STAMP}%z")
    except ValueError:
        return None
