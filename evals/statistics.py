"""Intervals, tests and calibration over many cases. Pure, and the same on every run: what is drawn is seeded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Bin", "Interval", "aurc", "bootstrap_interval", "calibration", "expected_calibration_error", "kappa",
    "mcnemar_exact", "paired_bootstrap", "risk_at_coverage",
]  # fmt: skip

_SEED = 20261121
_RESAMPLES = 2000
_TAIL = 0.025  # a 95% interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95% bootstrap interval; `p` is the two-sided chance of such a mean where the truth is 0."""

    mean: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Replies of about one confidence: their number, mean confidence and the share that could be answered."""

    count: int
    confidence: float
    share: float


def bootstrap_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95% percentile interval of the mean; raises `ValueError` for none."""
    low, high = np.quantile(_resampled_means(values), (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def paired_bootstrap(differences: Sequence[float]) -> Interval:
    """The mean of paired differences; raises `ValueError` for none."""
    means = _resampled_means(differences)
    low, high = np.quantile(means, (_TAIL, 1 - _TAIL))
    # One is added to both, so that no finite number of draws calls anything impossible.
    at_most = (np.count_nonzero(means <= 0) + 1) / (len(means) + 1)
    at_least = (np.count_nonzero(means >= 0) + 1) / (len(means) + 1)
    p = min(1.0, 2 * float(min(at_most, at_least)))
    return Interval(float(np.mean(differences)), float(low), float(high), p)


def mcnemar_exact(worse: int, better: int) -> float:
    """Two-sided p of `worse` and `better` changes among the cases that changed, where both are equally likely."""
    changed = worse + better
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, k) for k in range(min(worse, better) + 1)) / 2**changed
    return float(min(1.0, 2 * tail))


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Cohen's kappa of two judges; None where it is not defined, since each of them says the same of every case."""
    if len(one) != len(other):
        raise ValueError(f"{len(one)} verdicts cannot be compared with {len(other)}")
    if not one:
        return None
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
    yes, also_yes = sum(one) / len(one), sum(other) / len(other)
    by_chance = yes * also_yes + (1 - yes) * (1 - also_yes)
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def risk_at_coverage(confidences: Sequence[float], wrong: Sequence[bool]) -> list[float]:
    """The share of wrong ones among the k most confident, for k from 1; equal confidences stand or fall together."""
    order = sorted(zip(confidences, wrong, strict=True), key=lambda pair: -pair[0])
    risks: list[float] = []
    at = errors = 0
    while at < len(order):
        tied = [mark for confidence, mark in order[at:] if confidence == order[at][0]]
        errors += sum(tied)
        risks += [errors / (at + len(tied))] * len(tied)
        at += len(tied)
    return risks


def aurc(confidences: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """Area under the curve of risk over coverage (Geifman and El-Yaniv, 2017): low when the wrong ones come last."""
    risks = risk_at_coverage(confidences, wrong)
    return sum(risks) / len(risks) if risks else None


def calibration(confidences: Sequence[float], events: Sequence[bool], *, bins: int = 10) -> list[Bin]:
    """Bins of equal width over [0, 1] that hold any; what was said against what happened."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, event in zip(confidences, events, strict=True):
        held.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, event))
    return [
        Bin(len(pairs), sum(c for c, _ in pairs) / len(pairs), sum(e for _, e in pairs) / len(pairs))
        for _, pairs in sorted(held.items())
    ]


def expected_calibration_error(confidences: Sequence[float], events: Sequence[bool]) -> float | None:
    """The mean distance of confidence and share over the bins, weighed by their counts; None for no replies."""
    bins = calibration(confidences, events)
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.share) for one in bins) / total if total else None


def _resampled_means(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if not values:
        raise ValueError("there are no values to draw from")
    draws = np.random.default_rng(_SEED).integers(0, len(values), size=(_RESAMPLES, len(values)))
    means: np.ndarray[tuple[int], np.dtype[np.float64]] = np.asarray(values, dtype=np.float64)[draws].mean(axis=1)
    return means
