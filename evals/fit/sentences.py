"""Fit the chance that a sentence answers: `python -m evals.fit sentences --data DIR --work DIR`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chains.extractive import write_extractive
from chains.sentence_features import FEATURES
from chains.sentence_model import ARTIFACT, SentenceModel
from core.settings import Settings
from evals.facts import says
from evals.fit.listwise import climbed
from evals.fit.sentence_examples import OWN, Example, examples_of_cases, examples_of_set
from evals.neutral import RetrievalSet, Split, load_set

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["figures_of", "fit_sentences", "main", "token_f1"]

_MOST = 250
_CAUTION = 2e-2
"""How much a weight's distance from nothing costs, with features of unit spread; a tenth of it changes little."""
_RIDGE = 1.0
_STEPS = 30
_ENOUGH = 1e-7
_HELD = 0.25
"""Share from which a statement holds the answer: where none found does, the order has nothing to learn."""
_NO_SPREAD = 1e-9
_ORDER_WEIGHTS = {"doc2dial": 1.5, "conditionalqa": 0.2, OWN: 1.5}
"""How much a question counts for the order, beside the root of how many its set has."""
_SET_WEIGHTS = {"doc2dial": 3.0, "clapnq": 1.5, "conditionalqa": 0.2, OWN: 5.0}
"""How much a set counts for the chances, not for the order: ConditionalQA has its evidence alone for pages and many
sentences a question, so its places and shares are not those of documents; the questions of doc2dial and our own cases
are put to whole pages."""


def main(argv: Sequence[str]) -> None:
    """Fit on the development halves of the sets that may train and the project's own cases; write and print."""
    options = _options(argv)
    sets = {loaded.name: loaded for loaded in map(load_set, options.data)}
    found = {
        name: examples_of_set(loaded, options.work / name, most=options.most)
        for name, loaded in sets.items()
    }  # fmt: skip
    found[OWN] = examples_of_cases(options.knowledge, options.work / OWN)
    learning = {name: _half(found[name], Split.DEVELOPMENT) for name in found if name == OWN or sets[name].may_train}
    model = fit_sentences(learning)
    figures: dict[str, Any] = {}
    for name, examples in found.items():
        # Every case is for development, so only the model without them says how well they are answered.
        tested = [one for one in examples if not one.follow_up and (name == OWN or one.split is Split.HELD_OUT)]
        figures[name] = {} if name == OWN else {"fitted": figures_of(tested, model)}
        if name in learning and len(learning) > 1:
            others = {other: chosen for other, chosen in learning.items() if other != name}
            figures[name]["fitted_without_it"] = figures_of(tested, fit_sentences(others))
    options.out.write_text(json.dumps(_artifact(model, sets, learning, figures), indent=2) + "\n", encoding="utf-8")
    for name, ways in figures.items():
        for way, measured in ways.items():
            sys.stdout.write(f"{name}, {way}: {', '.join(f'{what} {value:g}' for what, value in measured.items())}\n")


def fit_sentences(learning: Mapping[str, Sequence[Example]]) -> SentenceModel:
    """Weights under which what answers comes before all else that was found for the same question, then their chance.

    Sets and questions differ in how much of what is found answers at all; a regression over the statements of all
    learns what tells questions apart. So the weights compare within a question, and only the two numbers that make
    chances of them are of all statements, each of its share in the marked answer.
    """
    weights = _ordering([(name, one) for name, examples in learning.items() for one in examples])
    rated = [(name, one) for name, examples in learning.items() for example in examples for one in example.rated]
    scores = np.array([one.features for _, one in rated]) @ weights
    shares = np.array([one.share for _, one in rated])
    counts = np.array([_SET_WEIGHTS.get(name, 1.0) for name, _ in rated])
    bias, slope = _calibrated(scores, shares, counts)
    return SentenceModel(bias, tuple(map(float, slope * weights)))


def _ordering(examples: Sequence[tuple[str, Example]]) -> Floats:
    """Weights of the features by which the answer is the likeliest of what was found, drawn to nothing."""
    lists = [(name, np.array([one.features for one in example.rated]), _shares(example)) for name, example in examples]
    usable = [(name, rows, shares) for name, rows, shares in lists if shares.max() >= _HELD]
    if not usable:
        return np.zeros(len(FEATURES))
    spread = np.concatenate([rows for _, rows, _ in usable]).std(axis=0)
    spread[spread < _NO_SPREAD] = 1.0
    sizes = Counter(name for name, _, _ in usable)
    counts = np.array([_ORDER_WEIGHTS.get(name, 1.0) * sizes[name] ** -0.5 for name, _, _ in usable])
    scaled = climbed(
        [rows / spread for _, rows, _ in usable],
        [shares / shares.sum() for _, _, shares in usable],
        counts / counts.sum(),
        np.zeros(len(FEATURES)),
        free=np.ones(len(FEATURES), dtype=bool),
        caution=_CAUTION,
    )
    weights: Floats = scaled / spread
    return weights


def _shares(example: Example) -> Floats:
    return np.array([one.share for one in example.rated])


def _calibrated(scores: Floats, shares: Floats, counts: Floats) -> tuple[float, float]:
    """Bias and slope of the logistic regression of the shares on the scores."""
    columns = np.column_stack((np.ones(len(scores)), scores))
    found = np.zeros(2)
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counts * (chances - shares)) + _RIDGE * np.array([0.0, found[1]])
        bend = (columns * (counts * chances * (1 - chances))[:, None]).T @ columns + _RIDGE * np.diag([0.0, 1.0])
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < _ENOUGH:
            break
    return float(found[0]), float(found[1])


def figures_of(examples: Sequence[Example], model: SentenceModel) -> dict[str, float]:
    """What the answers are worth, as means: against marked text, or for cases the share that holds every fact."""
    rows: list[dict[str, float]] = []
    for example in examples:
        said = [draft.text for draft in write_extractive(example.search, example.passages, model=model)]
        chances = model.chances([one.features for one in example.rated])
        row = {
            "top_in_answer": float(example.rated[int(np.argmax(chances))].share >= 0.5),
            "sentences": float(len(said)),
            "words": float(len(" ".join(said).split())),
        }
        if example.facts:
            text = " ".join(said)
            row["all_facts"] = float(all(any(says(text, wording) for wording in fact) for fact in example.facts))
        else:
            row["token_f1"] = token_f1(" ".join(said), example.answer)
            row["overlap_of_3"] = float(any(_overlaps(text, example.answer) for text in said[:3]))
            row["overlap_of_1"] = float(bool(said) and _overlaps(said[0], example.answer))
        rows.append(row)
    means = {name: round(float(np.mean([row[name] for row in rows])), 3) for name in (rows[0] if rows else ())}
    return {"questions": float(len(rows)), **means}


def token_f1(said: str, marked: str) -> float:
    """Harmonic mean of precision and recall of the words said, as in SQuAD (Rajpurkar et al. 2016)."""
    one, other = _tokens(said), _tokens(marked)
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else 0.0


def _overlaps(said: str, marked: str) -> bool:
    """Whether either text holds at least half of the other's words."""
    one, other = _tokens(said), _tokens(marked)
    common = sum((Counter(one) & Counter(other)).values())
    return common > 0 and common >= min(len(one), len(other)) / 2


def _tokens(text: str) -> list[str]:
    return re.findall(r"[\w$%]+", text.lower())


def _half(examples: Sequence[Example], split: Split) -> list[Example]:
    return [example for example in examples if example.split is split]


def _artifact(
    model: SentenceModel,
    sets: Mapping[str, RetrievalSet],
    learning: Mapping[str, Sequence[Example]],
    figures: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "version": 1,
        "what": "the share of a sentence that answers: a logit, weighed to put the answer first among what was found",
        "bias": round(model.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in zip(FEATURES, model.weights, strict=True)},
        "provenance": {
            "sets": [
                {
                    "name": name,
                    "source": sets[name].source if name in sets else "evals/cases",
                    "licence": sets[name].licence if name in sets else "this project's own",
                    "questions": len(examples),
                    "weight": _SET_WEIGHTS.get(name, 1.0),
                }
                for name, examples in learning.items()
            ],
            "fitted_on": datetime.now(UTC).date().isoformat(),
            "command": "python -m evals.fit sentences --data " + " --data ".join(sorted(sets)),
            "held_out": figures,
        },
    }


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.fit sentences", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a set in the neutral format")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the indexes for the next run")
    parser.add_argument("--most", type=int, default=_MOST, help="first questions of a set, and as many that follow")
    parser.add_argument("--out", type=Path, default=ARTIFACT, help="where the model is written")
    parser.add_argument(
        "--knowledge", type=Path, default=Settings().knowledge_base, help="the documents that the cases are about"
    )
    return parser.parse_args(argv)
