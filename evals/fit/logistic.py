"""A small logistic regression whose weights keep their sign, its calibration, and what an ordering is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["COVERAGE", "Fitted", "auroc", "calibration_error", "false_answers", "fit_logistic", "ordering", "rising"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COVERAGE = 0.9
"""The share of what is right at which orders are compared."""
_STEPS = 12
_PENALTY = 0.02
"""Ridge on the weights of standardised signals, beside a mean loss; a fifth or five times of it change nothing."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of signals as they are, not standardised; those that are left out weigh nothing."""

    bias: float
    weights: Mapping[str, float]

    def probabilities(self, rows: Floats, names: Sequence[str]) -> Floats:
        weights = np.array([self.weights.get(name, 0.0) for name in names])
        result: Floats = 1.0 / (1.0 + np.exp(-np.clip(self.bias + rows @ weights, -30, 30)))
        return result


def fit_logistic(
    rows: Floats, right: Flags, counts: Floats, *, names: Sequence[str], use: Sequence[str], signs: Mapping[str, int]
) -> Fitted:
    """Fit on the signals in `use`, each row counting `counts`; `signs` says which weights are below nothing.

    The signal that goes farthest against its sign is left out, and so on until none does.
    """
    kept = list(use)
    while True:
        columns = rows[:, [names.index(name) for name in kept]]
        mean, spread = columns.mean(axis=0), columns.std(axis=0) + 1e-9
        found = _newton((columns - mean) / spread, right, counts / counts.sum())
        against = {name: weight * signs.get(name, 1) for name, weight in zip(kept, found[:-1], strict=True)}
        worst = min(against, key=lambda name: against[name], default=None)
        if worst is None or against[worst] >= 0:
            break
        kept.remove(worst)
    weights = found[:-1] / spread
    return Fitted(float(found[-1] - weights @ mean), dict(zip(kept, weights.tolist(), strict=True)))


def _newton(columns: Floats, right: Flags, counts: Floats) -> Floats:
    """The weights and, last, the bias that make the answers likeliest."""
    every = np.column_stack([columns, np.ones(len(columns))])
    ridge = np.append(np.full(columns.shape[1], _PENALTY), 1e-9)
    found = np.zeros(every.shape[1])
    for _ in range(_STEPS):
        guessed = 1.0 / (1.0 + np.exp(-np.clip(every @ found, -30, 30)))
        slope = every.T @ (counts * (guessed - right)) + ridge * found
        curve = (every * (counts * guessed * (1 - guessed))[:, None]).T @ every + np.diag(ridge)
        found = found - np.linalg.solve(curve, slope)
    return found


def rising(raw: Floats, right: Flags, counts: Floats, *, knots: int) -> list[tuple[float, float]]:
    """The share of `right` by `raw`, which rises, as points to draw lines between: adjacent violators are pooled."""
    order = np.argsort(raw)
    bins = [part for part in np.array_split(order, knots) if len(part)]
    pools: list[list[float]] = []
    for part in bins:
        weight = float(counts[part].sum())
        pools.append(
            [float(np.average(raw[part], weights=counts[part])) * weight, float(counts[part] @ right[part]), weight]
        )
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [one + other for one, other in zip(pools[-1], last, strict=True)]
    points = [(at / weight, share / weight) for at, share, weight in pools]
    return [(0.0, 0.0), *((at, share) for at, share in points if 0.0 < at < 1.0), (1.0, 1.0)]


def auroc(sure: Floats, right: Flags) -> float:
    """The share of pairs of a right and a wrong one that stand in the right order; a tie counts half."""
    apart = sure[right][:, None] - sure[~right][None, :]
    return float(np.mean((apart > 0) + 0.5 * (apart == 0)))


def false_answers(sure: Floats, right: Flags, *, coverage: float) -> float:
    """The share of wrong ones at or above the bar that lets that share of the right ones through."""
    return float(np.mean(sure[~right] >= np.quantile(sure[right], 1 - coverage)))


def ordering(sure: Floats, right: Flags) -> dict[str, float]:
    """What an order by `sure` is worth, as artifacts tell it: AUROC, and wrong ones let through at `COVERAGE`."""
    return {
        "auroc": round(auroc(sure, right), 3),
        f"false_answers_at_{COVERAGE:.0%}_coverage": round(false_answers(sure, right, coverage=COVERAGE), 3),
    }


def calibration_error(sure: Floats, right: Flags, counts: Floats, *, bins: int) -> tuple[float, list[dict[str, float]]]:
    """The expected calibration error over equal bins, and of each bin what was said, what was so, and its share."""
    edges = np.minimum((sure * bins).astype(int), bins - 1)
    total, error, diagram = float(counts.sum()), 0.0, []
    for at in range(bins):
        inside = edges == at
        weight = float(counts[inside].sum())
        if not weight:
            continue
        said, was = (
            float(np.average(sure[inside], weights=counts[inside])),
            float(counts[inside] @ right[inside]) / weight,
        )
        error += weight / total * abs(said - was)
        diagram.append({"said": round(said, 3), "was": round(was, 3), "share": round(weight / total, 3)})
    return error, diagram
