"""The gate: figures, overall and by slice, held against what they have to be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import InvalidInput
from evals.dataset import Slice
from evals.figures import FIGURES, LOWER_IS_BETTER, Figures, by_slice, figures_of
from evals.outcome import Outcome

__all__ = ["THRESHOLDS", "Bound", "Thresholds", "failed_thresholds", "load_thresholds", "met_by", "propose"]

THRESHOLDS = Path(__file__).parent / "thresholds.yaml"

_PROPOSED = (
    "harm", "wrong", "correct_answers", "correct_refusals", "right_reasons", "refusal_precision", "failed", "ndcg@10",
    "quotes_exact", "facts", "forbidden_unsaid", "section_recall", "section_precision", "aurc", "calibration_error",
)  # fmt: skip
_PROPOSED_BY_SLICE = ("wrong", "correct", "ndcg@10")
_EXACT = frozenset(("quotes_exact", "failed"))
"""Promises rather than aims: they are proposed without a margin."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The least or the most that a figure may be."""

    figure: str
    least: float | None = None
    most: float | None = None

    def missed_by(self, figures: Figures) -> str | None:
        """In words why the bound is not met; a figure without a value does not meet any."""
        value = figures[self.figure]
        if value is None or not math.isfinite(value):
            return f"{self.figure} has no value, since no case concerns it"
        if self.least is not None and value < self.least:
            return f"{self.figure} is {value:.3f}, at least {self.least:g} is asked for"
        if self.most is not None and value > self.most:
            return f"{self.figure} is {value:.3f}, at most {self.most:g} is allowed"
        return None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bounds over all cases and by slice, and by how much a figure may be worse than the baseline's."""

    overall: tuple[Bound, ...]
    slices: Mapping[str, tuple[Bound, ...]]
    against_baseline: Mapping[str, float]


def load_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Raises `InvalidInput` for a bound on a figure or a slice that does not exist, or that bounds nothing."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise InvalidInput(f"{path.name} is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput(f"{path.name} holds {type(content).__name__}; write figures with their bounds")
    slices = content.pop("slices", None) or {}
    against = content.pop("against_baseline", None) or {}
    if unknown := set(slices) - set(Slice):
        raise InvalidInput(f"{path.name} bounds {sorted(unknown)}, which are no slices; known are {', '.join(Slice)}")
    for name in against:
        _require_figure(name, path)
    return Thresholds(
        overall=_bounds(content, path),
        slices={name: _bounds(bounds, path) for name, bounds in slices.items()},
        against_baseline={name: float(worse) for name, worse in against.items()},
    )


def failed_thresholds(outcomes: Sequence[Outcome], thresholds: Thresholds) -> list[str]:
    """What does not pass, in words; raises `InvalidInput` for a bounded slice of which there is no case."""
    figures = figures_of(outcomes)
    failed = [missed for bound in thresholds.overall if (missed := bound.missed_by(figures))]
    groups = by_slice(outcomes)
    for name, bounds in thresholds.slices.items():
        if name not in groups:
            raise InvalidInput(
                f"thresholds bound the slice {name!r}, of which there is no case; add some or unbound it"
            )
        figures = figures_of(groups[name])
        failed += [f"{name}: {missed}" for bound in bounds if (missed := bound.missed_by(figures))]
    return failed


def met_by(outcomes: Sequence[Outcome], thresholds: Thresholds) -> Thresholds:
    """Those bounds that the outcomes meet; slices without a case are left out."""
    groups = {name: figures_of(group) for name, group in by_slice(outcomes).items() if name in thresholds.slices}
    figures = figures_of(outcomes)
    return Thresholds(
        overall=tuple(bound for bound in thresholds.overall if not bound.missed_by(figures)),
        slices={
            name: tuple(bound for bound in thresholds.slices[name] if not bound.missed_by(held))
            for name, held in groups.items()
        },
        against_baseline=thresholds.against_baseline,
    )


def propose(outcomes: Sequence[Outcome], *, margin: float) -> dict[str, Any]:
    """Thresholds that this run passes with `margin` to spare, by slice with room for one more case."""
    proposed: dict[str, Any] = _proposed(figures_of(outcomes), _PROPOSED, margin)
    slices = {
        str(name): _proposed(figures_of(group), _PROPOSED_BY_SLICE, max(margin, 1 / len(group)))
        for name, group in by_slice(outcomes).items()
    }
    return proposed | ({"slices": slices} if slices else {})


def _proposed(figures: Figures, names: Sequence[str], margin: float) -> dict[str, dict[str, float]]:
    bounds = {}
    for name in names:
        if (value := figures[name]) is None:
            continue
        room = 0.0 if name in _EXACT else margin
        if name in LOWER_IS_BETTER:
            bounds[name] = {"most": math.ceil(min(1.0, value + room) * 1000) / 1000}
        else:
            bounds[name] = {"least": math.floor(max(0.0, value - room) * 1000) / 1000}
    return bounds


def _bounds(content: dict[str, Any], path: Path) -> tuple[Bound, ...]:
    bounds = []
    for name, said in content.items():
        _require_figure(name, path)
        if not isinstance(said, dict) or not said or not set(said) <= {"least", "most"}:
            raise InvalidInput(f"{path.name} says {said!r} of {name}; write {{least: …}} or {{most: …}}")
        bounds.append(Bound(name, **{key: float(value) for key, value in said.items()}))
    return tuple(bounds)


def _require_figure(name: str, path: Path) -> None:
    if name not in FIGURES:
        raise InvalidInput(f"{path.name} bounds {name!r}, which is no figure; known are {', '.join(FIGURES)}")
