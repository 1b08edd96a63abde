"""A page by its address: each hop checked, robots.txt asked, and fetched only when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.retry_after import retry_after_s
from ingest.fetch.addresses import AddressRules
from ingest.fetch.exchange import Answer, Exchange, Headers
from ingest.fetch.problems import PageProblem, PageRefused
from ingest.fetch.redirects import MAX_HOPS, next_address
from ingest.fetch.robots import Robots

__all__ = ["Fetched", "Validators", "WebClient"]

_GONE = (404, 410)
_BUSY = (429, 503)
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with; None where it gave nothing."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> Headers:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was sent: `address` is where the last hop ended, `body` is decoded but not yet read."""

    address: str
    content_type: str
    charset: str | None
    body: bytes
    validators: Validators


class WebClient:
    """Fetches single pages; safe to use again and again, by one thread at a time."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        rules: AddressRules,
        robots: Robots,
        max_bytes: int,
        now: Callable[[], datetime],
    ) -> None:
        self._exchange = exchange
        self._rules = rules
        self._robots = robots
        self._max_bytes = max_bytes
        self._now = now

    def get(self, address: str, *, known: Validators, accept: str) -> Fetched | None:
        """The page, None when it is still as `known` says; raises `PageRefused` for everything else."""
        headers = {"Accept": accept, **known.headers()}
        for _ in range(MAX_HOPS + 1):
            self._robots.wait_for_turn(self._rules.check(address))
            answer = self._exchange.get(address, headers=headers, max_bytes=self._max_bytes)
            onward = next_address(address, answer)
            if onward is None:
                return None if answer.status == _NOT_MODIFIED and known.headers() else self._page(address, answer)
            address = onward
        raise PageRefused(PageProblem.FAILING, f"it leads on and on, at last to {address!r}")

    def _page(self, address: str, answer: Answer) -> Fetched:
        if answer.status != 200:
            raise self._refusal(answer)
        validators = Validators(answer.headers.get("etag"), answer.headers.get("last-modified"))
        return Fetched(address, answer.content_type, answer.charset, answer.body, validators)

    def _refusal(self, answer: Answer) -> PageRefused:
        status = f"status {answer.status}"
        if answer.status in _GONE:
            return PageRefused(PageProblem.VANISHED, status)
        wait = retry_after_s(answer.headers.get("retry-after"), now=self._now())
        if answer.status in _BUSY and wait is not None:
            return PageRefused(PageProblem.BUSY, status, retry_after_s=wait)
        if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
            return PageRefused(PageProblem.REFUSED, status)
        return PageRefused(PageProblem.FAILING, status)
