"""What sample questions say of an answer: whether somebody asked the like, and whether the documents answer it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.confidence import Confidence, Logistic, between, read_knots

if TYPE_CHECKING:
    from core.types import Passage

__all__ = ["ARTIFACT", "SIGNALS", "VERSION", "sample_signals", "told_by_samples"]

ARTIFACT = Path(__file__).with_name("samples.json")
VERSION = 1
"""Raise it when a signal comes to mean something else: an artifact of another version is refused."""
SIGNALS = ("sure", "near", "nearer")
"""The logit of the probability without samples; how near the nearest sample is, in [0, 1]; by how much the nearest that
is answered is nearer than the nearest that is not, times how near."""
_FAR = 0.5
"""The cosine up to which a sample has nothing to do with a question."""

_SUREST = 0.995
_MOST = 0.12
"""So much at most speaks for an answer: a sample of nearly the same words may ask for another form."""


def told_by_samples(trust: Confidence, passages: Sequence[Passage]) -> Confidence:
    """`trust` in the light of the sample questions of the documents that `passages` are of; as it is without any."""
    signals = sample_signals(trust.sure, passages)
    if signals is None:
        return trust
    model, knots = _shipped()
    return replace(trust, sure=between(knots, model.probability(dict(zip(SIGNALS, signals, strict=True)))))


def sample_signals(sure: float, passages: Sequence[Passage]) -> tuple[float, ...] | None:
    """The `SIGNALS` of a question; None where it cannot be told what the best passage's document does not answer.

    Its section has no samples then, and may be newer than they are, or the document too few.
    """
    alike = [passage.samples for passage in passages if passage.samples is not None]
    known = [(one.answered, one.absent) for one in alike if one.absent is not None]
    if not passages or passages[0].samples is None or passages[0].samples.absent is None:
        return None
    answered, absent = max(one for one, _ in known), max(other for _, other in known)
    near = max(0.0, (max(answered, absent) - _FAR) / (1 - _FAR))
    certain = min(max(sure, 1 - _SUREST), _SUREST)
    return math.log(certain / (1 - certain)), near, min(near * (answered - absent), _MOST)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Logistic, tuple[tuple[float, float], ...]]:
    """The regression and its calibration; raises `ValueError` for an artifact that does not fit."""
    read: dict[str, Any] = json.loads(ARTIFACT.read_text(encoding="utf-8"))
    weights = {str(name): float(weight) for name, weight in read["weights"].items()}
    if read["version"] != VERSION or weights.keys() - set(SIGNALS):
        raise ValueError(f"{ARTIFACT.name} is not of version {VERSION}; run `python -m evals.fit samples`")
    return Logistic(float(read["bias"]), weights), read_knots(read, ARTIFACT)
