"""The committed baseline: what the last accepted run was worth, small enough to be read in a diff."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput
from evals.figures import LOWER_IS_BETTER, Figures, by_slice, figures_of
from evals.outcome import HARM, Outcome, Verdict

__all__ = ["BASELINE", "Baseline", "Drift", "drift", "fallen_behind", "load_baseline", "write_baseline"]

BASELINE = Path(__file__).parent / "baseline.json"
_MACHINE = frozenset(("p50_ms", "p95_ms"))  # times of another machine are no baseline
_BY_SLICE = ("harm", "wrong", "correct", "ndcg@10")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Figures over all cases and by slice, and the verdict of every case."""

    figures: Mapping[str, float]
    slices: Mapping[str, Mapping[str, float]]
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed since the baseline, over the cases that it knows; `new` and `gone` are ids on one side only."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    harm: float
    """Mean harm now less that of the baseline."""


def load_baseline(path: Path = BASELINE) -> Baseline | None:
    """None when there is none yet; raises `InvalidInput` for one that cannot be read."""
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        verdicts = {name: Verdict(verdict) for name, verdict in content["verdicts"].items()}
        return Baseline(content["figures"], content["slices"], verdicts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(f"{path.name} is no baseline: {error}; write it anew with --write-baseline") from error


def write_baseline(outcomes: Sequence[Outcome], path: Path = BASELINE) -> None:
    """One case a line, in order, so that a diff shows which verdicts changed."""
    groups = by_slice(outcomes)
    content = {
        "figures": _rounded(figures_of(outcomes)),
        "slices": {name: _of_slice(group) for name, group in groups.items()},
        "verdicts": {outcome.id: outcome.verdict.value for outcome in sorted(outcomes, key=lambda one: one.id)},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def drift(outcomes: Sequence[Outcome], baseline: Baseline) -> Drift:
    """The run against the baseline, case by case."""
    known = [outcome for outcome in outcomes if outcome.id in baseline.verdicts]
    rise = {outcome.id: outcome.harm - HARM[baseline.verdicts[outcome.id]] for outcome in known}
    ids = {outcome.id for outcome in outcomes}
    return Drift(
        worse=tuple(sorted((name for name, harm in rise.items() if harm > 0), key=lambda name: (-rise[name], name))),
        better=tuple(sorted(name for name, harm in rise.items() if harm < 0)),
        new=tuple(sorted(ids - baseline.verdicts.keys())),
        gone=tuple(sorted(baseline.verdicts.keys() - ids)),
        harm=sum(rise.values()) / len(rise) if rise else 0.0,
    )


def fallen_behind(outcomes: Sequence[Outcome], baseline: Baseline, allowed: Mapping[str, float]) -> list[str]:
    """Figures that are worse than the baseline's by more than `allowed`, in words.

    Harm is compared over the cases of both. The other figures are compared while the cases are the same.
    """
    found = drift(outcomes, baseline)
    fallen = []
    if "harm" in allowed and found.harm > allowed["harm"]:
        worst = ", ".join(found.worse[:5])
        fallen.append(
            f"harm rose by {found.harm:.3f} since the baseline, at most {allowed['harm']:g} is allowed; "
            f"worse are {len(found.worse)} cases, as {worst}"
        )
    if found.new or found.gone:
        return fallen
    now = figures_of(outcomes)
    for name in allowed.keys() - {"harm"}:
        before, value = baseline.figures.get(name), now[name]
        if before is None:
            continue
        if value is None:
            fallen.append(f"{name} has no value, the baseline has {before:.3f}")
            continue
        worse_by = value - before if name in LOWER_IS_BETTER else before - value
        if worse_by > allowed[name]:
            fallen.append(f"{name} is {value:.3f}, the baseline has {before:.3f} and {allowed[name]:g} may be lost")
    return sorted(fallen)


def _of_slice(group: Sequence[Outcome]) -> dict[str, float]:
    figures = figures_of(group)
    return {"cases": len(group), **_rounded({name: figures[name] for name in _BY_SLICE})}


def _rounded(figures: Figures) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items() if value is not None and name not in _MACHINE}
