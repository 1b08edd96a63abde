"""Rates, sizes, time and questions at once, over a small ASGI application of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import ValidationError

from api.limits import Budget, RateLimits, RequestLimits, budget_of
from core.errors import TooManyRequests
from core.settings import Settings
from tests.conftest import make_settings


def settings(tmp_path: Path, **changes: object) -> Settings:
    return make_settings(tmp_path, **{"host": "0.0.0.0", **changes})


def client(settings: Settings, peer: str = "203.0.113.7") -> httpx.AsyncClient:
    app = FastAPI()

    @app.post("/chat")
    async def chat(request: Request) -> dict[str, Any]:
        body = await request.json()
        await asyncio.sleep(body.get("sleep", 0))
        return {"read": len(await request.body())}

    @app.get("/documents")
    def documents() -> None:
        """Counts as reading."""

    app.add_middleware(RequestLimits, settings=settings, rates=RateLimits(settings))
    transport = httpx.ASGITransport(app=app, client=(peer, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize(
    ("method", "path", "budget"),
    [
        ("POST", "/chat", Budget.ASKS),
        ("GET", "/chat", Budget.ASKS),
        ("POST", "/assistance/", Budget.ASKS),
        ("GET", "/assistance/abc", Budget.READS),
        ("PUT", "/documents/a.md", Budget.WRITES),
        ("GET", "/static/main.js", None),
        ("GET", "/health/ready", None),
    ],
)
def test_each_request_draws_on_one_budget(method: str, path: str, budget: Budget | None) -> None:
    assert budget_of(method, path) is budget


def test_one_too_many_is_refused_and_told_when_to_come_back(tmp_path: Path) -> None:
    rates = RateLimits(settings(tmp_path, limit_asks="2/minute"))
    rates.take("person:a", "POST", "/chat")
    rates.take("person:a", "POST", "/chat")
    with pytest.raises(TooManyRequests) as refused:
        rates.take("person:a", "POST", "/chat")
    assert 1 <= (refused.value.retry_after_s or 0) <= 60
    rates.take("person:b", "POST", "/chat")
    rates.take("person:a", "GET", "/documents")


def test_on_loopback_nothing_is_limited_but_what_was_set(tmp_path: Path) -> None:
    rates = RateLimits(make_settings(tmp_path))
    for _ in range(1000):
        rates.take("person:a", "POST", "/chat")


def test_an_unreadable_rate_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="no rate"):
        make_settings(tmp_path, limit_asks="many")


def test_an_address_that_asks_too_often_gets_429(tmp_path: Path) -> None:
    async def run() -> list[httpx.Response]:
        async with client(settings(tmp_path, limit_asks="1/minute")) as http:
            return [await http.post("/chat", json={}) for _ in range(2)]

    first, second = asyncio.run(run())
    assert first.status_code == 200
    assert second.status_code == 429
    assert 1 <= int(second.headers["Retry-After"]) <= 60
    assert second.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_however_it_is_sent(tmp_path: Path, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b'"' + b"x" * 1024

    async def run() -> httpx.Response:
        async with client(settings(tmp_path, max_body_kb=16)) as http:
            content: Any = pieces() if chunked else b"x" * (17 << 10)
            return await http.post("/chat", content=content)

    answer = asyncio.run(run())
    assert answer.status_code == 413
    assert "16,384 bytes" in answer.json()["detail"]


def test_a_request_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async def run() -> httpx.Response:
        async with client(settings(tmp_path, request_timeout_s=0.05)) as http:
            return await http.post("/chat", json={"sleep": 5})

    assert asyncio.run(run()).status_code == 504


def test_an_address_has_so_many_questions_answered_at_once(tmp_path: Path) -> None:
    async def run() -> list[int]:
        async with client(settings(tmp_path, max_streams=2)) as http:
            answers = await asyncio.gather(*(http.post("/chat", json={"sleep": 0.2}) for _ in range(5)))
            after = await http.post("/chat", json={})
        return [*sorted(answer.status_code for answer in answers), after.status_code]

    assert asyncio.run(run()) == [200, 200, 429, 429, 429, 200]


@pytest.mark.parametrize(
    ("peer", "forwarded", "second_status"),
    [
        ("10.0.0.1", "198.51.100.1, 198.51.100.2", 429),  # behind the proxy one address is one client
        ("10.0.0.1", "198.51.100.{n}", 200),
        ("203.0.113.7", "198.51.100.{n}", 429),  # a peer that is no proxy may say what it likes
        ("10.0.0.1", "6.6.6.{n}, 198.51.100.2", 429),  # what the client wrote itself is not believed
    ],
)
def test_forwarded_addresses_are_believed_of_proxies_alone(
    tmp_path: Path, peer: str, forwarded: str, second_status: int
) -> None:
    async def run() -> int:
        limited = settings(tmp_path, limit_asks="1/minute", trusted_proxies="10.0.0.0/8")
        async with client(limited, peer) as http:
            for n in range(2):
                answer = await http.post("/chat", json={}, headers={"X-Forwarded-For": forwarded.format(n=n)})
        return answer.status_code

    assert asyncio.run(run()) == second_status


def test_the_addresses_of_one_ipv6_network_count_as_one(tmp_path: Path) -> None:
    async def run() -> int:
        limited = settings(tmp_path, limit_asks="1/minute", trusted_proxies="10.0.0.1")
        async with client(limited, "10.0.0.1") as http:
            for n in (1, 2):
                answer = await http.post("/chat", json={}, headers={"X-Forwarded-For": f"2001:db8::{n}"})
        return answer.status_code

    assert asyncio.run(run()) == 429
