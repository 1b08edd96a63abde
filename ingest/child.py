"""The process that reads files: it may hang, crash or run out of memory, and only the file at hand is lost."""

from __future__ import annotations

import math
import os
import signal
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

from core.errors import UnreadableDocument
from ingest.limits import ParseLimits
from ingest.reasons import UnreadableReason
from ingest.wire import HEADER_BYTES, READY, Failure, Request, body_length, encode_blocks, frame

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: also what wraps an encrypted Office file
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4


def main(limits: ParseLimits) -> None:
    """Serve requests from standard input until it ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the replies
    _die_with_parent()
    # spaCy takes torch along where it is installed, which costs seconds and is not used here.
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]
    from ingest import partition  # noqa: F401 - what every file needs is loaded before the first one's time begins

    _limit_memory(limits.memory_mb)
    _send(replies, READY)
    requests = sys.stdin.buffer
    while header := requests.read(HEADER_BYTES):
        request = Request.decode(requests.read(body_length(header)))
        _limit_time(limits.timeout_s)
        _send(replies, _answer(request, limits))


def _send(replies: BinaryIO, body: bytes) -> None:
    replies.write(frame(body))
    replies.flush()


def _answer(request: Request, limits: ParseLimits) -> bytes:
    from ingest.partition import partition

    try:
        return encode_blocks(partition(request.path, request.format, limits=limits))
    except UnreadableDocument as error:
        return Failure(error.reason, error.detail).encode()
    except MemoryError:
        detail = f"it needs more than {limits.memory_mb} MiB of memory"
        return Failure(UnreadableReason.TOO_LARGE, detail, spent=True).encode()
    except RecursionError:
        return Failure(UnreadableReason.TOO_LARGE, "it is nested too deeply").encode()
    except Exception as error:
        # Whatever a parser stumbles over is a property of the file, and the next file must go on.
        return _failure(request.path, error).encode()


def _failure(path: Path, error: Exception) -> Failure:
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    if head.startswith(_OLE_MAGIC) and _ENCRYPTED_PACKAGE in head + path.read_bytes()[-(1 << 20) :]:
        return Failure(UnreadableReason.ENCRYPTED, "")
    if "entity amplification" in str(error):  # what libxml2 says of entities that multiply, in whichever library
        return Failure(UnreadableReason.TOO_LARGE, "its entities multiply")
    if not isinstance(error, zipfile.BadZipFile) and "out of memory" in str(error).lower():
        return Failure(UnreadableReason.TOO_LARGE, detail, spent=True)
    return Failure(UnreadableReason.MALFORMED, detail)


def _die_with_parent() -> None:
    """End when the parent does, also in the middle of a file; the end of the thread that started us does not count."""
    parent = os.getppid()

    def leave(_signal: int, _frame: object) -> None:
        if os.getppid() != parent:
            if os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)  # with whatever was started here to read a picture
            os._exit(1)

    if sys.platform == "linux":
        import ctypes

        signal.signal(signal.SIGUSR1, leave)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGUSR1)


def _limit_time(seconds: float) -> None:
    # The parent keeps the time; this ends a child that lost its parent inside a call that no signal interrupts.
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + 2 * seconds + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory(memory_mb: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))


if __name__ == "__main__":
    main(ParseLimits.decode(sys.argv[1]))
