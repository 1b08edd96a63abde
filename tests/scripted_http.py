"""A small real HTTP server whose answers a test writes; the Slack, Telegram and webhook servers stand on it."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Answer", "Asked", "ScriptedHttp", "json_answer", "scripted_http"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. With `hang` nothing comes until the server stops, with `reset` the connection is cut after reading;
    it begins after `after_s`, and `drip_s` lies between single bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    reset: bool = False
    after_s: float = 0.0
    drip_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class ScriptedHttp:
    """`answers` are given in order, then `usual` to every further request; `asked` is what arrived."""

    url: str
    usual: Callable[[Asked], Answer]
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asked: Asked) -> Answer:
        with self.lock:
            self.asked.append(asked)
            return self.answers.pop(0) if self.answers else self.usual(asked)


def json_answer(data: object, status: int = 200, **headers: str) -> Answer:
    """JSON with its content type; `retry_after` stands for `Retry-After`."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Answer(status, json.dumps(data).encode(), {"Content-Type": "application/json", **named})


@contextmanager
def scripted_http(*answers: Answer, usual: Callable[[Asked], Answer] = lambda _: Answer()) -> Iterator[ScriptedHttp]:
    """Serve on a free port of the loopback address until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    server.block_on_close = False
    played = ScriptedHttp(f"http://127.0.0.1:{server.server_port}", usual, list(answers))
    server.RequestHandlerClass = type("Handler", (_Handler,), {"played": played})
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
    played: ScriptedHttp

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the client died while it sent
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.played.take(Asked(self.path, headers, body))
        if answer.hang:
            self.played.stopping.wait(30)
        elif answer.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif not self.played.stopping.wait(answer.after_s):
            with suppress(OSError):  # the client had enough
                self._send(answer)

    do_GET = do_POST

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not answer.drip_s:
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            if self.played.stopping.wait(answer.drip_s):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `asked` instead."""
