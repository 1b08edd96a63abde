"""Questions sent at their moments whatever becomes of those before, at the least cost for the cores they share."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Answered", "flood"]

_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One question: its status, the seconds from its moment to the last byte of its reply, of these how late it was
    sent, and whether a refusal said when to come again. Status 0 is a connection that broke."""

    status: int
    seconds: float
    late_s: float
    says_when: bool


def flood(port: int, questions: Sequence[str], *, rate: float) -> list[Answered]:
    """Send `rate` questions a second, each over a connection of its own.

    The seconds count from when a question was due, so that a sender that is late does not make the server look better.
    """
    return asyncio.run(_flood(port, [_request(question) for question in questions], rate))


async def _flood(port: int, requests: Sequence[bytes], rate: float) -> list[Answered]:
    began = time.perf_counter()
    sending = []
    for number, request in enumerate(requests):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sending.append(asyncio.create_task(_ask(port, request, due)))
    return list(await asyncio.gather(*sending))


async def _ask(port: int, request: bytes, due: float) -> Answered:
    late_s, head = time.perf_counter() - due, b""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.read(-1)
            writer.close()
    except (OSError, asyncio.IncompleteReadError):
        """It broke, and has no status."""
    status = int(head.split(b" ", 2)[1]) if head else 0
    return Answered(status, time.perf_counter() - due, late_s, b"\r\nretry-after:" in head.lower())


def _request(question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    head = "POST /chat HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", "Connection: close"
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body
