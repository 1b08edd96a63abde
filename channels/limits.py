"""What every channel keeps to: a limit on time, and encryption on the way to any other machine."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from channels.errors import Misconfigured, Transient
from core.settings import Settings

__all__ = ["Limits", "is_loopback", "require_encryption"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect and for one whole message; whether other machines may be reached without encryption."""

    connect_s: float = 5.0
    total_s: float = 30.0
    allow_plain: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.channel_connect_timeout_s, settings.channel_timeout_s, settings.channels_allow_plain)

    @asynccontextmanager
    async def whole(self, server: str) -> AsyncIterator[None]:
        """Raise `Transient` when the block takes longer than one message may."""
        try:
            async with asyncio.timeout(self.total_s):
                yield
        except TimeoutError as error:
            raise Transient(f"{server} did not answer within {self.total_s:g} s", reason="timeout") from error


def require_encryption(url: str, setting: str, *, allow_plain: bool) -> None:
    """Raise `Misconfigured` unless `url` is https, or http to this machine or by setting; the url stays untold."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Misconfigured(f"{setting} is not an address: {error}; write https://host/path") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Misconfigured(f"{setting} is not an address of the web; write https://host/path")
    if parts.scheme == "http" and not (allow_plain or is_loopback(host)):
        raise Misconfigured(
            f"{setting} would send people's words to {host!r} unencrypted; write https://, "
            "or set CHANNELS_ALLOW_PLAIN=true where the network between is yours"
        )


def is_loopback(host: str) -> bool:
    """Whether a host, as written, is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
