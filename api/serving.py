"""`assistant serve`: one process that answers, and says where."""

from __future__ import annotations

import gc
import socket

import uvicorn
from rich.console import Console

from api.app import create_app
from api.bootstrap import build_application
from core.errors import ConfigurationError
from core.settings import Settings
from core.telemetry import configure_logging

__all__ = ["keep_for_good", "serve"]

_GRACE_S = 20


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; raises `ConfigurationError` when the port is taken."""
    configure_logging(settings)
    listener = _listen(settings)
    application = build_application(settings)
    address = _address(settings, listener)
    application.announce(address)
    console = Console(stderr=True)
    console.print(f"\n  Open {address} in a browser. Ctrl-C stops.", highlight=False)
    if not application.store.counts().documents:
        console.print(f"  The documents of {settings.knowledge_base} are read first; that takes a minute or two.")
    console.print()
    keep_for_good()
    config = uvicorn.Config(
        create_app(application), log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def keep_for_good() -> None:
    """Take what was imported and opened so far out of garbage collection, which would look through it again.

    Collection goes on from here where a command was started without it.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def _listen(settings: Settings) -> socket.socket:
    """Bind before anything is opened, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); set PORT or --port to a free one"
        ) from error
    listener.listen(2048)
    return listener


def _address(settings: Settings, listener: socket.socket) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else "[::1]" if settings.host == "::" else settings.host  # noqa: S104
    return f"http://{host}:{listener.getsockname()[1]}"
