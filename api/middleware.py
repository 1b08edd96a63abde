"""Around every request: its id, its time and the headers that keep a browser safe."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.metrics import REQUEST_SECONDS, REQUESTS
from core.telemetry import bind_request

__all__ = ["RequestContext"]

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[\w.:/=+-]{1,128}", re.ASCII)
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestContext:
    """Takes or makes `X-Request-ID`, logs one line a request and adds `X-Process-Time` in seconds.

    `X-Correlation-ID` is taken too: the assistant that this one replaces called it so.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _given_id(Headers(scope=scope)) or uuid.uuid4().hex
        bind_request(request_id)
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["X-Process-Time"] = f"{time.perf_counter() - began:.4f}"
                if scope["path"].startswith("/static/"):
                    # The files of one release belong together: each is asked for again, and answered by 304.
                    headers.setdefault("Cache-Control", "no-cache")
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            route = _route(scope)
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            REQUEST_SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)
            log.info(
                "request", method=scope["method"], path=scope["path"], status=status,
                seconds=round(time.perf_counter() - began, 4),
            )  # fmt: skip


def _given_id(headers: Headers) -> str | None:
    """The id a caller gave, under our name or under the older one."""
    given = (headers.get(name, "") for name in ("x-request-id", "x-correlation-id"))
    return next((one for one in given if _REQUEST_ID.fullmatch(one)), None)


def _route(scope: Scope) -> str:
    """The template of the path, prefixes and all, so that there are as many labels as routes."""
    if scope["path"].startswith("/static/"):
        return "/static"
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(found, "path", "none")
