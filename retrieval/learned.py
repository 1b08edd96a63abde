"""The learned ranking: curves of features, read from JSON, whose sum puts a shortlist in order."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

from retrieval.features import AMONG_QUESTIONS, FEATURES

__all__ = [
    "ARTIFACT",
    "VERSION",
    "Curves",
    "LearnedOrder",
    "RankingModel",
    "load_ranking",
    "pieces",
    "shipped_ranking",
]

log = structlog.get_logger(__name__)

Floats = npt.NDArray[np.float64]

ARTIFACT = Path(__file__).with_name("ranking.json")
VERSION = 5
"""Raise it when a feature or the artifact comes to mean something else: one of another version is left aside."""


@dataclass(frozen=True, slots=True)
class Curves:
    """What each feature says for a passage: lines that rise, steeper or flatter between its `knots`.

    `knots` [features, n] rise from left to right; `slopes` [features, n + 1] are those before, between and after them.
    Raises `ValueError` for others: a ranking that counts by them would be wrong without anybody noticing.
    """

    knots: Floats
    slopes: Floats

    def __post_init__(self) -> None:
        knots, slopes = self.knots, self.slopes
        if knots.ndim != 2 or slopes.shape != (len(knots), knots.shape[1] + 1):
            raise ValueError(f"slopes of shape {slopes.shape} do not fit knots of shape {knots.shape}")
        if not (np.isfinite(knots).all() and np.isfinite(slopes).all()):
            raise ValueError("a knot or a slope is no finite number")
        if (np.diff(knots, axis=1) < 0).any() or (slopes < 0).any():
            raise ValueError("the knots of a feature fall, or one of its slopes is below 0")

    def sums(self, values: Floats) -> Floats:
        """What all features of a passage say together, [passages] from `values` [passages, features]."""
        sums: Floats = (pieces(values, self.knots) * self.slopes).sum(axis=(1, 2))
        return sums


def pieces(values: Floats, knots: Floats) -> Floats:
    """How far each value has come between each two of its feature's knots: [passages, features, n + 1].

    The first piece is counted from 0 and has no beginning, the last has no end.
    """
    ends = np.full((len(knots), 1), np.inf)
    below, above = np.hstack([-ends, knots]), np.hstack([knots, ends])
    reached: Floats = np.clip(values[:, :, None], below, above)
    reached[:, :, 1:] -= knots
    return reached


@dataclass(frozen=True, slots=True)
class LearnedOrder:
    """The curves of prose and those of help pages, of which a shortlist between the two takes shares."""

    prose: Curves
    questions: Curves

    def sums(self, rows: Floats) -> Floats:
        """What all features of each row say; only its distance from others of the same shortlist has a meaning."""
        values, among = rows[:, :AMONG_QUESTIONS], rows[:, AMONG_QUESTIONS]
        sums = np.zeros(len(rows))
        for curves, share in ((self.prose, 1 - among), (self.questions, among)):
            if share.any():
                sums += share * curves.sums(values)
        return sums


@dataclass(frozen=True, slots=True)
class RankingModel:
    """`order` makes one number of a row; `spread` brings the distance of two to that of fused scores."""

    order: LearnedOrder
    spread: float

    def __post_init__(self) -> None:
        if not 0 < self.spread < math.inf:
            raise ValueError(f"the spread {self.spread} is no number above 0")

    def scores(self, rows: Floats, fused: Floats) -> Floats:
        """The relevance in [0, 1] of each row: the best gets the best fused score, the others fall off from it."""
        raw = self.order.sums(rows)
        scores: Floats = np.clip(fused.max() - self.spread * (raw.max() - raw), 0.0, 1.0)
        return scores


def load_ranking(path: Path) -> RankingModel | None:
    """The model of an artifact; None, so that plain fusion ranks, where it is missing or does not fit this code."""
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kinds = [read["curves"][kind] for kind in ("prose", "questions")] if read["version"] == VERSION else []
        if not kinds or any(tuple(curves) != FEATURES for curves in kinds):
            log.warning("ranking.other_version", path=path.name, version=read["version"], expected=VERSION)
            return None
        return RankingModel(LearnedOrder(*map(_curves, kinds)), float(read["spread"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        log.warning("ranking.unreadable", path=path.name, error=str(error))
        return None


def _curves(told: dict[str, dict[str, list[float]]]) -> Curves:
    knots, slopes = ([told[name][part] for name in FEATURES] for part in ("knots", "slopes"))
    return Curves(np.array(knots, dtype=np.float64), np.array(slopes, dtype=np.float64))


@lru_cache(maxsize=1)
def shipped_ranking() -> RankingModel | None:
    """The model that comes with this package."""
    return load_ranking(ARTIFACT)
