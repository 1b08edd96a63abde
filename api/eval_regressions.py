"""The gate, tested: the application of the evals is broken on purpose, in one way after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from api.evaluating import Evaluated
from core.errors import InvalidInput
from evals.baseline import load_baseline
from evals.breakages import BREAKAGES
from evals.dataset import Case
from evals.regressions import Subject, Tried, try_each
from evals.thresholds import load_thresholds

__all__ = ["try_regressions"]

_MAY_ESCAPE = 1


def try_regressions(
    evaluated: Evaluated,
    cases: Sequence[Case],
    *,
    named: Sequence[str] = (),
    today: date | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Tried:
    """Try each breakage, or those `named`, over the cases; only all cases are held against the baseline file.

    Raises `InvalidInput` for a name that no breakage has.
    """
    known = [breakage.name for breakage in BREAKAGES]
    if unknown := set(named) - set(known):
        raise InvalidInput(f"there is no breakage {sorted(unknown)[0]!r}; known are {', '.join(known)}")
    application = evaluated.application
    subject = Subject(application.chain, application.retriever, application.store)
    baseline = load_baseline()
    whole = baseline is not None and baseline.verdicts.keys() == {case.id for case in cases}
    return try_each(
        [breakage for breakage in BREAKAGES if not named or breakage.name in named], subject,
        lambda: evaluated.run(cases, today=today), thresholds=load_thresholds(),
        baseline=baseline if whole else None, tell=tell, may_escape=_MAY_ESCAPE,
    )  # fmt: skip
