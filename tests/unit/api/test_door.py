"""A full house refuses questions before anything is done about them, over a small ASGI application of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from api.door import Door
from api.limits import RateLimits, RequestLimits
from tests.conftest import make_settings

QUESTION = {"question": "May I work?"}


class House:
    """Echoes what it is asked, once it is told to; `inside` are those that it is busy with."""

    def __init__(self) -> None:
        self.inside = 0
        self.answers = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        self.inside += 1
        if scope["path"] == "/chat":
            await self.answers.wait()
        if b"fail" in body:
            raise ValueError("it failed")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


def _client(house: ASGIApp, tmp_path: Path, *, places: int = 2) -> httpx.AsyncClient:
    settings = make_settings(tmp_path, max_body_kb=16)
    app = RequestLimits(Door(house, places=places), settings=settings, rates=RateLimits(settings))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def _turn_round(times: int = 20) -> None:
    """Let everybody come as far as they can."""
    for _ in range(times):
        await asyncio.sleep(0)


async def _never_sent() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


async def _without_its_length(body: bytes) -> AsyncIterator[bytes]:
    yield body


def test_one_too_many_is_refused_with_the_seconds_to_wait_and_the_others_are_answered(tmp_path: Path) -> None:
    async def run() -> None:
        house = House()
        async with _client(house, tmp_path) as client:
            asked = [asyncio.create_task(client.post("/chat", json=QUESTION)) for _ in range(2)]
            await _turn_round()
            for path in ("/chat", "/chat/", "/chat/message"):
                refused = await client.post(path, json=QUESTION)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.json()["type"] == "urn:immigration-assistant:overloaded"
            assert house.inside == 2
            house.answers.set()
            assert [json.loads((await one).content) for one in asked] == [QUESTION] * 2
            assert (await client.post("/chat", json=QUESTION)).status_code == 200

    asyncio.run(run())


def test_what_is_no_question_is_let_in(tmp_path: Path) -> None:
    async def run() -> None:
        house = House()
        async with _client(house, tmp_path, places=0) as client:
            assert (await client.post("/feedback", json={})).status_code == 200
            assert (await client.post("/chat", json=QUESTION)).status_code == 503

    asyncio.run(run())


def test_whoever_sends_slowly_takes_no_place(tmp_path: Path) -> None:
    async def run() -> None:
        house = House()
        house.answers.set()
        async with _client(house, tmp_path, places=1) as client:
            slow = [asyncio.create_task(client.post("/chat", content=_never_sent())) for _ in range(3)]
            await _turn_round()
            assert (await client.post("/chat", json=QUESTION)).status_code == 200
            for one in slow:
                one.cancel()

    asyncio.run(run())


def test_a_place_is_given_back_when_it_fails_and_a_large_question_takes_none(tmp_path: Path) -> None:
    async def run() -> None:
        house = House()
        house.answers.set()
        async with _client(house, tmp_path, places=1) as client:
            for _ in range(3):
                assert (await client.post("/chat", content=b"fail")).status_code == 500
                assert (await client.post("/chat", content=_without_its_length(b"x" * 20_000))).status_code == 413
            assert (await client.post("/chat", json=QUESTION)).status_code == 200

    asyncio.run(run())
