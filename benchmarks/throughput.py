"""Questions a second over HTTP with 16 clients, against a bare loop of the same retrieval in one process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from api.application import Application
from benchmarks.corpus import Corpus, opened, questions
from benchmarks.figures import Figure, bar_above
from benchmarks.server import Server, serving
from retrieval.query import Query

__all__ = ["measure"]

BAR = 0.7
CLIENTS = 16
_WARM_UP = 16
_AS_OF = date(2026, 11, 20)


def measure(corpus: Corpus, folder: Path, *, count: int) -> list[Figure]:
    """The loop runs before and after the server, which has the store to itself."""
    asked = questions(count)
    before = _loop(corpus, asked)
    with serving(corpus.settings, folder / "server.log") as server:
        _ask_all(server, asked[:_WARM_UP])
        served = _ask_all(server, asked)
    bare = (before + _loop(corpus, asked)) / 2
    return [
        bar_above(f"POST /chat, {CLIENTS} clients", f"{served:.0f}/s", f"{bare:.0f}/s", ratio=served / bare, bar=BAR)
    ]


def _loop(corpus: Corpus, asked: Sequence[str]) -> float:
    with opened(corpus) as application:
        _search_all(application, asked[:_WARM_UP])
        return _search_all(application, asked)


def _search_all(application: Application, asked: Sequence[str]) -> float:
    began = time.perf_counter()
    for question in asked:
        application.retriever.search(Query(question, as_of=_AS_OF))
    return len(asked) / (time.perf_counter() - began)


def _ask_all(server: Server, asked: Sequence[str]) -> float:
    shares = [asked[number::CLIENTS] for number in range(CLIENTS)]

    def ask_share(share: Sequence[str]) -> None:
        client = server.connect()
        for question in share:
            client.ask(question)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask_share, shares))
    return len(asked) / (time.perf_counter() - began)
