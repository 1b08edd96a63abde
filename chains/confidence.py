"""The calibrated probability that passages answer a question, from the shipped artifact."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from chains.contextualise import Search
from chains.evidence import FAR, SIGNALS, Collected, signals
from core.types import Passage

__all__ = [
    "ARTIFACT",
    "VERSION",
    "AbstentionModel",
    "Confidence",
    "Knots",
    "Logistic",
    "after_reading",
    "between",
    "confidence",
    "load_model",
    "read_knots",
    "shipped_model",
]

ARTIFACT = Path(__file__).with_name("abstention.json")
_READ_RIGHT, _MISREAD = 0.94, 0.02
"""How often a language model answers what its passages answer, and what they do not, rounded towards caution: of 94
and 228 cases that are not held out a large one answered 93 and 3 at first (docs/decisions/0030-a-model-reads.md)."""

VERSION = 4
"""Raise it when a signal comes to mean something else: an artifact of another version is refused."""


Knots = tuple[tuple[float, float], ...]
"""A calibration: what is said, rising, and what of it was so."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over some of the signals."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, figures: Mapping[str, float]) -> float:
        logit = self.bias + sum(weight * figures[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Confidence:
    """How `sure` it is that passages answer, where half of all questions are answered; `topical`, that they might.

    `needed` is the least `sure` for an answer; None stands for the shipped model's.
    """

    sure: float
    topical: float
    needed: float | None = None


@dataclass(frozen=True, slots=True)
class AbstentionModel:
    """Regressions of whether the subject is the documents' own and whether the answer is there, each calibrated.

    A first message is judged by the product of `topical` and `answered`, one that follows others by `continued`: what
    the conversation is about is among its signals. The knots bring either to the share that was answered: pairs that
    rise in both numbers, straight between. Answers are given from `answer_from` on; below `topical_from` a message is
    beside the subject.
    """

    topical: Logistic
    answered: Logistic
    knots: Knots
    continued: Logistic
    continued_knots: Knots
    answer_from: float
    topical_from: float

    def raw(self, figures: Sequence[float]) -> tuple[float, float]:
        """How likely the answer is there, not calibrated, and how likely the documents share the subject."""
        named = dict(zip(SIGNALS, figures, strict=True))
        topical = self._topical(named)
        if named["continues"]:
            return self.continued.probability(named), topical
        return topical * self.answered.probability(named), topical

    def _topical(self, named: Mapping[str, float]) -> float:
        """Of what cannot be understood alone, as "is there any way out of it?", the conversation tells the subject."""
        near = named["conversation"] if named["follow_up"] else 0.0
        nearest = {name: max(named[name], near) for name in self.topical.weights}
        return self.topical.probability(nearest | {"near": min(nearest.get("near", 0.0), FAR)})

    def confidence(self, figures: Sequence[float]) -> Confidence:
        raw, topical = self.raw(figures)
        knots = self.continued_knots if figures[SIGNALS.index("continues")] else self.knots
        return Confidence(sure=between(knots, raw), topical=topical)


def confidence(search: Search, passages: Sequence[Passage], collected: Collected) -> Confidence:
    """How sure the shipped model is of the passages, the best first; nothing speaks for none."""
    if not passages:
        return Confidence(sure=0.0, topical=0.0)
    return shipped_model().confidence(signals(search, passages, collected))


def after_reading(sure: float, *, answered: bool) -> float:
    """How sure an answer is once a writer that can say that its passages hold none has, or has not, answered.

    The odds are multiplied by how much oftener what it did is done where the answer is there (Bayes' rule).
    """
    there, absent = (_READ_RIGHT, _MISREAD) if answered else (1 - _READ_RIGHT, 1 - _MISREAD)
    return sure * there / (sure * there + (1 - sure) * absent)


@lru_cache(maxsize=1)
def shipped_model() -> AbstentionModel:
    """The model that comes with this package."""
    return load_model(ARTIFACT)


def load_model(path: Path) -> AbstentionModel:
    """Read an artifact; raises `ValueError` where it is of another version or names signals that do not exist."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if read["version"] != VERSION:
        raise ValueError(
            f"{path.name} has version {read['version']!r}, not {VERSION}; run `python -m evals.fit abstention`"
        )
    topical, answered, continued = (_logistic(read[name], path) for name in ("topical", "answered", "continued"))
    return AbstentionModel(
        topical,
        answered,
        read_knots(read["answered"], path),
        continued,
        read_knots(read["continued"], path),
        float(read["answer_from"]),
        float(read["topical_from"]),
    )


def _logistic(fields: Mapping[str, Any], path: Path) -> Logistic:
    weights = {str(name): float(weight) for name, weight in fields["weights"].items()}
    if unknown := weights.keys() - set(SIGNALS):
        raise ValueError(f"{path.name} weighs {sorted(unknown)}, which are no signals; known are {', '.join(SIGNALS)}")
    return Logistic(float(fields["bias"]), weights)


def read_knots(artifact: Mapping[str, Any], path: Path) -> Knots:
    """The calibration of an artifact; raises `ValueError` where it does not rise."""
    knots = tuple((float(raw), float(share)) for raw, share in artifact["calibration"]["knots"])
    if not knots or any(first[0] >= then[0] or first[1] > then[1] for first, then in pairwise(knots)):
        raise ValueError(f"{path.name}: the calibration {knots!r} does not rise")
    return knots


def between(knots: Sequence[tuple[float, float]], value: float) -> float:
    """What a calibration makes of `value`: straight between its knots, level outside them."""
    at = bisect_right(knots, value, key=lambda knot: knot[0])
    if at in (0, len(knots)):
        return knots[min(at, len(knots) - 1)][1]
    (left, low), (right, high) = knots[at - 1], knots[at]
    return low + (high - low) * (value - left) / (right - left)
