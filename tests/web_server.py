"""A small real web server that plays a site's good and bad days, and a network that leads every name to it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore

__all__ = ["PUBLIC", "Names", "Page", "Site", "Wires", "site"]

PUBLIC = "93.184.216.34"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `drip_s` lies between single bytes of the body; after `cut` bytes comes an end, or a `reset`."""

    body: bytes = b""
    status: int = 200
    type: str | None = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    drip_s: float = 0.0
    drip_head: bool = False
    stall: bool = False
    cut: int | None = None
    reset: bool = False


@dataclass(slots=True)
class Site:
    """The pages by path, the last of several is given again and again; and what was asked, with its headers."""

    port: int
    pages: dict[str, Sequence[Page]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def shows(self, path: str, *pages: Page) -> None:
        self.pages[path] = list(pages)

    def paths(self) -> list[str]:
        """What was asked besides robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str) -> Page:
        known = self.pages.get(path, (Page(b"gone", status=404),))
        if len(known) > 1:
            self.pages[path] = known[1:]
        return known[0]


class Names:
    """A resolver whose answers a test writes; a name with several answers gives them one after the other."""

    def __init__(self, **answers: Iterable[Sequence[str]]) -> None:
        self.answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self.answers.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Wires(httpcore.NetworkBackend):
    """Leads every connection to the site and notes where it wanted to go; `dead` addresses do not answer."""

    def __init__(self, port: int, *, dead: Sequence[str] = ()) -> None:
        self.wanted: list[tuple[str, int]] = []
        self._port = port
        self._dead = dead

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.wanted.append((host, port))
        if host in self._dead:
            raise httpcore.ConnectError("nobody is there")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._port, timeout, local_address, socket_options)


@contextmanager
def site(wrap: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[Site]:
    """Serve on a free port until the block ends; `wrap` puts TLS around the listening socket."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    played = Site(server.server_port)
    server.RequestHandlerClass = type("Handler", (_Handler,), {"played": played})
    if wrap is not None:
        server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield played
    finally:
        played.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    played: Site

    def do_GET(self) -> None:
        self.played.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = self.played.answer(self.path)
        if page.stall:
            self.played.stopping.wait(30)
            return
        with suppress(OSError):  # the reader had enough
            self._send(page)

    def _send(self, page: Page) -> None:
        length = len(page.body) if page.length is None else page.length
        lines = [f"HTTP/1.1 {page.status} Played", f"Content-Length: {length}", "Connection: close"]
        lines += [f"Content-Type: {page.type}"] if page.type else []
        lines += [f"{name}: {value}" for name, value in page.headers.items()]
        self._drip("\r\n".join([*lines, "", ""]).encode("latin-1"), page.drip_s if page.drip_head else 0.0)
        self._drip(page.body[: page.cut], page.drip_s)
        if page.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _drip(self, data: bytes, pause_s: float) -> None:
        if not pause_s:
            self.wfile.write(data)
            return
        for byte in data:
            if self.played.stopping.wait(pause_s):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
