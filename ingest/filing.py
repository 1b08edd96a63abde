"""Files put down so that a crash leaves the old one or the new one, never half of either."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import AssistantError, OutOfSpace
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["Unwritable", "forget", "hidden_beside", "move", "put_down", "translated", "write_whole"]

_BLOCK_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Unwritable(AssistantError):
    type = "unwritable"
    title = "The file could not be written"


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turns an error of the disk into `OutOfSpace` or `Unwritable`, which say that nothing was changed."""
    try:
        yield
    except OSError as error:
        message = f"{what}: {error.strerror or error}; nothing was changed, see to the disk and try again"
        raise (OutOfSpace if error.errno in _FULL else Unwritable)(message) from error


def hidden_beside(target: Path) -> Path:
    """A new name in the target's folder that no sync reads, with the target's ending."""
    return target.with_name(f".draft-{secrets.token_hex(6)}{target.suffix}")


def write_whole(path: Path, content: BinaryIO, *, max_bytes: int) -> None:
    """Copy `content` to disk block by block; raises `UnreadableDocument` once there is more than `max_bytes` of it."""
    size = 0
    with path.open("xb") as file:
        while block := content.read(_BLOCK_BYTES):
            size += len(block)
            if size > max_bytes:
                raise unreadable(UnreadableReason.TOO_LARGE, f"MAX_FILE_MB allows {max_bytes >> 20} MiB")
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def put_down(draft: Path, target: Path) -> None:
    """Give a written file its name in the same folder, for good."""
    draft.replace(target)
    _sync_folder(target.parent)


def move(source: Path, target: Path) -> None:
    """Move a file, to another disk too; it is never missing from both places."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = hidden_beside(target)
        shutil.copy2(source, draft)
        _sync(draft)
        draft.replace(target)
        source.unlink()
    _sync_folder(target.parent)
    _sync_folder(source.parent)


def forget(path: Path) -> None:
    """Delete a file that may be gone already."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _sync_folder(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_sync_folder = _sync
