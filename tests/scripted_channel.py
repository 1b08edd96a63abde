"""A channel that does what it is told: takes messages, or fails as it was scripted to."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from channels.errors import Permanent, Transient
from channels.messages import Message, Sent

__all__ = ["FileChannel", "ScriptedChannel"]


@dataclass(slots=True)
class ScriptedChannel:
    """Raises the next of `failures` until there are none left, then takes everything; `wrong` fails its check."""

    name: str = "slack"
    failures: list[Exception] = field(default_factory=list)
    wrong: Exception | None = None
    taken: list[Message] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fail_with(self, *failures: Exception) -> None:
        self.failures.extend(failures)

    def fail_always(self, failure: Exception) -> None:
        self.failures = _Endless(failure)

    def check(self) -> None:
        if self.wrong is not None:
            raise self.wrong

    async def send(self, message: Message) -> Sent:
        await asyncio.sleep(0)
        with self._lock:
            self.tried.append(message.id)
            if self.failures:
                raise self.failures.pop(0)
            self.taken.append(message)
            return Sent(f"C1:{len(self.taken)}")


class _Endless(list[Exception]):
    """Never runs out."""

    def __init__(self, failure: Exception) -> None:
        super().__init__([failure])

    def pop(self, index: object = 0) -> Exception:
        return self[0]


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes the id of each message as one line that a crash cannot take back.

    Busy as long as there is the file `busy`, and gone for good while there is `gone`.
    """

    path: Path
    name: str = "slack"

    @property
    def busy(self) -> Path:
        return self.path.with_suffix(".busy")

    @property
    def gone(self) -> Path:
        return self.path.with_suffix(".gone")

    def check(self) -> None:
        """Nothing to set."""

    async def send(self, message: Message) -> Sent:
        if self.gone.exists():
            raise Permanent("archived", reason="is_archived")
        if self.busy.exists():
            raise Transient("busy")
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{message.id} {message.request_id}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return Sent(f"C1:{message.id}")

    def lines(self) -> Iterable[tuple[str, str]]:
        """The id of each message that was taken and its request's, in their order."""
        if not self.path.exists():
            return []
        pairs = (line.split(" ") for line in self.path.read_text().splitlines())
        return [(delivery, request) for delivery, request in pairs]
