"""The figures over many outcomes: what thresholds bound, the baseline keeps and reports show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evals.outcome import Outcome, Verdict
from evals.statistics import aurc, expected_calibration_error, risk_at_coverage

__all__ = ["FIGURES", "LOWER_IS_BETTER", "Figures", "calibration_pairs", "by_slice", "figures_of", "reasons_of"]

Figures = dict[str, float | None]
"""A figure's name to its value; None where no case of the group concerns it."""

_RANKING = ("hit@1", "hit@3", "hit@5", "hit@10", "mrr", "ndcg@10")
_REPLIES = (
    "quotes_exact",
    "facts",
    "forbidden_unsaid",
    "section_recall",
    "section_precision",
    "shown_right",
    "in_own_language",
)

FIGURES: dict[str, str] = {
    "harm": "mean cost of a verdict: 1 for a wrong answer, less for the others",
    "wrong": "share of all cases that were answered wrongly",
    "correct": "share of all cases that got the right reply",
    "correct_answers": "share of the answerable that were answered correctly",
    "incomplete": "share of the answerable whose answer lacks some of the facts",
    "needless_refusals": "share of the answerable that were refused",
    "offered": "share of the answerable that were refused, with the question that is answered beside it",
    "shown": "share of the answerable that were refused, with the very answer shown beside it",
    "shown_right": "of refusals of the answerable that show what comes nearest, the share that show the answer",
    "correct_refusals": "share of the unanswerable that were refused, for whatever reason",
    "right_reasons": "share of the unanswerable that were refused for a right reason",
    "refusal_precision": "share of the refusals that were right to refuse",
    "failed": "share of all cases without a reply that could be judged",
    "hit@1": "a wanted document is the first one found",
    "hit@3": "a wanted document is among the first 3 found",
    "hit@5": "a wanted document is among the first 5 found",
    "hit@10": "a wanted document is among the first 10 found",
    "mrr": "mean of 1 over the rank of the first wanted document",
    "ndcg@10": "the same, discounted by the logarithm of the rank",
    "quotes_exact": "share of a reply's quotes that stand in their documents where they say",
    "facts": "share of the required facts that an answer says, of a translated sentence its original",
    "forbidden_unsaid": "share of the forbidden facts that an answer does not say",
    "section_recall": "share of the expected sections that an answer cites",
    "section_precision": "share of an answer's citations that lie in expected sections",
    "in_own_language": "of what a model answers in another language than English, the share of sentences in it",
    "risk_at_half": "share wrong among the more confident half of the answers",
    "aurc": "mean share wrong over all degrees of caution",
    "calibration_error": "mean distance between confidence and the share that could be answered",
    "p50_ms": "half of the replies came within",
    "p95_ms": "19 of 20 replies came within",
}
"""Every figure, and what it says."""

LOWER_IS_BETTER = frozenset(
    ("harm", "wrong", "incomplete", "needless_refusals", "failed", "risk_at_half", "aurc", "calibration_error",
     "p50_ms", "p95_ms")
)  # fmt: skip


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """Every figure of `FIGURES`; raises `ValueError` for no outcomes."""
    if not outcomes:
        raise ValueError("there are no outcomes to take figures of")
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    others = [outcome for outcome in outcomes if not outcome.answerable]
    refused = [outcome for outcome in outcomes if outcome.reason is not None]
    values: Figures = {
        "harm": _mean([outcome.harm for outcome in outcomes]),
        "wrong": _share(outcomes, Verdict.WRONG),
        "correct": _share(outcomes, Verdict.CORRECT),
        "correct_answers": _share(answerable, Verdict.CORRECT),
        "incomplete": _share(answerable, Verdict.INCOMPLETE),
        "needless_refusals": _share(answerable, Verdict.NEEDLESS_REFUSAL, Verdict.OFFERED),
        "offered": _share(answerable, Verdict.OFFERED),
        "shown": _mean([outcome.scores.get("shown_right", 0.0) for outcome in answerable]),
        "correct_refusals": _mean([float(outcome.reason is not None) for outcome in others]),
        "right_reasons": _share(others, Verdict.CORRECT),
        "refusal_precision": _mean([float(not outcome.answerable) for outcome in refused]),
        "failed": _share(outcomes, Verdict.FAILED),
    }
    for name in (*_RANKING, *_REPLIES):
        values[name] = _mean([outcome.scores[name] for outcome in outcomes if name in outcome.scores])
    values |= _confidence_figures(outcomes)
    times = sorted(outcome.seconds * 1000 for outcome in outcomes)
    values["p50_ms"], values["p95_ms"] = _quantile(times, 0.5), _quantile(times, 0.95)
    return {name: values[name] for name in FIGURES}


def by_slice(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each slice that has any, in the order of the slices' names."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for name in outcome.slices:
            found.setdefault(name, []).append(outcome)
    return dict(sorted(found.items()))


def reasons_of(outcomes: Sequence[Outcome]) -> Mapping[str, tuple[float | None, float | None, int]]:
    """For each reason the precision and recall of refusing for it, and how many cases expect it.

    A case that takes several reasons counts for each of them, and is met by any of them.
    """
    names = sorted({reason for outcome in outcomes for reason in (*outcome.reasons, outcome.reason) if reason})
    return {name: _reason(name, outcomes) for name in names}


def calibration_pairs(outcomes: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    """Confidence, and whether an answer was there: of cases that came as far as passages.

    Confidence says how likely the passages answer the question; an answer was there when a passage of a wanted
    document was found.
    """
    reached = [outcome for outcome in outcomes if outcome.passages and outcome.confidence is not None]
    return [outcome.confidence or 0.0 for outcome in reached], [o.answerable and o.found for o in reached]


def _reason(name: str, outcomes: Sequence[Outcome]) -> tuple[float | None, float | None, int]:
    given = [outcome for outcome in outcomes if outcome.reason == name]
    expecting = [outcome for outcome in outcomes if name in outcome.reasons]
    return _share(given, Verdict.CORRECT), _share(expecting, Verdict.CORRECT), len(expecting)


def _confidence_figures(outcomes: Sequence[Outcome]) -> Figures:
    answered = [outcome for outcome in outcomes if outcome.answered]
    sure = [outcome.confidence or 0.0 for outcome in answered]
    wrong = [outcome.verdict in (Verdict.WRONG, Verdict.FAILED) for outcome in answered]
    risks = risk_at_coverage(sure, wrong)
    return {
        "risk_at_half": risks[(len(risks) - 1) // 2] if risks else None,
        "aurc": aurc(sure, wrong),
        "calibration_error": expected_calibration_error(*calibration_pairs(outcomes)),
    }


def _share(outcomes: Sequence[Outcome], *verdicts: Verdict) -> float | None:
    return _mean([float(outcome.verdict in verdicts) for outcome in outcomes])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The least value that `share` of them do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
