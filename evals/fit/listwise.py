"""Pure: the curves of features under which the passages that answer come first, never far from plain fusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evals.fit.shortlists import Shortlist
from retrieval.features import AMONG_QUESTIONS, FEATURES
from retrieval.learned import Curves, LearnedOrder, pieces

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["climbed", "fitted"]

_CAUTION = 2e-3
"""What distance costs, of a weight from plain fusion and of a slope from that weight, with features of unit spread;
chosen on development halves."""

_BENDS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""A curve may bend at these quantiles of its feature's values."""

_STEPS = 100
_LONGEST_STEP = 0.5
_ENOUGH = 1e-8
_FUSED = FEATURES.index("fused")


def fitted(sets: Sequence[Sequence[Shortlist]], *, caution: float = _CAUTION) -> LearnedOrder:
    """Curves of the features that maximise the likelihood of the answers under a softmax over each shortlist.

    One weight for each feature comes first, which begins from the fused score alone and is drawn back to it; then each
    curve, which begins as that straight line and is drawn back to it: so little data changes little. Every feature may
    only speak for a passage: what counts against one on some sets is chance on others. A set counts by the root of its
    size: a large one must not decide for all.
    """
    usable = [[one for one in lists if one.answers.any() and not one.answers.all()] for lists in sets]
    lists = [one for chosen in usable for one in chosen]
    shares = np.concatenate([np.full(len(chosen), len(chosen) ** -0.5) for chosen in usable if chosen])
    shares /= shares.sum()
    aims = [one.answers / one.answers.sum() for one in lists]
    plain = [_shared(one, *[one.rows[:, :AMONG_QUESTIONS]] * 2) for one in lists]
    scale = np.maximum(np.concatenate(plain).std(axis=0), 1e-9)
    scaled = [rows / scale for rows in plain]
    only_fused = np.zeros(len(scale), dtype=bool)
    only_fused[[_FUSED, len(FEATURES) + _FUSED]] = True
    fused = climbed(scaled, aims, shares, np.zeros(len(scale)), free=only_fused, caution=0.0)
    straight = _rising(scaled, aims, shares, fused, caution=caution)
    prose, questions = knots = _knots(np.concatenate([one.rows for one in lists]))
    size = prose.shape[1] + 1
    wide = np.repeat(scale, size)
    bent = [_shared(one, _reached(one, prose), _reached(one, questions)) / wide for one in lists]
    slopes = _rising(bent, aims, shares, np.repeat(straight, size), caution=caution) / wide
    return LearnedOrder(*map(Curves, knots, slopes.reshape(2, len(FEATURES), size)))


def _shared(one: Shortlist, prose: Floats, questions: Floats) -> Floats:
    """What counts in prose beside what counts among questions, each in its share of a shortlist."""
    among = one.rows[:, AMONG_QUESTIONS, None]
    return np.hstack([(1 - among) * prose, among * questions])


def _reached(one: Shortlist, knots: Floats) -> Floats:
    return pieces(one.rows[:, :AMONG_QUESTIONS], knots).reshape(len(one.rows), -1)


def _knots(rows: Floats) -> tuple[Floats, Floats]:
    """Where the curves of prose and of help pages may bend, [features, knots] each; a mixture counts as the nearer."""
    among = rows[:, AMONG_QUESTIONS] > 0.5
    prose, questions = (
        np.array([_bends(values) for values in (rows[kind] if kind.any() else rows).T[:AMONG_QUESTIONS]])
        for kind in (~among, among)
    )
    return prose, questions


def _bends(values: Floats) -> Floats:
    """Most passages have nothing of some features, which says nothing of where the others lie."""
    told = values[values != 0]
    return np.round(np.quantile(told if len(told) else values, _BENDS), 4)


def _rising(rows: Sequence[Floats], aims: Sequence[Floats], shares: Floats, start: Floats, *, caution: float) -> Floats:
    """Weights near `start` of which none is below 0."""
    free = np.ones(len(start), dtype=bool)
    while True:
        weights = climbed(rows, aims, shares, np.where(free, start, 0.0), free=free, caution=caution)
        if (weights >= 0).all():
            return weights
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
