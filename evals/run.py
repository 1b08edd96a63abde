"""MAIN FLOW: ask every case, judge every reply, hold the figures against the thresholds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import yaml

from core.errors import InvalidInput
from core.types import Question, Reply
from evals.dataset import Case
from evals.metrics import Result, Summary, judge

__all__ = ["failed_thresholds", "run_cases"]

THRESHOLDS = Path(__file__).parent / "thresholds.yaml"


def run_cases(
    cases: Sequence[Case], answer: Callable[[Question], Reply], *, today: date, tell: Callable[[Result], None]
) -> list[Result]:
    """Ask each case as of `today`; `tell` hears of each result as it comes. An error of `answer` ends the run."""
    results = []
    for case in cases:
        question = Question(case.question, as_of=today, jurisdiction=case.jurisdiction, history=case.history)
        began = time.perf_counter()
        reply = answer(question)
        seconds = time.perf_counter() - began
        verdict, why = judge(case, reply)
        results.append(Result(case, reply, verdict, why, seconds))
        tell(results[-1])
    return results


def failed_thresholds(summary: Summary, path: Path = THRESHOLDS) -> list[str]:
    """What does not pass the gate, in words; raises `InvalidInput` for a threshold on a figure that does not exist."""
    figures = asdict(summary)
    failed = []
    for name, bounds in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        if name not in figures:
            raise InvalidInput(f"{path.name} bounds {name!r}, which is no figure; known are {', '.join(figures)}")
        value = figures[name]
        if value < bounds.get("least", value):
            failed.append(f"{name} is {value:.3f}, at least {bounds['least']} is asked for")
        if value > bounds.get("most", value):
            failed.append(f"{name} is {value:.3f}, at most {bounds['most']} is allowed")
    return failed
