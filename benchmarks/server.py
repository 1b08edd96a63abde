"""`assistant serve` in a process of its own, and the least that a client of it needs."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.settings import Settings

__all__ = ["Client", "Server", "free_port", "serving", "start_server", "usual_environment"]

_READY_S = 120.0
_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready, `ready_s` after its start."""

    process: subprocess.Popen[bytes]
    port: int
    ready_s: float

    def connect(self) -> Client:
        return Client(self.port)

    def kill(self) -> None:
        """End it as `kill -9` does, with all its children."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(60)
        finally:
            self.kill()


class Client:
    """One connection that is kept; not for several threads."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, question: str, *, key: str | None = None) -> dict[str, Any]:
        """The reply to a question; raises `ConnectionError` or `HTTPException` when the server goes away."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        status, body = self.call("POST", "/chat", json.dumps({"question": question}), headers)
        if status != 200:
            raise RuntimeError(f"the server answered {status} to {question!r}: {body!r}")
        return body

    def call(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        self._connection.request(method, path, body, dict(headers or {}))
        response = self._connection.getresponse()
        raw = response.read()
        return response.status, json.loads(raw) if raw else {}

    def post(self, path: str, body: Mapping[str, object]) -> tuple[int, Mapping[str, str]]:
        """Status and headers, these in small letters, of what is answered to `body`."""
        self._connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        response.read()
        return response.status, {name.lower(): value for name, value in response.getheaders()}


def usual_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment and `more`, in which Python keeps what it compiled.

    Where it is told not to, each start compiles two thousand modules, which costs as much as all else.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | dict(more or {})


def start_server(settings: Settings, log: Path, *, environment: Mapping[str, str] | None = None) -> Server:
    """Start `assistant serve` over the settings' folders and wait until it can answer."""
    port = free_port()
    folders = ["--data-dir", str(settings.data_dir), "--knowledge-base", str(settings.knowledge_base)]
    command = [sys.executable, "-m", "api", *folders, "serve", "--port", str(port)]
    with log.open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, env=usual_environment(environment)
        )
    while time.perf_counter() - began < _READY_S:
        with suppress(OSError, http.client.HTTPException):
            if Client(port).call("GET", "/health/ready")[0] == 200:
                return Server(process, port, time.perf_counter() - began)
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}; see {log}")
        time.sleep(_POLL_S)
    Server(process, port, 0.0).kill()
    raise TimeoutError(f"the server was not ready within {_READY_S:g} s; see {log}")


@contextmanager
def serving(settings: Settings, log: Path) -> Iterator[Server]:
    """A server until the block ends."""
    server = start_server(settings, log)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
