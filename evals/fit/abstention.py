"""Fits when to abstain: logistic regressions, their calibration and the threshold that the costs ask for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chains.confidence import ARTIFACT, VERSION
from chains.evidence import SIGNALS
from evals.fit.abstention_examples import FOLDS, LEARNED, Examples, continues, gather
from evals.fit.logistic import COVERAGE, Fitted, calibration_error, fit_logistic, ordering, rising
from evals.fit.own_cases import OWN, WORDINGS
from evals.neutral import load_set

__all__ = ["ANSWERED_BEFORE", "SIGNS", "WRONG_COSTS", "main"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_QUESTIONS = 300
_KNOTS = 6
_BINS = 10

WRONG_COSTS = 6.5
"""What a wrong answer costs where a needless refusal costs 1: it is believed, and nobody looks further."""
ANSWERED_BEFORE = 0.7
"""The share of messages whose answer is expected among the first passages; the artifact is fitted for half. Of the
wordings that a section answers .78 find it among the first three."""
_TOPICAL_FROM = 0.15
"""Below it a message is told to be beside the subject and offered nothing, which turns away who could be helped. Of
1,569 English wordings that are refused though a section answers them 127 lie below an even chance, 19 below this;
jokes, recipes and sums below .06."""

_TOPICAL = ("dense", "near", "sentence", "sentences")
SIGNS = {
    "absent_term": -1, "absent_terms": -1, "unknown": -1, "figure_missing": -1, "number_missing": -1, "other_kind": -1,
    "named_missing": -1, "polar": -1,
}  # fmt: skip
"""The way in which a signal may count; others may only speak for an answer. One that comes out the other way on these
sets is left out: it says something about the sets."""
_LEFT_OUT = ("near", "no_country", "continues")
"""Signals that tell the sets apart rather than the answered from the others."""


def main(argv: Sequence[str]) -> None:
    """Fit on the sets that may train, print what leaving each one out gives, and write the artifact."""
    parser = argparse.ArgumentParser(prog="python -m evals.fit abstention", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a set in the neutral format")
    parser.add_argument("--work", type=Path, default=Path(".pytest_cache/fit"), help="keeps the indexes between runs")
    parser.add_argument("--questions", type=int, default=_QUESTIONS, help="of each set")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge_base"), help="what the own cases ask about")
    parser.add_argument("--out", type=Path, default=ARTIFACT)
    given = parser.parse_args(argv)
    sets = [found for found in map(load_set, given.data) if found.may_train]
    if len(sets) < 2:
        parser.error("give at least two sets that may train: one is left out at a time")
    examples = gather(sets, given.work, questions=given.questions, documents=given.knowledge)
    artifact = fit(examples)
    artifact["provenance"] = {
        "sets": [
            *({"name": one.name, "source": one.source, "licence": one.licence} for one in sets),
            {"name": OWN, "source": "evals/cases, all but the held-out ones", "licence": "this project's"},
            {"name": WORDINGS, "source": "sample questions of half of the documents", "licence": "this project's"},
        ],
        "date": datetime.now(UTC).date().isoformat(),
        "command": f"python -m evals.fit abstention --questions {given.questions} "
        + " ".join(f"--data {one.name}" for one in sets),
    }
    given.out.write_text(json.dumps(artifact, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(artifact["measured"], indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class _Heads:
    """Whether the subject is the documents' own, and whether the answer to a first or a further message is there."""

    topical: Fitted
    answered: Fitted
    continued: Fitted

    def raw(self, rows: Floats) -> Floats:
        product = self.topical.probabilities(rows, SIGNALS) * self.answered.probabilities(rows, SIGNALS)
        raw: Floats = np.where(continues(rows), self.continued.probabilities(rows, SIGNALS), product)
        return raw


@dataclass(frozen=True, slots=True)
class _Knots:
    """What is said of first and of further messages, brought to what is so."""

    answered: list[tuple[float, float]]
    continued: list[tuple[float, float]]

    def sure(self, rows: Floats, raw: Floats) -> Floats:
        sure: Floats = np.where(continues(rows), _between(self.continued, raw), _between(self.answered, raw))
        return sure


def fit(examples: Examples) -> dict[str, Any]:
    """The artifact, without its provenance: fitted on the development halves, measured on the others."""
    learning, other = examples.only(examples.development), examples.only(~examples.development)
    heads = _heads(learning)
    knots = _Knots(_calibration(learning, learning.first()), _calibration(learning, learning.continued()))
    odds = WRONG_COSTS * (1 - ANSWERED_BEFORE) / ANSWERED_BEFORE
    return {
        "version": VERSION,
        "what": "chains/confidence.py: logistic regressions over chains/evidence.py, each calibrated",
        "topical": _written(heads.topical),
        "answered": _written(heads.answered) | _calibrated(knots.answered),
        "continued": _written(heads.continued) | _calibrated(knots.continued),
        "costs": {"wrong": WRONG_COSTS, "needless_refusal": 1.0, "share_answered_before": ANSWERED_BEFORE},
        "answer_from": round(odds / (1 + odds), 4),
        "topical_from": _TOPICAL_FROM,
        "measured": _measured(learning, other, heads, knots),
    }


def _heads(examples: Examples) -> _Heads:
    counts = examples.counts()
    strangers = ~examples.topical
    both = counts / counts.sum() + strangers / max(1, strangers.sum())
    use = [name for name in SIGNALS if name not in _LEFT_OUT]
    return _Heads(
        fit_logistic(examples.rows, examples.topical, both, names=SIGNALS, use=_TOPICAL, signs=SIGNS),
        *(
            fit_logistic(
                asked.rows,
                asked.answered,
                asked.counts(),
                names=SIGNALS,
                signs=SIGNS,
                use=[name for name in use if name not in kept],
            )
            for asked, kept in ((examples.first(), ("conversation",)), (examples.continued(), ()))
        ),
    )


def _of_kind(examples: Examples, name: str, follows: bool) -> Examples:
    """The first messages of a set, or those that follow others."""
    return examples.only((examples.names == name) & examples.topical & (continues(examples.rows) == follows))


def _without(examples: Examples, name: str) -> Examples:
    return examples.only((examples.names != name) & (examples.others != name))


def _calibration(examples: Examples, asked: Examples) -> list[tuple[float, float]]:
    """What is said of `asked`, some of the `examples`, by models that never saw their documents, and what was so."""
    raw = np.zeros(len(asked.rows))
    for fold in range(FOLDS):
        raw[asked.folds == fold] = _heads(examples.only(examples.folds != fold)).raw(asked.rows[asked.folds == fold])
    return rising(raw, asked.answered, asked.counts(), knots=_KNOTS)


def _measured(learning: Examples, other: Examples, heads: _Heads, knots: _Knots) -> dict[str, Any]:
    """On the other halves: each set by the shipped model, what it learned from by one without it, the calibration."""
    figures: dict[str, Any] = {"on": "questions of the held-out halves"}
    kinds = {(str(name), bool(follows)) for name, follows in zip(other.names, continues(other.rows), strict=True)}
    for name, follows in sorted(kinds):
        asked, known = _of_kind(other, name, follows), _of_kind(learning, name, follows)
        bar = np.quantile(heads.raw(known.rows)[known.answered], 1 - COVERAGE)
        figures[kind := f"{name}, further messages" if follows else name] = {
            "answered": int(asked.answered.sum()),
            "absent": int((~asked.answered).sum()),
            "shipped": ordering(heads.raw(asked.rows), asked.answered),
            "coverage_where_90%_was_aimed_at": round(float(np.mean(heads.raw(asked.rows)[asked.answered] >= bar)), 3),
        }
        if follows or name in LEARNED:
            alone = _heads(_without(learning, name))
            figures[kind]["without_it"] = ordering(alone.raw(asked.rows), asked.answered)
    strange = other.only(~other.topical | other.answered)
    figures["off_topic"] = ordering(heads.topical.probabilities(strange.rows, SIGNALS), strange.topical)
    asked, known = other.only(other.topical), learning.only(learning.topical)
    bar = np.quantile(heads.raw(known.rows)[known.answered], 1 - COVERAGE)
    figures["coverage_where_90%_was_aimed_at"] = round(float(np.mean(heads.raw(asked.rows)[asked.answered] >= bar)), 3)
    error, diagram = calibration_error(
        knots.sure(asked.rows, heads.raw(asked.rows)), asked.answered, asked.counts(), bins=_BINS
    )
    return {**figures, "calibration_error": round(error, 3), "calibration_diagram": diagram}


def _between(knots: list[tuple[float, float]], raw: Floats) -> Floats:
    at, share = zip(*knots, strict=True)
    sure: Floats = np.interp(raw, at, share)
    return sure


def _calibrated(knots: list[tuple[float, float]]) -> dict[str, Any]:
    return {"calibration": {"knots": [[round(at, 4), round(share, 4)] for at, share in knots]}}


def _written(fitted: Fitted) -> dict[str, Any]:
    return {
        "bias": round(fitted.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in fitted.weights.items()},
    }
