"""How much one address and one person may ask for: rates, sizes, time, and questions at once."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemResponse, problem
from core.errors import AssistantError, PayloadTooLarge, TimedOut, TooManyRequests
from core.metrics import LIMITED
from core.settings import Settings

__all__ = ["Budget", "RateLimits", "RequestLimits", "budget_of"]

_DEFAULTS = {"asks": "30/minute;300/hour", "writes": "120/minute", "reads": "600/minute"}
_ASKING = frozenset({"/chat", "/chat/message", "/assistance", "/assistance/draft", "/feedback"})
_FREE = ("/static/", "/health/", "/heartbeat", "/metrics")
_IPV6_NETWORK = 64  # one household gets a whole /64 (RFC 6177), so its single addresses say nothing
_MAIL_BYTES = 5 << 20  # a mail without large attachments
_FORM_BYTES = 1 << 20  # what a form with a file has besides the file


class Budget(StrEnum):
    """What a request is counted as."""

    ASKS = "asks"
    WRITES = "writes"
    READS = "reads"


def budget_of(method: str, path: str) -> Budget | None:
    """The budget that a request draws on; None for what is never limited."""
    if path.startswith(_FREE):
        return None
    if (path.rstrip("/") or "/") in _ASKING and method in ("GET", "POST"):
        return Budget.ASKS
    return Budget.READS if method in ("GET", "HEAD", "OPTIONS") else Budget.WRITES


class RateLimits:
    """Counts per address and per person in this process; where the server listens on loopback only what was set."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rates: dict[Budget, Sequence[RateLimitItem]] = {}
        for budget in Budget:
            given = getattr(settings, f"limit_{budget}") or (None if settings.is_loopback else _DEFAULTS[budget])
            self._rates[budget] = parse_many(given) if given else ()

    def take(self, who: str, method: str, path: str) -> None:
        """Count one request of `who`; raises `TooManyRequests` with the seconds after which the next one is taken."""
        budget = budget_of(method, path)
        if budget is None:
            return
        for rate in self._rates[budget]:
            if not self._limiter.hit(rate, who, budget):
                LIMITED.labels(budget.value).inc()
                raise self._refusal(rate, who, budget)

    def _refusal(self, rate: RateLimitItem, who: str, budget: Budget) -> TooManyRequests:
        wait = max(1, math.ceil(self._limiter.get_window_stats(rate, who, budget).reset_time - time.time()))
        refusal = TooManyRequests(f"you may send {rate.amount} {budget.value} in {_period(rate)}; wait {wait} s")
        refusal.retry_after_s = wait
        return refusal


def _period(rate: RateLimitItem) -> str:
    name = rate.GRANULARITY.name
    return f"a {name}" if rate.multiples == 1 else f"{rate.multiples} {name}s"


class RequestLimits:
    """Refuses by address before anything is read: too many, too large, too long, too many answers at once."""

    def __init__(self, app: ASGIApp, *, settings: Settings, rates: RateLimits) -> None:
        self._app = app
        self._settings = settings
        self._rates = rates
        self._asking: Counter[str] = Counter()
        parts = filter(None, (part.strip() for part in settings.trusted_proxies.split(",")))
        self._proxies = [ipaddress.ip_network(part, strict=False) for part in parts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = self._client(scope)
        try:
            self._rates.take(f"address:{client}", scope["method"], scope["path"])
            with _Place(self._asking, client, self._most_at_once(scope)):
                await self._limited(scope, receive, send)
        except AssistantError as error:
            headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
            await ProblemResponse(problem(error), error.status, headers)(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive, self._most_bytes(scope))
        body.check(Headers(scope=scope).get("content-length"))
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if body.refused is not None and not started:
                return  # whoever read the body says only that it could not be read
            if message["type"] == "http.response.start":
                started = True
                if Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream"):
                    clock.reschedule(None)
            await send(message)

        seconds = None if _is_long(scope) else self._settings.request_timeout_s
        try:
            async with asyncio.timeout(seconds) as clock:
                await self._app(scope, body.receive, sending)
        except TimeoutError as error:
            if started or not clock.expired():
                raise
            LIMITED.labels("time").inc()
            raise TimedOut(f"this took longer than {seconds:g} s; what was accepted goes on") from error
        if body.refused is not None and not started:
            raise body.refused

    def _client(self, scope: Scope) -> str:
        """The address that asks: the peer, or behind believed proxies the last address that they do not vouch for."""
        peer = scope["client"][0] if scope.get("client") else "unknown"
        if not self._is_proxy(peer):
            return _household(peer)
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        chain = [part.strip() for part in forwarded if part.strip()]
        return _household(next((one for one in reversed(chain) if not self._is_proxy(one)), peer))

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    def _most_at_once(self, scope: Scope) -> int | None:
        asks = budget_of(scope["method"], scope["path"]) is Budget.ASKS
        return self._settings.max_streams if asks and not self._settings.is_loopback else None

    def _most_bytes(self, scope: Scope) -> int:
        path: str = scope["path"]
        if path.startswith("/documents"):
            # A file that is somewhat too large is refused by its route, in words for an editor.
            return 4 * (self._settings.max_file_mb << 20) + _FORM_BYTES
        return _MAIL_BYTES if path.startswith("/channels/") else self._settings.max_body_kb << 10


class _Place:
    """One of an address's places for questions that are answered at once; given back at the end."""

    def __init__(self, taken: Counter[str], client: str, most: int | None) -> None:
        self._taken, self._client, self._most = taken, client, most

    def __enter__(self) -> None:
        if self._most is not None and self._taken[self._client] >= self._most:
            LIMITED.labels("at_once").inc()
            raise TooManyRequests(f"{self._most} questions of yours are being answered; wait for one of them")
        self._taken[self._client] += 1

    def __exit__(self, *_: object) -> None:
        self._taken[self._client] -= 1
        if not self._taken[self._client]:
            del self._taken[self._client]


class _Body:
    """The body of a request, refused once it is larger than `most` bytes, whether it told its length or not."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._read = receive, most, 0
        self.refused: PayloadTooLarge | None = None

    def check(self, told: str | None) -> None:
        if told is not None and told.isdigit() and int(told) > self._most:
            raise self._refusal()

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            self.refused = self._refusal()
            raise self.refused
        return message

    def _refusal(self) -> PayloadTooLarge:
        LIMITED.labels("size").inc()
        return PayloadTooLarge(f"the body is larger than {self._most:,} bytes, the most that is taken here")


def _is_long(scope: Scope) -> bool:
    """Work on documents and training has limits of its own."""
    path: str = scope["path"]
    return path.startswith(("/documents", "/sources", "/training/runs"))


def _household(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 6:
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)
