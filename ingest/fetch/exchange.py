"""One request and its answer, within limits of time and of size as it will be read."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property

import httpcore
import httpx

from ingest.fetch.addresses import AddressRules
from ingest.fetch.network import Deadline, GuardedNetwork
from ingest.fetch.problems import PageProblem, PageRefused

__all__ = ["Answer", "Exchange", "Headers"]

Headers = Mapping[str, str]

_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_STEP_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; header names in lower case, `body` decoded."""

    status: int
    headers: Headers
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case; empty when none was said."""
        return self._content_type.get_content_type() if "content-type" in self.headers else ""

    @property
    def charset(self) -> str | None:
        """The encoding that was named, in lower case."""
        return self._content_type.get_content_charset()

    @property
    def _content_type(self) -> Message:
        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        return message


class Exchange:
    """Sends single requests, each over a connection of its own; follows nothing, keeps no cookies."""

    def __init__(
        self,
        rules: AddressRules,
        *,
        user_agent: str,
        timeout_s: float,
        connector: httpcore.NetworkBackend | None = None,
        tls: Callable[[], ssl.SSLContext] = httpcore.default_ssl_context,
    ) -> None:
        self._rules = rules
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._connector = connector
        self._make_tls = tls

    def get(self, address: str, *, headers: Headers, max_bytes: int) -> Answer:
        """The answer to GET; raises `PageRefused` when none comes, or more than `max_bytes`."""
        url = self._rules.check(address)
        network = GuardedNetwork(self._rules, deadline=Deadline(self._timeout_s), connector=self._connector)
        tls = self._tls if url.scheme == "https" else None
        own = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip"}
        sent = [(name.encode(), value.encode("latin-1")) for name, value in {**own, **headers}.items()]
        try:
            with (
                httpcore.ConnectionPool(ssl_context=tls, network_backend=network) as pool,
                pool.stream("GET", _target(url), headers=sent) as response,
            ):
                received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                body = _body(response.iter_stream(), received, max_bytes) if response.status == 200 else b""
                return Answer(response.status, received, body)
        except httpcore.TimeoutException as error:
            raise PageRefused(PageProblem.TIMED_OUT, f"more than {self._timeout_s:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ValueError) as error:
            # A name that no certificate can carry is a ValueError of the TLS layer.
            cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise PageRefused(PageProblem.FAILING, cause) from error

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._make_tls()


def _target(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _body(parts: Iterable[bytes], headers: Headers, max_bytes: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdigit() and len(announced) < 20 and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    body = bytearray()
    for part in _decoded(parts, headers.get("content-encoding", "identity").strip().lower()):
        body += part
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _decoded(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("identity", ""):
        yield from parts
    elif encoding in ("gzip", "x-gzip"):
        yield from _gunzipped(parts)
    else:
        raise PageRefused(PageProblem.UNSUPPORTED, f"it is packed as {encoding!r}, only gzip was asked for")


def _gunzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacked in small steps, so that a few bytes that unpack to gigabytes are noticed in time."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        for part in parts:
            packed = part
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, _STEP_BYTES)
                packed = unpacker.unconsumed_tail
        yield unpacker.flush(_STEP_BYTES)
    except zlib.error as error:
        raise PageRefused(PageProblem.FAILING, f"it is not the gzip it says it is: {error}") from error
    if not unpacker.eof:
        raise PageRefused(PageProblem.FAILING, "it ended in the middle")


def _too_large(max_bytes: int) -> PageRefused:
    return PageRefused(PageProblem.TOO_LARGE, f"more than {max_bytes / 2**20:g} MiB")
