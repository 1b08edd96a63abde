"""Named breakages of the running system, each undone at the end, and whether the gate catches them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.baseline import Baseline, fallen_behind
from evals.dataset import Case
from evals.figures import figures_of
from evals.outcome import Outcome
from evals.thresholds import Thresholds, failed_thresholds, met_by

if TYPE_CHECKING:
    from chains.answer import AnswerChain
    from retrieval.retriever import HybridRetriever
    from retrieval.store import ChunkStore

__all__ = ["Breakage", "Subject", "Tried", "TriedOne", "sample", "try_each"]


@dataclass(frozen=True, slots=True)
class Subject:
    """The parts of a built application that are broken."""

    chain: AnswerChain
    retriever: HybridRetriever
    store: ChunkStore


@dataclass(frozen=True, slots=True)
class Breakage:
    """What a change could break, and how to break it until the block ends."""

    name: str
    says: str
    apply: Callable[[Subject], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class TriedOne:
    """What a breakage did; it is caught when the gate did not pass, `failed` says at which bounds.

    `raised` is the share of replies that ended in an error, beyond those of the unbroken system. Any gate sees those:
    where some did, the breakage is itself broken and says nothing of the gate.
    """

    name: str
    failed: tuple[str, ...]
    correct: float
    wrong: float
    harm: float
    raised: float = 0.0

    @property
    def is_caught(self) -> bool:
        return bool(self.failed) and not self.raised


@dataclass(frozen=True, slots=True)
class Tried:
    """All breakages; `sound` are the bounds that the unbroken system does not meet, which must be none."""

    sound: tuple[str, ...]
    results: tuple[TriedOne, ...]
    seconds: float
    may_escape: int = 0

    @property
    def holds(self) -> bool:
        """Whether the unbroken system passes and no more than `may_escape` breakages pass too."""
        return not self.sound and sum(not one.is_caught for one in self.results) <= self.may_escape


def try_each(
    breakages: Sequence[Breakage],
    subject: Subject,
    run: Callable[[], list[Outcome]],
    *,
    thresholds: Thresholds,
    baseline: Baseline | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
    may_escape: int = 0,
) -> Tried:
    """Run the gate over the unbroken system, then once for each breakage; `tell` hears how many of how many are done.

    Without a `baseline` `run` asks only some of the cases. Then the unbroken run is the baseline, and the thresholds
    are those that it meets: what it does not meet on a part of the cases says nothing of a breakage.
    """
    began = time.perf_counter()
    total = len(breakages) + 1
    sound = run()
    tell(1, total)
    standing = baseline or _baseline_of(sound)
    thresholds = thresholds if baseline else met_by(sound, thresholds)
    whole = figures_of(sound)
    results = []
    for done, breakage in enumerate(breakages, 2):
        with breakage.apply(subject):
            outcomes = run()
        failed = _gate(outcomes, thresholds, standing)
        figures = figures_of(outcomes)
        results.append(
            TriedOne(
                breakage.name,
                tuple(failed),
                correct=figures["correct"] or 0.0,
                wrong=figures["wrong"] or 0.0,
                harm=figures["harm"] or 0.0,
                raised=max(0.0, (figures["failed"] or 0.0) - (whole["failed"] or 0.0)),
            )
        )
        tell(done, total)
    return Tried(
        sound=tuple(_gate(sound, thresholds, standing)),
        results=tuple(results),
        seconds=time.perf_counter() - began,
        may_escape=may_escape,
    )


def sample(cases: Sequence[Case], most: int) -> list[Case]:
    """About `most` cases in their order, each slice with its share and none without a case."""
    if len(cases) <= most:
        return list(cases)
    step = len(cases) / most
    order = sorted(cases, key=lambda case: (min(case.slices, default=""), case.id))
    chosen = {order[int(at * step)].id for at in range(most)}
    for name in sorted({name for case in cases for name in case.slices}):
        of_slice = [case.id for case in order if name in case.slices]
        if chosen.isdisjoint(of_slice):
            chosen.add(of_slice[0])
    return [case for case in cases if case.id in chosen]


def _gate(outcomes: Sequence[Outcome], thresholds: Thresholds, baseline: Baseline) -> list[str]:
    behind = fallen_behind(outcomes, baseline, thresholds.against_baseline)
    return failed_thresholds(outcomes, thresholds) + behind


def _baseline_of(outcomes: Sequence[Outcome]) -> Baseline:
    figures = {name: value for name, value in figures_of(outcomes).items() if value is not None}
    return Baseline(figures, {}, {outcome.id: outcome.verdict for outcome in outcomes})
