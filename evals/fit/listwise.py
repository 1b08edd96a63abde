"""Pure: the weights of features under which the passages that answer come first, never far from plain fusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evals.fit.shortlists import Shortlist
from retrieval.features import FEATURES

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["climbed", "fitted"]

_CAUTION = 2e-3
"""How much a weight's distance from plain fusion costs, with features of unit spread; on development halves."""

_STEPS = 100
_LONGEST_STEP = 0.5
_ENOUGH = 1e-8
_FUSED = [at for at, name in enumerate(FEATURES) if name.startswith("fused")]


def fitted(sets: Sequence[Sequence[Shortlist]], *, caution: float = _CAUTION) -> Floats:
    """Weights [features] that maximise the likelihood of the answers under a softmax over each shortlist.

    What is learned begins from the fused score alone and is drawn back to it, so that little data changes little. Every
    feature may only speak for a passage: what counts against one on some sets is chance on others. A set counts by the
    root of its size: a large one must not decide for all.
    """
    usable = [[one for one in lists if one.answers.any() and not one.answers.all()] for lists in sets]
    lists = [one for chosen in usable for one in chosen]
    shares = np.concatenate([np.full(len(chosen), len(chosen) ** -0.5) for chosen in usable if chosen])
    shares /= shares.sum()
    rows = np.concatenate([one.rows for one in lists])
    scale = np.maximum(rows.std(axis=0), 1e-9)
    only_fused = np.zeros(len(FEATURES), dtype=bool)
    only_fused[_FUSED] = True
    scaled = [one.rows / scale for one in lists]
    aims = [one.answers / one.answers.sum() for one in lists]
    start = climbed(scaled, aims, shares, np.zeros(len(FEATURES)), free=only_fused, caution=0.0)
    free = np.ones_like(only_fused)
    while True:
        weights = climbed(scaled, aims, shares, np.where(free, start, 0.0), free=free, caution=caution)
        if (weights >= 0).all():
            unscaled: Floats = weights / scale
            return unscaled
        free &= weights >= 0


def climbed(
    rows: Sequence[Floats], aims: Sequence[Floats], shares: Floats, start: Floats, *, free: npt.NDArray[np.bool_],
    caution: float,
) -> Floats:  # fmt: skip
    """Newton's method from `start`, over the `free` weights alone, by which each list's `aims` become likeliest.

    `aims` are the shares in which the rows of a list answer; `shares` what each list counts, 1 together; `caution` the
    cost of a weight's distance from `start`.
    """
    weights = start.copy()
    for _ in range(_STEPS):
        slope = -2 * caution * (weights - start)
        bend = 2 * caution * np.eye(len(weights))
        for features, aim, share in zip(rows, aims, shares, strict=True):
            logits = features @ weights
            chances = np.exp(logits - logits.max())
            chances /= chances.sum()
            mean = chances @ features
            slope += share * ((aim - chances) @ features)
            bend += share * ((features * chances[:, None]).T @ features - np.outer(mean, mean))
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)] + 1e-9 * np.eye(free.sum()), slope[free])
        step /= max(1.0, float(np.abs(step).max()) / _LONGEST_STEP)
        weights += step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return weights
