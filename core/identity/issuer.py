"""An OpenID Connect issuer: its addresses and its keys, fetched when needed and kept while it is down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from core.errors import IssuerUnavailable
from core.identity.jwks import read_keys
from core.settings.identity import is_safe_address

__all__ = ["Issuer", "IssuerAddresses", "fetch_json"]

log = structlog.get_logger(__name__)

_TIMEOUT = httpx.Timeout(5.0)
_MOST_BYTES = 1 << 20
_FRESH_S = 600.0
"""After so long the keys are asked for again, so that one that was withdrawn is no longer taken."""

_KEEP_S = 24 * 3600.0
"""A key that was stolen and withdrawn must not hold for ever because somebody keeps the issuer out of reach."""

_PAUSE_S = 10.0
"""Between two fetches, so that made-up key ids cannot turn this server against its issuer."""

_WAIT_S = 1.0
"""How long a request waits for the fetch of another; the pool of threads must not fill up behind a slow issuer."""


@dataclass(frozen=True, slots=True)
class IssuerAddresses:
    """What discovery tells; `end_session` where the issuer can be told that somebody signs out."""

    jwks: str
    authorization: str | None = None
    token: str | None = None
    end_session: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    addresses: IssuerAddresses
    keys: Mapping[str, Mapping[str, Any]]
    fetched_at: float


@dataclass(slots=True)
class Issuer:
    """Blocking; call it from a thread. `clock` counts seconds and never goes back."""

    url: str
    allow_plain: bool = False
    clock: Callable[[], float] = time.monotonic
    _known: _Known | None = None
    _tried_at: float | None = None
    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def key(self, key_id: str) -> Mapping[str, Any] | None:
        """The JWK of that id; None when the issuer has none. An unknown id has the keys fetched, once in a while.

        Raises `IssuerUnavailable` while no keys could be had.
        """
        known = self._current()
        if key_id not in known.keys:
            self._fetch_if_due(wait_s=_WAIT_S, seen=known)
            known = self._known or known
        return known.keys.get(key_id)

    def addresses(self) -> IssuerAddresses:
        """Where to send people; raises `IssuerUnavailable` while that could not be had."""
        return self._current().addresses

    def _current(self) -> _Known:
        known = self._known
        if known is None or self._age(known) > _KEEP_S:
            self._fetch_if_due(wait_s=_WAIT_S, seen=known)
        elif self._age(known) > _FRESH_S:
            self._fetch_if_due(wait_s=0, seen=known)
        known = self._known
        if known is None or self._age(known) > _KEEP_S:
            raise IssuerUnavailable(f"the issuer {self.url!r} cannot be reached to check tokens; try again in a minute")
        return known

    def _age(self, known: _Known) -> float:
        return self.clock() - known.fetched_at

    def _fetch_if_due(self, *, wait_s: float, seen: _Known | None) -> None:
        if not self._fetching.acquire(timeout=wait_s):
            return
        try:
            if self._known is not seen:
                return  # another request fetched them meanwhile
            if self._tried_at is not None and self.clock() - self._tried_at < _PAUSE_S:
                return
            self._tried_at = self.clock()
            self._known = self._fetch()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            log.warning("issuer.unreachable", issuer=self.url, error=str(error), kept=self._known is not None)
        finally:
            self._fetching.release()

    def _fetch(self) -> _Known:
        found = fetch_json("GET", f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.url:
            raise ValueError(f"discovery names the issuer {found.get('issuer')!r}; set OIDC_ISSUER to exactly that")
        addresses = IssuerAddresses(
            jwks=self._address(found, "jwks_uri") or "",
            authorization=self._address(found, "authorization_endpoint"),
            token=self._address(found, "token_endpoint"),
            end_session=self._address(found, "end_session_endpoint"),
        )
        keys = read_keys(fetch_json("GET", addresses.jwks))
        return _Known(addresses, keys, self.clock())

    def _address(self, found: Mapping[str, Any], name: str) -> str | None:
        value = found.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not is_safe_address(value, allow_plain=self.allow_plain):
            raise ValueError(f"{name} {value!r} is not https://…")
        return value


def fetch_json(method: str, address: str, *, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object; no redirect is followed. Raises `httpx.HTTPError` or `ValueError`."""
    with (
        httpx.Client(timeout=_TIMEOUT) as client,
        client.stream(method, address, data=form, headers={"Accept": "application/json"}) as response,
    ):
        body = bytearray()
        deadline = time.monotonic() + (_TIMEOUT.read or 0)
        for part in response.iter_bytes():
            body += part
            if len(body) > _MOST_BYTES or time.monotonic() > deadline:
                raise ValueError(f"{address} sends too much or too slowly")
        if not response.is_success:
            raise ValueError(f"{address} answered {response.status_code}")
    found = httpx.Response(200, content=bytes(body)).json()
    if not isinstance(found, dict):
        raise ValueError(f"{address} does not answer with a JSON object")
    return found
