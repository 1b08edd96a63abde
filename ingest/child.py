"""The process that reads files: it may hang, crash or run out of memory, and only the file at hand is lost."""

from __future__ import annotations

import os
import signal
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

from core.errors import UnreadableDocument
from ingest.reasons import UnreadableReason
from ingest.wire import HEADER_BYTES, READY, Failure, Request, body_length, encode_blocks, frame

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: also what wraps an encrypted Office file
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4


def main(memory_mb: int) -> None:
    """Serve requests from standard input until it ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the replies
    _die_with_parent()
    # spaCy takes torch along where it is installed, which costs seconds and is not used here.
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]
    from ingest.partition import use_offline_language_tools

    use_offline_language_tools()
    _limit_memory(memory_mb)
    _send(replies, READY)
    requests = sys.stdin.buffer
    while header := requests.read(HEADER_BYTES):
        request = Request.decode(requests.read(body_length(header)))
        _send(replies, _answer(request, memory_mb))


def _send(replies: BinaryIO, body: bytes) -> None:
    replies.write(frame(body))
    replies.flush()


def _answer(request: Request, memory_mb: int) -> bytes:
    from ingest.partition import partition

    try:
        return encode_blocks(partition(request.path, request.format))
    except UnreadableDocument as error:
        return Failure(error.reason, error.detail).encode()
    except MemoryError:
        return Failure(UnreadableReason.TOO_LARGE, f"it needs more than {memory_mb} MiB of memory", spent=True).encode()
    except Exception as error:
        # Whatever a parser stumbles over is a property of the file, and the next file must go on.
        return _failure(request.path, error).encode()


def _failure(path: Path, error: Exception) -> Failure:
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    if head.startswith(_OLE_MAGIC) and _ENCRYPTED_PACKAGE in head + path.read_bytes()[-(1 << 20) :]:
        return Failure(UnreadableReason.ENCRYPTED, "")
    if not isinstance(error, zipfile.BadZipFile) and "out of memory" in str(error).lower():
        return Failure(UnreadableReason.TOO_LARGE, detail, spent=True)
    return Failure(UnreadableReason.MALFORMED, detail)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(memory_mb: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))


if __name__ == "__main__":
    main(int(sys.argv[1]))
