"""The session of a person who signed in on a page: a signed cookie, and what keeps other sites from using it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from core.errors import Forbidden
from core.identity import EVERYBODY_MAY
from core.settings import Settings
from core.types import Principal

__all__ = [
    "SESSION_COOKIE",
    "SIGN_IN_COOKIE",
    "cookies_are_secure",
    "keep",
    "local_path",
    "require_same_origin",
    "widened",
]

SESSION_COOKIE = "assistant_session"
SIGN_IN_COOKIE = "assistant_signin"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def cookies_are_secure(settings: Settings) -> bool:
    """Whether cookies go over HTTPS only: by the setting, else wherever others can reach the server."""
    return settings.secure_cookies if settings.secure_cookies is not None else not settings.is_loopback


def keep(response: Response, settings: Settings, name: str, value: str, *, expires_in: timedelta) -> None:
    """Set a cookie that no script reads and that other sites' forms do not send."""
    response.set_cookie(
        name, value, max_age=int(expires_in.total_seconds()), httponly=True, samesite="lax",
        secure=cookies_are_secure(settings),
    )  # fmt: skip


def require_same_origin(request: Request) -> None:
    """Raise `Forbidden` for a request that changes something and does not come from a page of this server."""
    if request.method in _SAFE_METHODS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site == "same-origin"
    else:
        # Behind a proxy the scheme may be another; the host is what a foreign page cannot have.
        ours = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise Forbidden("this came from another site, so your session was not used; do it on a page of this server")


def widened(principal: Principal, settings: Settings) -> Principal:
    """With an open chat, signing in takes nothing away that everybody may do."""
    return Principal(principal.subject, principal.scopes | EVERYBODY_MAY) if settings.chat_open else principal


def local_path(wanted: str | None) -> str:
    """Where to go after signing in; never to another site."""
    if wanted is None or not wanted.startswith("/") or wanted[1:2] in ("/", "\\") or not wanted.isprintable():
        return "/"
    return wanted
