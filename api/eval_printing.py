"""The results of evals as text for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.compare import Comparison, Difference
from evals.figures import figures_of
from evals.outcome import Verdict
from evals.regressions import Tried
from evals.report import Run, format_figure, slice_rows, worst_first

__all__ = ["print_comparison", "print_regressions", "print_run"]

_SHOWN_CASES = 40
_SHOWN_CHANGES = 20


def print_run(out: Console, run: Run) -> None:
    """Cases that are not correct, the figures, the slices, the change since the baseline, and the gate last."""
    if run.writer:
        out.print(f"The answers are written by {run.writer}.", markup=False, highlight=False)
    _print_cases(out, run)
    _print_figures(out, run)
    _print_slices(out, run)
    _print_drift(out, run)
    for line in run.failed:
        out.print(Text.assemble(("not passed ", "red"), line), soft_wrap=True)
    if run.gated and not run.failed:
        out.print("The gate is passed.", style="green")


def print_comparison(out: Console, found: Comparison, before: str, after: str) -> None:
    """What the second run does differently, and whether chance would have done it."""
    out.print(f"{found.cases} cases in both: {before} -> {after}", markup=False, highlight=False)
    if found.missing:
        out.print(f"{len(found.missing)} cases are in one of them only and were left out.", highlight=False)
    table = Table("of", "score", "cases", "before", "after", "change", "95% interval", "p", box=None, pad_edge=False)
    for one in found.differences:
        style = ("red" if one.is_worse else "green") if one.is_certain else "dim"
        low, high = one.interval.low, one.interval.high
        table.add_row(
            one.group, one.score, str(one.cases), _score(one, one.before), _score(one, one.after),
            Text(f"{one.interval.mean:+.4f}", style), f"{low:+.4f} to {high:+.4f}", f"{one.interval.p:.3f}",
        )  # fmt: skip
    out.print(table)
    certain = "this is no chance" if found.p < 0.05 else "this may be chance"
    out.print(
        f"Correct before and not after: {found.lost}; correct after and not before: {found.won}; "
        f"McNemar's exact p {found.p:.4f}: {certain}.",
        highlight=False,
    )
    for change in found.changes[:_SHOWN_CHANGES]:
        words = (f"{change.id} ", "bold"), f"{change.before} -> {change.after} ", (change.why, "dim")
        out.print(Text.assemble(*words), soft_wrap=True)
    if len(found.changes) > _SHOWN_CHANGES:
        out.print(f"and {len(found.changes) - _SHOWN_CHANGES} changes more", style="dim", highlight=False)


def print_regressions(out: Console, tried: Tried) -> None:
    """Each breakage, and what the gate said of it."""
    for failed in tried.sound:
        out.print(Text.assemble(("the sound system does not pass: ", "red"), failed), soft_wrap=True)
    table = Table("breakage", "caught", "correct", "wrong", "harm", "first bound", box=None, pad_edge=False)
    for one in tried.results:
        caught = Text("yes", "green") if one.is_caught else Text("no", "red")
        first = one.failed[0] if one.failed else ""
        if one.raised:
            first = f"{one.raised:.1%} of the replies ended in an error: mend the breakage"
        table.add_row(one.name, caught, f"{one.correct:.3f}", f"{one.wrong:.3f}", f"{one.harm:.3f}", Text(first))
    out.print(table)
    found = sum(one.is_caught for one in tried.results)
    out.print(f"{found} of {len(tried.results)} breakages were caught in {tried.seconds:.0f} s.", highlight=False)


def _print_cases(out: Console, run: Run) -> None:
    worst = [outcome for outcome in worst_first(run.outcomes) if outcome.verdict is not Verdict.CORRECT]
    for outcome in worst[:_SHOWN_CASES]:
        out.print(Text.assemble((outcome.id, "bold"), f" {outcome.verdict}: {outcome.why}"), soft_wrap=True)
        out.print(Text(f"  {outcome.question[:200]}", "dim"), soft_wrap=True)
    if len(worst) > _SHOWN_CASES:
        out.print(f"and {len(worst) - _SHOWN_CASES} more; see them all with --html FILE", style="dim", highlight=False)


def _print_figures(out: Console, run: Run) -> None:
    table = Table("figure", "value", "baseline", box=None, pad_edge=False)
    before = run.baseline.figures if run.baseline else {}
    for name, value in figures_of(run.outcomes).items():
        table.add_row(name, format_figure(value, name), format_figure(before[name], name) if name in before else "")
    for one in run.judgement.metrics if run.judgement else ():
        agreement = "" if one.kappa is None else f", kappa {one.kappa:.2f}"
        table.add_row(one.metric, f"{one.mean:.3f}{agreement}", "")
    if run.judgement and run.judgement.calls:
        tokens = f"{run.judgement.input_tokens} in, {run.judgement.output_tokens} out"
        table.add_row("calls and tokens of the judging model", f"{run.judgement.calls}; {tokens}", "")
    out.print(table)


def _print_slices(out: Console, run: Run) -> None:
    table = Table("slice", "cases", "correct", "95% interval", "wrong", "harm", "nDCG@10", box=None, pad_edge=False)
    for row in slice_rows(run):
        table.add_row(
            row.name, str(row.cases), f"{row.correct:.3f}", f"{row.low:.2f} to {row.high:.2f}", f"{row.wrong:.3f}",
            f"{row.harm:.3f}", format_figure(row.ndcg),
        )  # fmt: skip
    out.print(table)


def _print_drift(out: Console, run: Run) -> None:
    drift = run.drift
    if drift is None:
        out.print("There is no baseline yet; --write-baseline keeps this run as one.", style="dim")
        return
    worse = f": {', '.join(drift.worse[:_SHOWN_CHANGES])}" if drift.worse else ""
    out.print(
        f"Since the baseline {len(drift.worse)} cases got worse and {len(drift.better)} better, {len(drift.new)} are "
        f"new{worse}",
        highlight=False,
        soft_wrap=True,
    )


def _score(one: Difference, value: float) -> str:
    return f"{value * 1000:.1f} ms" if one.score == "seconds" else f"{value:.3f}"
