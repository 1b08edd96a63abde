"""The learned ranking: a weighted sum of features, read from JSON, that puts a shortlist in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

from retrieval.features import FEATURES

__all__ = ["ARTIFACT", "VERSION", "RankingModel", "load_ranking", "shipped_ranking"]

log = structlog.get_logger(__name__)

Floats = npt.NDArray[np.float64]

ARTIFACT = Path(__file__).with_name("ranking.json")
VERSION = 4
"""Raise it when a feature comes to mean something else: an artifact of another version is left aside."""


@dataclass(frozen=True, slots=True)
class RankingModel:
    """`weights` [features] make one number of a row; `spread` brings the distance of two to that of fused scores."""

    weights: Floats
    spread: float

    def scores(self, rows: Floats, fused: Floats) -> Floats:
        """The relevance in [0, 1] of each row: the best gets the best fused score, the others fall off from it."""
        raw = rows @ self.weights
        scores: Floats = np.clip(fused.max() - self.spread * (raw.max() - raw), 0.0, 1.0)
        return scores


def load_ranking(path: Path) -> RankingModel | None:
    """The model of an artifact; None, so that plain fusion ranks, where it is missing or does not fit this code."""
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if read["version"] != VERSION or tuple(read["weights"]) != FEATURES:
            log.warning("ranking.other_version", path=path.name, version=read["version"], expected=VERSION)
            return None
        return RankingModel(np.array([float(read["weights"][name]) for name in FEATURES]), float(read["spread"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("ranking.unreadable", path=path.name, error=str(error))
        return None


@lru_cache(maxsize=1)
def shipped_ranking() -> RankingModel | None:
    """The model that comes with this package."""
    return load_ranking(ARTIFACT)
