"""Whether refusing learns from approved pairs: each question with its answer there, and once more without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from benchmarks.training_pairs import FOLDS, TODAY, Known, fold_of
from chains.confidence import shipped_model
from chains.contextualise import contextualise
from chains.evidence import SIGNALS, collected_for, signals
from core.types import Question
from evals.fit.abstention import ANSWERED_BEFORE, SIGNS, WRONG_COSTS
from evals.fit.logistic import auroc, false_answers, fit_logistic
from evals.neutral import Asked
from evals.outcome import HARM, Verdict
from retrieval.query import Query

if TYPE_CHECKING:
    from evals.fit.logistic import Flags, Floats

__all__ = ["abstention_table"]

_COVERAGE = 0.9
_MORE = 48
"""Passages asked for, so that some are left when those that answer are taken out."""

_Sure = Callable[["Floats"], "Floats"]


def abstention_table(known: Known, asked: Sequence[Asked], counts: Sequence[int]) -> Table:
    """What is shipped beside the same weighed anew, and beside weights of its own, by the pairs of other folds."""
    table = Table(
        "pairs", "shipped", "its bar moved", "calibrated anew", "fitted anew",
        title=f"AUROC, false answers at {_COVERAGE:.0%} coverage, cost, harm of a question: not trained on",
    )  # fmt: skip
    places = {one.id: at for at, one in enumerate(known.asked)}
    mine = [places[one.id] for one in asked]
    for count in counts:
        rows = np.array([[_row(known, one, count, absent) for absent in (False, True)] for one in known.asked])
        cells = [_figures(rows, known, mine, [(_shipped, _needed())] * FOLDS)]
        if count:
            learning = [_learning(rows, known, fold, count) for fold in range(FOLDS)]
            for way in (_bar_moved, _calibrated, _fitted):
                cells.append(_figures(rows, known, mine, [way(one) for one in learning]))
        table.add_row(str(count), *cells, *[""] * (4 - len(cells)))
    return table


def _row(known: Known, one: Asked, count: int, absent: bool) -> tuple[float, ...]:
    """The signals of a question over the documents, or over all but those that answer it."""
    search = contextualise(Question(one.question, as_of=TODAY))
    query = Query(search.text, as_of=TODAY, k=_MORE if absent else 10, model=known.model(count, leave_out=one.id))
    passages = known.index.retriever.search(query)
    if absent:
        found = zip(passages, known.documents(passages), strict=True)
        passages = [passage for passage, document in found if document not in one.gold_documents]
    return signals(search, passages, collected_for(known.index.retriever, search))


def _learning(rows: Floats, known: Known, fold: int, count: int) -> tuple[Floats, Flags]:
    """Rows [n, signals] of pairs outside a fold and whether they are answered; all answered ones first."""
    chosen = rows[known.outside(fold, count)]
    return np.concatenate([chosen[:, 0], chosen[:, 1]]), np.arange(2 * len(chosen)) < len(chosen)


def _figures(rows: Floats, known: Known, asked: Sequence[int], learned: Sequence[tuple[_Sure, float]]) -> str:
    sure, right, answered = [], [], []
    for fold, (weigh, needed) in enumerate(learned):
        mine = rows[[at for at in asked if fold_of(known.asked[at]) == fold]]
        for absent in (0, 1):
            one = weigh(mine[:, absent])
            sure.append(one)
            answered.append(one >= needed)
            right.append(np.full(len(one), not absent))
    told, is_right, is_answered = np.concatenate(sure), np.concatenate(right), np.concatenate(answered)
    wrong, needless = is_answered[~is_right].mean(), 1 - is_answered[is_right].mean()
    cost = WRONG_COSTS * (1 - ANSWERED_BEFORE) * wrong + ANSWERED_BEFORE * needless
    harm = (
        HARM[Verdict.WRONG] * (1 - ANSWERED_BEFORE) * wrong
        + HARM[Verdict.NEEDLESS_REFUSAL] * ANSWERED_BEFORE * needless
    )
    ordered = f"{auroc(told, is_right):.3f}, {false_answers(told, is_right, coverage=_COVERAGE):.3f}"
    return f"{ordered}, {cost:.3f}, {harm:.3f} ({needless:.0%} needless, {wrong:.0%} wrong)"


def _shipped(rows: Floats) -> Floats:
    model = shipped_model()
    return np.array([model.confidence(row).sure for row in rows])


def _needed() -> float:
    return shipped_model().answer_from


def _bar_moved(learning: tuple[Floats, Flags]) -> tuple[_Sure, float]:
    """The bar at which answers to the pairs would have cost least."""
    rows, right = learning
    sure = _shipped(rows)
    bars = np.unique(np.concatenate([sure, [0.0, 1.0]]))
    costs = [
        WRONG_COSTS * (1 - ANSWERED_BEFORE) * np.mean(sure[~right] >= bar)
        + ANSWERED_BEFORE * np.mean(sure[right] < bar)
        for bar in bars
    ]
    return _shipped, float(bars[int(np.argmin(costs))])


def _calibrated(learning: tuple[Floats, Flags]) -> tuple[_Sure, float]:
    """The shipped odds, with a factor and an offset of their own."""
    rows, right = learning
    found = fit_logistic(_odds(rows), right, np.ones(len(right)), names=("odds",), use=("odds",), signs={})
    return lambda others: found.probabilities(_odds(others), ("odds",)), _needed()


def _fitted(learning: tuple[Floats, Flags]) -> tuple[_Sure, float]:
    """Weights of its own on the signals that the shipped model weighs."""
    rows, right = learning
    use = [name for name in SIGNALS if name in shipped_model().answered.weights]
    found = fit_logistic(rows, right, np.ones(len(right)), names=SIGNALS, use=use, signs=SIGNS)
    return lambda others: found.probabilities(others, SIGNALS), _needed()


def _odds(rows: Floats) -> Floats:
    raw = np.clip([shipped_model().raw(row)[0] for row in rows], 1e-6, 1 - 1e-6)
    odds: Floats = np.log(raw / (1 - raw))[:, None]
    return odds
