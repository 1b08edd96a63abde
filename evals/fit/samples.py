"""Fits what sample questions say of an answer: three numbers, from the project's own cases."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chains.confidence import confidence
from chains.samples import ARTIFACT, SIGNALS, VERSION, sample_signals
from core.types import Passage
from evals.dataset import Case, Slice, case_path
from evals.fit.abstention_examples import AT_THE_TOP, FOLDS, OWN_WRITTEN, own_asked
from evals.fit.logistic import Fitted, fit_logistic, ordering, rising
from evals.fit.own_cases import OWN, Knowledge, held_out, in_section, knowledge

__all__ = ["main"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_KNOTS = 6
_SIGNS = {"near": -1}
"""Where a sample is near, what it says is known better, and what seemed sure before is doubted the more."""


@dataclass(frozen=True, slots=True)
class _Example:
    signals: tuple[float, ...]
    answered: bool
    left_out: bool
    everyday: bool
    held: bool
    fold: int


def main(argv: Sequence[str]) -> None:
    """Fit on all cases but the held-out ones, print what it is worth on those, and write the artifact."""
    parser = argparse.ArgumentParser(prog="python -m evals.fit samples", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".pytest_cache/fit"), help="keeps the index between runs")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge_base"), help="what the cases ask about")
    parser.add_argument("--out", type=Path, default=ARTIFACT)
    given = parser.parse_args(argv)
    with knowledge(given.knowledge, given.work / OWN, samples=True) as known:
        examples = [*_examples(known)]
    learning = [one for one in examples if not one.held]
    fitted, knots = _fit(learning), _calibration(learning)
    artifact = {
        "version": VERSION,
        "what": "chains/samples.py: a logistic regression of how sure it is without samples and what they say",
        "bias": round(fitted.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in fitted.weights.items()},
        "calibration": {"knots": [[round(at, 4), round(share, 4)] for at, share in knots]},
        "measured": _measured([one for one in examples if one.held and not one.left_out], fitted),
        "provenance": {
            "sets": "the English cases of evals/cases, all but the held-out ones; this project's",
            "date": datetime.now(UTC).date().isoformat(),
            "command": "python -m evals.fit samples",
        },
    }
    given.out.write_text(json.dumps(artifact, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(artifact["measured"], indent=1) + "\n")


def _examples(known: Knowledge) -> Iterator[_Example]:
    for asked in own_asked(known):
        signals = sample_signals(confidence(asked.search, asked.passages, asked.collected).sure, asked.passages)
        if signals is not None and not asked.search.told:
            case, left_out = asked.case, asked.left_out
            answered = not left_out and _answers(asked.passages, case)
            yield _Example(signals, answered, left_out, Slice.EVERYDAY in case.slices, held_out(case), asked.fold)


def _answers(found: Sequence[Passage], case: Case) -> bool:
    """Whether what is found answers a case, as far as its sections tell, or its documents: else an answer is wrong."""
    if case.sections:
        return any(in_section(passage.chunk, case) for passage in found[:AT_THE_TOP])
    return case.answerable and case_path(found[0].chunk.document_id) in case.documents


def _fit(examples: Sequence[_Example]) -> Fitted:
    rows, answered, counts = _table(examples)
    return fit_logistic(rows, answered, counts, names=SIGNALS, use=SIGNALS, signs=_SIGNS)


def _calibration(examples: Sequence[_Example]) -> list[tuple[float, float]]:
    """What is said of documents by models that never saw their cases, brought to what was so."""
    rows, answered, counts = _table(examples)
    folds = np.array([one.fold for one in examples])
    raw = np.zeros(len(examples))
    for fold in range(FOLDS):
        fitted = _fit([one for one in examples if one.fold != fold])
        raw[folds == fold] = fitted.probabilities(rows[folds == fold], SIGNALS)
    return rising(raw, answered, counts, knots=_KNOTS)


def _table(examples: Sequence[_Example]) -> tuple[Floats, Flags, Floats]:
    """Rows, which are answered, and what each counts: both kinds the same, as the probability expects."""
    answered = np.array([one.answered for one in examples])
    left_out = np.array([one.left_out for one in examples])
    counts = np.zeros(len(examples))
    for chosen, share in ((answered, 1.0), (~answered & ~left_out, OWN_WRITTEN), (left_out, 1 - OWN_WRITTEN)):
        counts[chosen] = share / max(1, chosen.sum())
    return np.array([one.signals for one in examples]), answered, counts


def _measured(held: Sequence[_Example], fitted: Fitted) -> dict[str, Any]:
    """On held-out cases, those of everyday language by themselves: the order without samples and with them."""
    figures: dict[str, Any] = {}
    for name, everyday in (("cases", False), ("everyday", True)):
        rows, answered, _ = _table([one for one in held if one.everyday is everyday])
        figures[name] = {
            "answered": int(answered.sum()),
            "absent": int((~answered).sum()),
            "without": ordering(rows[:, SIGNALS.index("sure")], answered),
            "with": ordering(fitted.probabilities(rows, SIGNALS), answered),
        }
    return figures
