"""More questions than can be answered: what becomes of those that are taken, of the others, and of the next ones."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.corpus import Corpus, questions
from benchmarks.figures import Figure, bar_below
from benchmarks.flood import flood
from benchmarks.server import Server, serving

__all__ = ["measure"]

BAR = 2.0
RECOVERY_BAR_S = 10.0
CLIENTS = 8
"""As many as are worked on at once: what a server that is full, but not overfull, has to do."""
_LOAD = 3
_SECONDS = 20
_ALONE = 20
_WARM_UP = 16
_REFUSED = (429, 503)


def measure(corpus: Corpus, folder: Path) -> list[Figure]:
    """Ask as fast as is answered, then three times as fast for 20 seconds, then one after the other again."""
    with serving(corpus.settings, folder / "server.log") as server:
        _at_once(server, questions(_WARM_UP))
        alone = _percentile([_ask(server, question) for question in questions(_ALONE)], 95)
        began = time.perf_counter()
        normal = _at_once(server, questions(CLIENTS * 40))
        rate = len(normal) / (time.perf_counter() - began)
        asked = list(islice(cycle(questions(200)), int(rate * _LOAD * _SECONDS)))
        answered = flood(server.port, asked, rate=rate * _LOAD)
        recovered = _recovery_s(server, alone)
    usual, taken = _percentile(normal, 99), [one.seconds for one in answered if one.status == 200]
    refused = [one for one in answered if one.status != 200]
    well = all(one.status in _REFUSED and one.says_when for one in refused)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(one.status for one in answered).items()))
    accepted, late = _percentile(taken, 99), _percentile([one.late_s for one in answered], 99)
    return [
        bar_below(
            f"{_LOAD} times the load, p99 of what is taken", f"{accepted * 1000:.0f} ms", f"{usual * 1000:.0f} ms",
            ratio=accepted / usual, bar=BAR,
        ),
        Figure(
            "  the others are refused with Retry-After", told, f"{rate:.0f}/s with {CLIENTS} clients",
            bar="429 or 503", met=well,
        ),
        Figure("  p99 of a refusal", f"{_percentile([one.seconds for one in refused], 99) * 1000:.0f} ms"),
        Figure("  p99 of how late a question was sent", f"{late * 1000:.0f} ms"),
        Figure("  answered a second meanwhile", f"{len(taken) / _SECONDS:.0f}", f"{rate:.0f}"),
        Figure(
            "  until a question takes what it took before", f"{recovered:.1f} s", bar=f"<= {RECOVERY_BAR_S:g} s",
            met=recovered <= RECOVERY_BAR_S,
        ),
    ]  # fmt: skip


def _ask(server: Server, question: str) -> float:
    """Seconds until the reply; what is not answered fails the bench."""
    began = time.perf_counter()
    server.connect().ask(question)
    return time.perf_counter() - began


def _at_once(server: Server, asked: Sequence[str]) -> list[float]:
    """Each client asks its next question when it has its reply."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda question: _ask(server, question), asked))


def _recovery_s(server: Server, alone: float) -> float:
    """Seconds until a question takes no longer than 95 of 100 took before, at most a minute."""
    began = time.perf_counter()
    for question in cycle(questions(200)):
        try:
            seconds = _ask(server, question)
        except RuntimeError:
            seconds = float("inf")  # it was refused
        passed = time.perf_counter() - began
        if passed > 60 or seconds <= alone:
            return passed
    raise AssertionError("there is always another question")


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return float(np.percentile(seconds, percent)) if seconds else 0.0
