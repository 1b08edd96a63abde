"""Fits retrieval/ranking.json: curves of features that put the passage that answers before the others."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from evals.fit.listwise import fitted
from evals.fit.own_cases import WORDINGS
from evals.fit.shortlists import Shortlist, ndcg, shortlists, shortlists_of_wordings
from evals.neutral import RetrievalSet, Split, load_set
from retrieval.features import FEATURES
from retrieval.learned import ARTIFACT, VERSION, Curves, LearnedOrder

__all__ = ["main"]

_MOST = 1000
_SIZE = 24
_TENTH = 9


def main(argv: Sequence[str]) -> None:
    """Fit on the development halves of the sets that may train, measure on the other halves of all, write the model."""
    options = _options(argv)
    sets: dict[str, RetrievalSet] = {}
    found: dict[str, list[Shortlist]] = {}
    for folder in options.data:
        loaded = load_set(folder)
        sets[loaded.name] = loaded
        found[loaded.name] = shortlists(loaded, options.work / loaded.name, most=options.most, size=_SIZE)
    found[WORDINGS] = shortlists_of_wordings(options.knowledge, options.work, size=_SIZE)
    learning = [*(name for name, loaded in sets.items() if loaded.may_train), WORDINGS]
    if learning == [WORDINGS]:
        raise SystemExit("none of the sets may train; give one whose set.json says `may_train`: true")
    order = fitted([_half(found[name], Split.DEVELOPMENT) for name in learning])
    alone = {
        name: fitted([found[other] for other in learning if other != name]) for name in learning if len(learning) > 1
    }
    figures = {name: _figures(_half(lists, Split.HELD_OUT), order, alone.get(name)) for name, lists in found.items()}
    artifact = {
        "version": VERSION,
        "what": "of each feature in retrieval/features.py the knots of its curve, and its slopes before, between and"
        " after them; a passage's relevance is the sum of what its curves say, scaled",
        "curves": {"prose": _told(order.prose), "questions": _told(order.questions)},
        "spread": round(_spread([one for name in learning for one in found[name]], order), 5),
        "provenance": {
            "sets": [
                {"name": name, "source": sets[name].source if name in sets else "sample questions",
                 "licence": sets[name].licence if name in sets else "this project's",
                 "questions": len(_half(found[name], Split.DEVELOPMENT))}
                for name in learning
            ],
            "fitted_on": datetime.now(UTC).date().isoformat(),
            "command": "python -m evals.fit ranking --data " + " --data ".join(sorted(sets)),
            "held_out": figures,
        },
    }  # fmt: skip
    options.out.write_text(json.dumps(artifact, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _print(figures)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.fit ranking", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a set in the neutral format")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the sets' indexes for the next run")
    parser.add_argument("--most", type=int, default=_MOST, help="first questions of a set, and as many that follow")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge_base"), help="what the wordings ask about")
    parser.add_argument("--out", type=Path, default=ARTIFACT, help="where the model is written")
    return parser.parse_args(argv)


def _told(curves: Curves) -> dict[str, dict[str, list[float]]]:
    return {
        name: {"knots": knots.tolist(), "slopes": slopes.round(4).tolist()}
        for name, knots, slopes in zip(FEATURES, curves.knots, curves.slopes, strict=True)
    }


def _half(lists: Sequence[Shortlist], split: Split) -> list[Shortlist]:
    return [one for one in lists if one.split is split]


def _figures(lists: Sequence[Shortlist], order: LearnedOrder, alone: LearnedOrder | None) -> dict[str, Any]:
    """nDCG@10 and hit@1 of plain fusion, of the model, and of one that was fitted without this set."""
    figures: dict[str, Any] = defaultdict(dict)
    for kind, follows in (("first", False), ("follow_up", True)):
        chosen = [one for one in lists if one.follow_up is follows]
        if not chosen:
            continue
        ways = {
            "fused": [one.fused for one in chosen],
            "learned": [order.sums(one.rows) for one in chosen],
            "learned_without_it": [alone.sums(one.rows) for one in chosen] if alone is not None else None,
        }
        figures[kind]["questions"] = len(chosen)
        for way, scores in ways.items():
            if scores is not None:
                measured = np.mean([ndcg(one, score) for one, score in zip(chosen, scores, strict=True)], axis=0)
                figures[kind][way] = [round(float(figure), 3) for figure in measured]
    return dict(figures)


def _spread(lists: Sequence[Shortlist], order: LearnedOrder) -> float:
    """What makes the distance from the best to the tenth passage as great as that of fused scores, in the median."""
    ratios = []
    for one in lists:
        raw = np.sort(order.sums(one.rows))[::-1]
        if len(raw) > _TENTH and raw[0] > raw[_TENTH]:
            ratios.append((one.fused.max() - one.fused[_TENTH]) / (raw[0] - raw[_TENTH]))
    return float(np.median(ratios)) if ratios else 1.0


def _print(figures: dict[str, Any]) -> None:
    lines = ["held-out halves, nDCG@10 (hit@1)"]
    for name, kinds in figures.items():
        for kind, figure in kinds.items():
            shown = [f"{way} {figure[way][0]:.3f} ({figure[way][1]:.2f})" for way in figure if way != "questions"]
            lines.append(f"{name} {kind}, {figure['questions']} questions: {', '.join(shown)}")
    print("\n".join(lines))  # noqa: T201 - a command's output
