"""What each component of retrieval adds and costs: the same queries with one of them switched off at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

import retrieval.query as query_module
from core.types import Question
from evals.bench import Indexed, search_again, watched
from evals.bench_figures import rank_scores
from evals.bench_places import Places, at
from evals.bench_report import Figure, Row, Table
from evals.neutral import Asked, RetrievalSet
from evals.replacing import replaced
from evals.statistics import bootstrap_interval

if TYPE_CHECKING:
    from retrieval.query import Query
    from retrieval.retriever import HybridRetriever

__all__ = ["Lookup", "ablation", "ablation_table", "looked_up", "lookups"]

_Change = tuple[Any, str, object]
"""An object or a module, the name of its attribute and what to put in its place."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question and what the chain looked for to answer it."""

    asked: Asked
    queries: tuple[Query, ...]


def lookups(questions: Sequence[Asked], indexed: Indexed, *, as_of: date) -> list[Lookup]:
    """What the chain looks for when it is asked each question once.

    Questions that are refused before anything is looked up are left out.
    """
    found = []
    with watched(indexed.retriever) as queries:
        for asked in questions:
            queries.clear()
            indexed.answer(Question(asked.question, as_of=as_of, history=asked.exchanges))
            if queries:
                found.append(Lookup(asked, tuple(queries)))
    return found


def ablation(found: RetrievalSet, wanted: Sequence[Lookup], indexed: Indexed) -> list[Row]:
    """The whole, then without each component; the two fusions are without what is learned on top of them, too."""
    rows = []
    for name, switch in _switches(indexed.retriever).items():
        with switch:
            rows += looked_up(name, found, wanted, indexed)
    bare = [
        replace(one, queries=tuple(replace(query, history=(), told=(), leans=False) for query in one.queries))
        for one in wanted
    ]
    return rows + looked_up("without history", found, [one for one in bare if one.asked.history], indexed)


def looked_up(name: str, found: RetrievalSet, wanted: Sequence[Lookup], indexed: Indexed) -> list[Row]:
    """Quality and milliseconds of looking everything up, first questions and follow-ups apart."""
    places = Places(found, indexed.store, indexed.ids)
    kinds: dict[bool, list[tuple[dict[str, float], float]]] = {}
    for one in wanted:
        began = time.perf_counter()
        passages = search_again(indexed.retriever, one.queries, deep=not places.marks_text)
        taken = (time.perf_counter() - began) * 1000
        gold = places.entries(places.of(one.asked))
        entries = places.ranked(map(at, passages))
        scores = rank_scores([entry in gold for entry in entries], max(1, len(gold)))
        kinds.setdefault(bool(one.asked.history), []).append((scores, taken))
    return [
        Row(f"{'follow-ups' if follows else 'first questions'}: {name}", len(kinds[follows]), _figures(kinds[follows]))
        for follows in sorted(kinds)
    ]


def ablation_table(rows: Sequence[Row]) -> Table:
    """First questions together, then follow-ups."""
    return Table("each component switched off", sorted(rows, key=lambda row: row.name.partition(":")[0]))


def _figures(measured: Sequence[tuple[dict[str, float], float]]) -> dict[str, Figure]:
    figures = {}
    for name in ("ndcg@10", "hit@1"):
        values = [scores[name] for scores, _ in measured]
        figures[name] = Figure(fmean(values), *bootstrap_interval(values))
    p50, p95 = np.quantile([taken for _, taken in measured], (0.5, 0.95))
    return figures | {"p50_ms": Figure(float(p50)), "p95_ms": Figure(float(p95))}


def _switches(retriever: HybridRetriever) -> dict[str, AbstractContextManager[None]]:
    unlearned: _Change = (retriever, "ranking", None)
    return {
        "whole": nullcontext(),
        "without learned ranking": replaced(unlearned),
        "fusion of vectors alone": replaced(unlearned, (retriever.store.keyword, "query", lambda *_, **__: [])),
        "fusion of keywords alone": replaced(unlearned, (query_module, "dense_trust", lambda *_: 0.0)),
    }
