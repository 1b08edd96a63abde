"""A small real HTTP server that speaks OpenAI's chat completions and does what a test's script says."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

__all__ = ["LlmServer", "Reply", "llm_server", "sentences"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted reply: `text` in pieces of `piece` characters, or a `status` other than 200.

    `stall_after` pieces it says nothing for `stall_s`; `drop_after` pieces it ends without a finish, or, with `reset`,
    resets the connection. `pause_s` lies between pieces; `comments` sends that many keep-alive lines first.
    """

    text: str = ""
    status: int = 200
    retry_after: str | None = None
    piece: int = 12
    pause_s: float = 0.0
    stall_after: int | None = None
    stall_s: float = 30.0
    drop_after: int | None = None
    reset: bool = False
    comments: int = 0
    error: str = "scripted failure"


@dataclass(slots=True)
class LlmServer:
    """The server's address, what was asked of it with which headers (names in lower case), and the replies still to
    give (the last one is given again)."""

    url: str
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def sentences(*drafts: tuple[str, Sequence[tuple[int, str]]], unanswerable: bool = False) -> str:
    """The JSON that a well-behaved model replies: texts with (passage, quote) pairs."""
    return json.dumps(
        {
            "sentences": [
                {"text": text, "quotes": [{"passage": number, "quote": quote} for number, quote in quotes]}
                for text, quotes in drafts
            ],
            "unanswerable": unanswerable,
        },
        ensure_ascii=False,
    )


@contextmanager
def llm_server(*replies: Reply) -> Iterator[LlmServer]:
    """Serve the replies in order on a free port of the loopback address."""
    http = _Server(("127.0.0.1", 0), _Handler)
    server = http.script = LlmServer(f"http://127.0.0.1:{http.server_port}/v1", list(replies))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        http.shutdown()
        http.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    script: LlmServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of what is tested."""


class _Handler(BaseHTTPRequestHandler):
    """Closes every connection after its reply: an idle one would lie open in a client that no test closes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        script = cast(_Server, self.server).script
        script.headers.append({name.lower(): value for name, value in self.headers.items()})
        script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        reply = script.next_reply()
        if reply.status != 200:
            self._fail(reply)
        elif script.requests[-1].get("stream"):
            self._stream(reply, script)
        else:
            self._json(200, _whole(reply.text))

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests read `requests` instead."""

    def _fail(self, reply: Reply) -> None:
        headers = {"Retry-After": reply.retry_after} if reply.retry_after is not None else {}
        self._json(reply.status, {"error": {"message": reply.error, "type": "scripted"}}, headers)

    def _json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            "Connection": "close",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Reply, script: LlmServer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(reply.comments):
            self._write(": keep-alive\n\n")
            script.stopping.wait(reply.pause_s)
        pieces = [reply.text[start : start + reply.piece] for start in range(0, len(reply.text), reply.piece)]
        for number, piece in enumerate(pieces):
            if number == reply.stall_after:
                script.stopping.wait(reply.stall_s)
            if number == reply.drop_after:
                self._drop(reset=reply.reset)
                return
            role = {"role": "assistant"} if number == 0 else {}
            self._write(f"data: {json.dumps(_delta({**role, 'content': piece}))}\n\n")
            if reply.pause_s:
                time.sleep(reply.pause_s)
        self._write(f"data: {json.dumps(_delta({}, finish='stop'))}\n\ndata: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _write(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _drop(self, *, reset: bool) -> None:
        """End in mid-stream: with a reset, or by closing before the last chunk."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _whole(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}


def _delta(delta: dict[str, str], *, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
