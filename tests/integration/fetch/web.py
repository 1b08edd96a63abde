"""A client whose every name leads to the site of a test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.fetch.addresses import AddressRules
from ingest.fetch.client import Fetched, Validators, WebClient
from ingest.fetch.exchange import Exchange
from ingest.fetch.problems import PageRefused
from ingest.fetch.robots import Robots
from tests.web_server import Names, Page, Site, Wires

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AGENT = "visa-reader/1 (+https://reader.example/about)"
HOME = "http://visa.example"
MAX_BYTES = 200_000


class Web:
    """A client whose every name leads to the site, and what it waited for."""

    def __init__(self, played: Site, *, names: Names | None = None, timeout_s: float = 5.0, dead: str = "") -> None:
        self.site, self.names, self.waited = played, names or Names(), list[float]()
        self.wires = Wires(played.port, dead=[dead])
        rules = AddressRules(resolve=self.names)
        exchange = Exchange(rules, user_agent=AGENT, timeout_s=timeout_s, connector=self.wires)
        robots = Robots(
            exchange, user_agent=AGENT, now=lambda: NOW, monotonic=lambda: sum(self.waited), sleep=self.waited.append
        )
        self.client = WebClient(exchange, rules=rules, robots=robots, max_bytes=MAX_BYTES, now=lambda: NOW)

    def get(self, path: str = "/a", *, known: Validators | None = None) -> Fetched | None:
        address = path if "://" in path else HOME + path
        return self.client.get(address, known=known or Validators(), accept="text/html")

    def page(self, path: str = "/a") -> Fetched:
        found = self.get(path)
        assert found is not None
        return found

    def refusal(self, path: str = "/a") -> PageRefused:
        with pytest.raises(PageRefused) as refused:
            self.get(path)
        return refused.value


def redirect(to: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": to})
