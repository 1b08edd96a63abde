"""One question to its complete, verified answer, against embedding it and an exact search over the same vectors."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

import chains.answer
import chains.finding
import chains.reply_writer
from api.application import Application
from api.serving import keep_for_good
from benchmarks.corpus import Corpus, opened, questions, vectors_of
from benchmarks.figures import Figure, bar_below, median, milliseconds
from benchmarks.server import serving
from benchmarks.stopwatch import Stopwatch
from chains.answer import AnswerChain
from chains.stored import Ask
from core.models import PassageEmbeddings
from core.types import Question

__all__ = ["measure"]

BAR = 2.5
_WARM_UP = 10
_NEAREST = 10
_SETTLES_S = 0.05
"""After a large product of matrices OpenBLAS keeps its second thread turning for a while, and a core with it."""
_AS_OF = date(2026, 11, 20)

Run = Callable[[str], object]


def measure(corpus: Corpus, folder: Path, *, count: int) -> list[Figure]:
    """The chain alone, a whole turn and HTTP, each question also by the yardstick, and a profile of the chain."""
    asked = questions(count + _WARM_UP)
    with opened(corpus) as application:
        vectors = vectors_of(application)
        embeddings = application.store.embeddings
        chain = _chain(application)
        exact = _exact_search(embeddings, vectors)
        keep_for_good()
        here = _interleaved(asked, {"exact": exact, "chain": _answer(chain), "turn": _turn(application)})
        profile = _profile(application, chain, asked)
    with serving(corpus.settings, folder / "server.log") as server:
        client = server.connect()
        there = _interleaved(asked, {"exact": exact, "HTTP": client.ask})
    size = f"{len(vectors):,} passages"
    return [
        _figure(f"question to verified answer, {size}", here["chain"], here["exact"], bar=True),
        _figure("  as a stored turn (two commits)", here["turn"], here["exact"]),
        _figure("  over HTTP", there["HTTP"], there["exact"]),
        *_shares(profile, median(here["exact"])),
    ]


def _interleaved(asked: Sequence[str], runs: dict[str, Run]) -> dict[str, list[float]]:
    """Seconds of each run for each question, one after the other, so that all meet the same load.

    A pause before each lets the one before it end: the exact search would else take a core from what comes next.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate(asked):
        for name, run in runs.items():
            time.sleep(_SETTLES_S)
            began = time.perf_counter()
            run(question)
            if number >= _WARM_UP:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def _exact_search(embeddings: PassageEmbeddings, vectors: npt.NDArray[np.float32]) -> Run:
    def search(question: str) -> object:
        scores = vectors @ embeddings.embed_query_vector(question)
        best = np.argpartition(scores, -_NEAREST)[-_NEAREST:]
        return best[np.argsort(-scores[best])]

    return search


def _chain(application: Application) -> AnswerChain:
    return AnswerChain(application.retriever, catalogue=application.catalogue, today=lambda: _AS_OF)


def _answer(chain: AnswerChain) -> Run:
    return lambda question: list(chain.events(Question(question, as_of=_AS_OF)))


def _turn(application: Application) -> Run:
    def turn(question: str) -> object:
        accepted, _ = application.conversations.accept("bench", Ask(question, as_of=_AS_OF))
        return list(application.conversations.answer(accepted))

    return turn


def _profile(application: Application, chain: AnswerChain, asked: Sequence[str]) -> dict[str, float]:
    """Mean seconds of a question by what they were spent on."""
    watch = Stopwatch()
    for owner, names, part in (
        (application.store.embeddings, ("embed_query_vector", "count_tokens"), "embed"),
        (application.store.vectors, ("query",), "vectors"),
        (application.store.keyword, ("query", "weigh", "count"), "keyword"),
        (application.store, ("visible", "live_chunks"), "SQL"),
        (chain, ("_catalogue",), "SQL"),
        (chains.answer, ("refuse_question", "refuse_passages", "contextualise"), "choose"),
        (chains.finding, ("confidence",), "choose"),
    ):
        for name in names:
            watch.watch(owner, name, part)
    watch.watch(chains.reply_writer, "write_extractive", "choose", whole=True)
    watch.watch(chains.reply_writer, "ground", "verify", whole=True)
    try:
        for question in asked:
            with watch.part("rest"):
                _answer(chain)(question)
    finally:
        watch.unwatch()
    return {part: seconds / len(asked) for part, seconds in watch.seconds.items()}


def _figure(what: str, seconds: Sequence[float], exact: Sequence[float], *, bar: bool = False) -> Figure:
    ratio = median(seconds) / median(exact)
    if bar:
        return bar_below(what, milliseconds(seconds), milliseconds(exact), ratio=ratio, bar=BAR)
    return Figure(what, milliseconds(seconds), milliseconds(exact), ratio)


def _shares(profile: dict[str, float], exact: float) -> list[Figure]:
    parts = sorted(profile.items(), key=lambda item: -item[1])
    return [Figure(f"  of it {part}", f"{1e3 * seconds:.2f} ms mean", ratio=seconds / exact) for part, seconds in parts]
