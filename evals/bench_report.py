"""What a bench of a set shows: figures with their intervals, as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean

import numpy as np

from evals.bench import SYSTEMS, Observed
from evals.bench_figures import auroc, bootstrap, false_at_coverage
from evals.statistics import bootstrap_interval, expected_calibration_error

__all__ = ["COVERAGE", "Figure", "Row", "Table", "choosing", "ranking", "refusing", "speed", "to_json"]

COVERAGE = 0.9
_RANKING = ("ndcg@10", "hit@1", "hit@10", "mrr")
_CHOICE = ("token_f1", "overlap", "first", "words")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95% bootstrap interval over questions, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Figures by name over `count` questions; `name` says of which."""

    name: str
    count: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    rows: list[Row] = field(default_factory=list)


def ranking(observed: Sequence[Observed]) -> Table:
    """How well each system ranks, first questions and follow-ups apart, and each language where there are several."""
    rows = []
    for group, chosen in _groups(one for one in observed if one.ranks):
        for system in SYSTEMS:
            scores = [one.ranks[system] for one in chosen]
            figures = {name: _mean([score[name] for score in scores]) for name in _RANKING}
            rows.append(Row(f"{group}: {system}", len(chosen), figures))
    return Table("finding", rows)


def choosing(observed: Sequence[Observed]) -> Table:
    """How well the sentences are chosen, and how often an answer cites the marked text, refusals left out."""
    rows = []
    for group, chosen in _groups(one for one in observed if one.choice):
        figures = {name: _mean([one.choice[name] for one in chosen]) for name in _CHOICE}
        rows.append(Row(group, len(chosen), figures))
    for group, chosen in _groups(one for one in observed if one.top):
        for system in chosen[0].top:
            figures = {"at_gold": _mean([one.top[system] for one in chosen])}
            rows.append(Row(f"{group}, best sentence: {system}", len(chosen), figures))
    for group, chosen in _groups(one for one in observed if one.cited is not None):
        cited = {"cited": _mean([float(bool(one.cited)) for one in chosen])}
        rows.append(Row(f"{group}, answered", len(chosen), cited))
    if exact := [one.exact for one in observed if one.exact is not None]:
        rows.append(Row("every quote stands where it says", len(exact), {"exact": _mean(list(map(float, exact)))}))
    return Table("answering", rows)


def refusing(observed: Sequence[Observed], *, title: str) -> Table:
    """How well confidence tells questions whose answer is indexed from the others; empty unless there are both."""
    rows = []
    for group, chosen in [("all", list(observed)), *_kinds(observed)]:
        present = [one for one in chosen if one.present]
        absent = [one for one in chosen if not one.present]
        if not present or not absent:
            continue
        sure, unsure = [one.confidence for one in present], [one.confidence for one in absent]
        figures = {
            "auroc": Figure(auroc(sure, unsure), *bootstrap(auroc, sure, unsure)),
            "false_at_90": Figure(_false(sure, unsure), *bootstrap(_false, sure, unsure)),
            "answered": _mean([float(one.answered) for one in present]),
            "false_answers": _mean([float(one.answered) for one in absent]),
        }
        error = expected_calibration_error([*sure, *unsure], [True] * len(sure) + [False] * len(unsure))
        if error is not None:
            figures["calibration_error"] = Figure(error)
        rows.append(Row(f"{group}: {len(present)} present, {len(absent)} absent", len(chosen), figures))
    return Table(title, rows)


def speed(observed: Sequence[Observed]) -> Table:
    """Milliseconds of a whole answer, and of embedding the question and searching exactly."""
    rows = []
    for name, times in (
        ("a complete verified reply", [one.milliseconds for one in observed]),
        ("embedding and exact search", [one.yardstick_ms for one in observed]),
    ):
        p50, p95 = np.quantile(times, (0.5, 0.95))
        rows.append(Row(name, len(times), {"p50_ms": Figure(float(p50)), "p95_ms": Figure(float(p95))}))
    return Table("milliseconds", rows)


def to_json(tables: Iterable[Table]) -> dict[str, object]:
    return {table.title: [asdict(row) for row in table.rows] for table in tables if table.rows}


def _kinds(observed: Iterable[Observed]) -> list[tuple[str, list[Observed]]]:
    kinds: dict[bool, list[Observed]] = {}
    for one in observed:
        kinds.setdefault(bool(one.asked.history), []).append(one)
    names = {False: "first questions", True: "follow-ups"}
    return [(names[follows], kinds[follows]) for follows in sorted(kinds)] if len(kinds) > 1 else []


def _groups(observed: Iterable[Observed]) -> list[tuple[str, list[Observed]]]:
    chosen = list(observed)
    languages = {one.asked.language for one in chosen}
    groups: dict[str, list[Observed]] = {}
    for one in sorted(chosen, key=lambda one: (bool(one.asked.history), one.asked.language)):
        kind = "follow-ups" if one.asked.history else "first questions"
        groups.setdefault(f"{kind}, {one.asked.language}" if len(languages) > 1 else kind, []).append(one)
    return list(groups.items())


def _mean(values: Sequence[float]) -> Figure:
    return Figure(fmean(values), *bootstrap_interval(values))


def _false(present: Sequence[float], absent: Sequence[float]) -> float:
    return false_at_coverage(present, absent, coverage=COVERAGE)
