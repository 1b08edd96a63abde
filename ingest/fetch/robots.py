"""What a site's robots.txt lets us read, and how fast; RFC 9309."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from protego import Protego

from core.retry_after import LONGEST_S, retry_after_s
from ingest.fetch.exchange import Answer, Exchange
from ingest.fetch.problems import PageProblem, PageRefused
from ingest.fetch.redirects import MAX_HOPS, next_address

__all__ = ["Robots"]

_MAX_BYTES = 512_000  # section 2.5: at least 500 KiB have to be read
_KEPT_S = 24 * 3600.0  # section 2.4
_REFUSAL_KEPT_S = 600.0  # all pages of a site that is down are spared in one run
_COURTESY_S = 1.0  # between two pages of a site that asks for nothing: nobody waits for us
_LONGEST_WAIT_S = 30.0  # a site that wants more between two pages is left for a later run


@dataclass(slots=True)
class _Site:
    rules: Protego | None
    refusal: PageRefused | None
    forget_at: float
    next_at: float = 0.0


class Robots:
    """Asks each site once a day; waits between two pages of one site as it wants it."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        user_agent: str,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._exchange = exchange
        self._product = user_agent.split("/")[0]
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._sites: dict[str, _Site] = {}

    def wait_for_turn(self, url: httpx.URL) -> None:
        """Return when `url` may be fetched; raises `PageRefused` when it may not, or not soon."""
        site = self._site(url)
        if site.rules is None:
            assert site.refusal is not None
            raise site.refusal
        if not site.rules.can_fetch(str(url), self._product):
            raise PageRefused(PageProblem.BLOCKED_BY_ROBOTS, f"{url.host}{url.path}")
        wait = site.next_at - self._monotonic()
        if wait > _LONGEST_WAIT_S:
            raise PageRefused(PageProblem.BUSY, f"{url.host} wants {wait:.0f} s between pages", retry_after_s=wait)
        if wait > 0:
            self._sleep(wait)
        asked = min(site.rules.crawl_delay(self._product) or 0.0, LONGEST_S)
        site.next_at = self._monotonic() + max(_COURTESY_S, asked)

    def _site(self, url: httpx.URL) -> _Site:
        address = str(url.copy_with(raw_path=b"/robots.txt", fragment=None))
        known = self._sites.get(address)
        if known is None or self._monotonic() > known.forget_at:
            known = self._sites[address] = self._ask(address)
        return known

    def _ask(self, address: str) -> _Site:
        try:
            rules = self._read(address)
        except PageRefused as error:
            # Section 2.3.1.4: rules that exist but cannot be read forbid everything for now.
            problem = error.problem if error.problem in _PASSED_ON else PageProblem.FAILING
            refusal = PageRefused(problem, f"{address}: {error.detail}", retry_after_s=error.retry_after_s)
            return _Site(None, refusal, self._monotonic() + _REFUSAL_KEPT_S)
        return _Site(rules, None, self._monotonic() + _KEPT_S)

    def _read(self, address: str) -> Protego:
        answer = self._answer(address)
        if answer.status == 200:
            return Protego.parse(answer.body.decode("utf-8", errors="replace"))
        if 400 <= answer.status < 500 and answer.status != 429:
            return Protego.parse("")  # section 2.3.1.3: there are no rules
        wait = retry_after_s(answer.headers.get("retry-after"), now=self._now())
        problem = PageProblem.FAILING if wait is None else PageProblem.BUSY
        raise PageRefused(problem, f"status {answer.status}", retry_after_s=wait)

    def _answer(self, address: str) -> Answer:
        for _ in range(MAX_HOPS + 1):
            answer = self._exchange.get(address, headers={}, max_bytes=_MAX_BYTES)
            onward = next_address(address, answer)
            if onward is None:
                return answer
            address = onward
        return Answer(404, {}, b"")  # section 2.3.1.2: after five hops the rules count as missing


_PASSED_ON = (PageProblem.BUSY, PageProblem.FORBIDDEN_ADDRESS, PageProblem.TIMED_OUT)
