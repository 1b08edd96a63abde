"""The learned chance that a statement answers: a weight for each feature, kept in `sentences.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chains.sentence_features import FEATURES
from core.errors import ConfigurationError

__all__ = ["ARTIFACT", "SentenceModel", "load_sentence_model"]

ARTIFACT = Path(__file__).parent / "sentences.json"
"""Weights with their provenance; `python -m evals.fit sentences` writes it."""


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """A logistic regression over `FEATURES`; what it gives is the share of a statement that answers, in [0, 1]."""

    bias: float
    weights: tuple[float, ...]

    def chances(self, features: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
        """One chance a row."""
        rows = np.asarray(features, dtype=np.float64).reshape(-1, len(self.weights))
        logits = rows @ np.asarray(self.weights) + self.bias
        chances: npt.NDArray[np.float64] = 1 / (1 + np.exp(-logits))
        return chances


@cache
def load_sentence_model(path: Path = ARTIFACT) -> SentenceModel:
    """The model that ships; raises `ConfigurationError` when it was fitted to other features than are computed."""
    artifact = json.loads(path.read_text(encoding="utf-8"))
    weights = artifact["weights"]
    if tuple(weights) != FEATURES:
        raise ConfigurationError(f"{path.name} weighs other features than there are; run python -m evals.fit sentences")
    return SentenceModel(float(artifact["bias"]), tuple(float(weights[name]) for name in FEATURES))
