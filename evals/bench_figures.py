"""Figures of rankings, chosen sentences and refusals. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["CUT", "auroc", "bootstrap", "equal_ranks", "false_at_coverage", "rank_scores", "token_f1"]

CUT = 10
_RRF = 60  # Cormack, Clarke and Büttcher, 2009
_SEED = 20261121
_RESAMPLES = 500
_TAIL = 0.025  # a 95% interval
_TOKEN = re.compile(r"[\w$%£€]+")


def rank_scores(relevant: Sequence[bool], total: int) -> dict[str, float]:
    """nDCG@10, hit@1, hit@10 and MRR@10 of a ranking whose entries are `relevant`, best first, out of `total` such.

    Raises `ValueError` when nothing is relevant, since no ranking could be good or bad then, and when more entries are
    than there are, since one of them was counted twice.
    """
    if total < 1:
        raise ValueError("a ranking of nothing relevant has no score")
    if (counted := sum(relevant)) > total:
        raise ValueError(f"{counted} relevant entries were ranked where there are {total}; count each once")
    top = relevant[:CUT]
    gain = sum(1 / math.log2(at + 2) for at, hit in enumerate(top) if hit)
    ideal = sum(1 / math.log2(at + 2) for at in range(min(total, CUT)))
    first = next((at for at, hit in enumerate(top) if hit), None)
    return {
        "ndcg@10": gain / ideal,
        "hit@1": float(first == 0),
        "hit@10": float(first is not None),
        "mrr": 0.0 if first is None else 1 / (first + 1),
    }


def equal_ranks(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion of equal weight, best first."""
    scores: Counter[str] = Counter()
    for ranking in rankings:
        for rank, name in enumerate(ranking, 1):
            scores[name] += 1 / (_RRF + rank)  # type: ignore[assignment]  # a Counter adds any number
    return sorted(scores, key=lambda name: (-scores[name], name))


def token_f1(said: str, marked: str) -> float:
    """The harmonic mean of precision and recall of words, repeats counted, as SQuAD has it but for its articles."""
    one, other = _TOKEN.findall(said.lower()), _TOKEN.findall(marked.lower())
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else 0.0


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """The share of pairs that stand in the right order; a tie counts half. Raises `ValueError` when a side is empty."""
    if not len(higher) or not len(lower):
        raise ValueError("both sides need a value each")
    ordered = np.sort(np.asarray(lower, dtype=np.float64))
    below = np.searchsorted(ordered, higher, side="left") + np.searchsorted(ordered, higher, side="right")
    return float(below.mean() / (2 * len(ordered)))


def false_at_coverage(present: Sequence[float], absent: Sequence[float], *, coverage: float) -> float:
    """The share of `absent` ones answered under the highest bar that answers `coverage` of the `present` ones."""
    ordered = sorted(present, reverse=True)
    bar = ordered[max(0, math.ceil(coverage * len(ordered)) - 1)]
    return sum(value >= bar for value in absent) / len(absent)


def bootstrap(
    figure: Callable[[Sequence[float], Sequence[float]], float], one: Sequence[float], other: Sequence[float]
) -> tuple[float, float]:
    """The 95% percentile interval of a figure of two independent samples; the same on every run."""
    random = np.random.default_rng(_SEED)
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    drawn = [figure(_drawn(first, random), _drawn(second, random)) for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def _drawn(values: npt.NDArray[np.float64], random: np.random.Generator) -> list[float]:
    drawn: list[float] = values[random.integers(0, len(values), size=len(values))].tolist()
    return drawn
