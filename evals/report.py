"""The report of a run: one HTML file without any request, for a developer who wants to know what got worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.baseline import Baseline, Drift, drift
from evals.dataset import HELD_OUT
from evals.figures import FIGURES, LOWER_IS_BETTER, by_slice, calibration_pairs, figures_of, reasons_of
from evals.judge import Judgement
from evals.outcome import HARM, Outcome, Verdict
from evals.plots import calibration_plot, latency_plot, retrieval_plot, risk_plot
from evals.statistics import bootstrap_interval

__all__ = ["Run", "SliceRow", "slice_rows", "worst_first", "write_report"]

ALL, HELD_OUT_ROW = "all", "held out"
_TEMPLATES = Path(__file__).parent / "templates"
_SHOWN_PASSAGES = 10
_SHOWN_PASSAGES_OF_CORRECT = 3
_EXCERPT_CHARS = 420
_HEADLINES = (
    "correct_answers", "right_reasons", "wrong", "harm", "ndcg@10", "quotes_exact", "calibration_error", "p95_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run. `failed` says in words what the gate does not let pass; `gated` is False for some of the cases.

    `writer` names what wrote the answers, where that was a language model.
    """

    outcomes: tuple[Outcome, ...]
    baseline: Baseline | None
    failed: tuple[str, ...]
    judgement: Judgement | None
    gated: bool = True
    writer: str = ""

    @property
    def drift(self) -> Drift | None:
        return drift(self.outcomes, self.baseline) if self.baseline else None

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        changed = self.drift
        return {
            "writer": self.writer or None,
            "figures": figures_of(self.outcomes),
            "slices": {name: figures_of(group) for name, group in by_slice(self.outcomes).items()},
            "reasons": {
                name: {"precision": precision, "recall": recall, "cases": cases}
                for name, (precision, recall, cases) in reasons_of(self.outcomes).items()
            },
            "failed": self.failed,
            "drift": asdict(changed) if changed else None,
            "judgement": asdict(self.judgement) if self.judgement else None,
            "cases": [asdict(outcome) for outcome in self.outcomes],
        }


@dataclass(frozen=True, slots=True)
class SliceRow:
    """A slice's share of right replies with its 95% interval, and what else a row of the table shows."""

    name: str
    cases: int
    correct: float
    low: float
    high: float
    wrong: float
    harm: float
    ndcg: float | None
    before: float | None
    """Share of right replies at the baseline."""


@dataclass(frozen=True, slots=True)
class _Headline:
    name: str
    meaning: str
    value: float | None
    change: float | None
    is_worse: bool


def write_report(path: Path, run: Run) -> None:
    """Write the report; what people and documents said is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["figure"] = format_figure
    environment.filters["excerpt"] = _excerpt
    confidences, events = calibration_pairs(run.outcomes)
    answered = [outcome for outcome in run.outcomes if outcome.answered]
    changed = run.drift
    page = environment.get_template("report.html.j2").render(
        run=run, drift=changed, made=datetime.now(UTC), headlines=_headlines(run), rows=slice_rows(run),
        verdicts=_verdict_counts(run.outcomes), reasons=reasons_of(run.outcomes), meanings=FIGURES,
        cases=worst_first(run.outcomes), by_id={outcome.id: outcome for outcome in run.outcomes},
        before=run.baseline.verdicts if run.baseline else {}, passages_of=_passages_of,
        plots=[
            retrieval_plot(figures_of(run.outcomes)),
            calibration_plot(confidences, events),
            risk_plot(
                [outcome.confidence or 0.0 for outcome in answered],
                [outcome.verdict in (Verdict.WRONG, Verdict.FAILED) for outcome in answered],
                total=len(run.outcomes),
            ),
            latency_plot([outcome.seconds * 1000 for outcome in run.outcomes]),
        ],
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def slice_rows(run: Run) -> list[SliceRow]:
    """All cases first, then those that nothing was tuned on, then the slices, the most harmful first."""
    rows = [_row(name, group, run.baseline) for name, group in by_slice(run.outcomes).items()]
    whole = [_row(ALL, run.outcomes, run.baseline)]
    if held := [outcome for outcome in run.outcomes if outcome.id.startswith(HELD_OUT)]:
        whole.append(_row(HELD_OUT_ROW, held, run.baseline))
    return [*whole, *sorted(rows, key=lambda row: (-row.harm, row.name))]


def worst_first(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The most harmful first, among equals those that were surest of themselves."""
    return sorted(outcomes, key=lambda outcome: (-outcome.harm, -(outcome.confidence or 0.0), outcome.id))


def format_figure(value: float | None, name: str = "") -> str:
    """A figure as a person reads it: times in milliseconds, the rest with three places."""
    if value is None:
        return "none"
    return f"{value:.0f} ms" if name.endswith("_ms") else f"{value:.3f}"


def _row(name: str, group: Sequence[Outcome], baseline: Baseline | None) -> SliceRow:
    figures = figures_of(group)
    low, high = bootstrap_interval([float(outcome.verdict is Verdict.CORRECT) for outcome in group])
    before: float | None = None
    if baseline is not None:
        held = baseline.figures if name == ALL else baseline.slices.get(name, {})
        before = held.get("correct")
    return SliceRow(
        name, len(group), figures["correct"] or 0.0, low, high, figures["wrong"] or 0.0, figures["harm"] or 0.0,
        figures["ndcg@10"], before,
    )  # fmt: skip


def _headlines(run: Run) -> list[_Headline]:
    figures = figures_of(run.outcomes)
    changed = run.drift
    comparable = run.baseline if changed and not changed.new and not changed.gone else None
    before = comparable.figures if comparable else {}
    found = []
    for name in _HEADLINES:
        value, old = figures[name], before.get(name)
        change = value - old if value is not None and old is not None else None
        worse = bool(change and (change > 0) == (name in LOWER_IS_BETTER))
        found.append(_Headline(name, FIGURES[name], value, change, worse))
    return found


def _verdict_counts(outcomes: Sequence[Outcome]) -> list[tuple[Verdict, int]]:
    counts = [(verdict, sum(outcome.verdict is verdict for outcome in outcomes)) for verdict in Verdict]
    return sorted((pair for pair in counts if pair[1]), key=lambda pair: HARM[pair[0]])


def _passages_of(outcome: Outcome) -> Sequence[Any]:
    most = _SHOWN_PASSAGES_OF_CORRECT if outcome.verdict is Verdict.CORRECT else _SHOWN_PASSAGES
    return outcome.passages[:most]


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT_CHARS else f"{text[:_EXCERPT_CHARS].rstrip()}…"
