"""Two runs over the same cases: what changed, and whether chance would have done it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InvalidInput
from evals.figures import LOWER_IS_BETTER, by_slice
from evals.outcome import Outcome, Verdict
from evals.statistics import Interval, mcnemar_exact, paired_bootstrap

__all__ = ["Change", "Comparison", "Difference", "compare"]

_SCORES = ("harm", "correct", "ndcg@10", "hit@1", "facts", "section_recall", "section_precision", "seconds")


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose verdict is not what it was."""

    id: str
    question: str
    before: Verdict
    after: Verdict
    why: str
    harm: float
    """By how much the harm rose."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a score of the second run differs from the first's, over the cases of `group` that have it in both."""

    group: str
    score: str
    cases: int
    before: float
    after: float
    interval: Interval

    @property
    def is_worse(self) -> bool:
        lower_is_better = self.score in LOWER_IS_BETTER or self.score == "seconds"
        return self.interval.mean > 0 if lower_is_better else self.interval.mean < 0

    @property
    def is_certain(self) -> bool:
        """Whether the 95% interval leaves 0 out."""
        return self.interval.low > 0 or self.interval.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second run against the first, over the cases of both; `changes` are the most harmful first.

    `p` is that of McNemar's exact test: `lost` cases were correct in the first run alone, `won` in the second alone.
    """

    cases: int
    lost: int
    won: int
    p: float
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    missing: tuple[str, ...] = ()
    """Ids that only one of the runs has."""


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Raises `InvalidInput` when the runs have no case in common."""
    first = {outcome.id: outcome for outcome in before}
    second = {outcome.id: outcome for outcome in after}
    pairs = [(first[name], second[name]) for name in second if name in first]
    if not pairs:
        raise InvalidInput("the two runs have no case in common, so there is nothing to compare")
    lost = sum(_is_correct(one) and not _is_correct(other) for one, other in pairs)
    won = sum(_is_correct(other) and not _is_correct(one) for one, other in pairs)
    changes = [
        Change(one.id, one.question, one.verdict, other.verdict, other.why, other.harm - one.harm)
        for one, other in pairs
        if one.verdict is not other.verdict
    ]
    return Comparison(
        cases=len(pairs),
        lost=lost,
        won=won,
        p=mcnemar_exact(lost, won),
        changes=tuple(sorted(changes, key=lambda change: (-change.harm, change.id))),
        differences=tuple(_differences(first, [other for _, other in pairs])),
        missing=tuple(sorted(first.keys() ^ second.keys())),
    )


def _differences(first: dict[str, Outcome], after: Sequence[Outcome]) -> list[Difference]:
    found = [_difference("all", name, first, after) for name in _SCORES]
    found += [_difference(group, "harm", first, outcomes) for group, outcomes in by_slice(after).items()]
    return [difference for difference in found if difference is not None]


def _difference(group: str, score: str, first: dict[str, Outcome], after: Sequence[Outcome]) -> Difference | None:
    values = [(_score(first[outcome.id], score), _score(outcome, score)) for outcome in after]
    known = [(one, other) for one, other in values if one is not None and other is not None]
    if not known:
        return None
    before_mean, after_mean = (sum(column) / len(known) for column in zip(*known, strict=True))
    interval = paired_bootstrap([other - one for one, other in known])
    return Difference(group, score, len(known), before_mean, after_mean, interval)


def _score(outcome: Outcome, name: str) -> float | None:
    if name == "harm":
        return outcome.harm
    if name == "seconds":
        return outcome.seconds
    return float(_is_correct(outcome)) if name == "correct" else outcome.scores.get(name)


def _is_correct(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.CORRECT
