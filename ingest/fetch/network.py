"""Connections that go only where `AddressRules` lets them, and end when their time is up."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from ingest.fetch.addresses import AddressRules

__all__ = ["Deadline", "GuardedNetwork"]

_CONNECT_S = 10.0  # for one of several IP addresses, so that the next is tried while there is time


class Deadline:
    """A moment by which everything must be done, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Never zero, which a socket would take for "do not wait"; raises `httpcore.ReadTimeout` when time is up."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole page is up")
        return left


class GuardedNetwork(httpcore.NetworkBackend):
    """Looks a name up once, checks every answer and connects to one that was checked.

    The name is not looked up again, so that a second answer cannot lead elsewhere; it stays the name in `Host` and in
    the certificate.
    """

    def __init__(
        self, rules: AddressRules, *, deadline: Deadline, connector: httpcore.NetworkBackend | None = None
    ) -> None:
        self._rules = rules
        self._deadline = deadline
        self._connector = connector or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._rules.ip_addresses(host, port):
            try:
                left = min(self._deadline.seconds_left(), _CONNECT_S)
                stream = self._connector.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        assert failure is not None, "the rules never give an empty list"
        raise failure

    def connect_unix_socket(self, *_: object, **__: object) -> httpcore.NetworkStream:
        raise httpcore.UnsupportedProtocol("pages are fetched over the network only")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends by the same deadline, so that a drip cannot last for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.seconds_left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.seconds_left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
