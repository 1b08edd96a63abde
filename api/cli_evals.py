"""`assistant eval`: the answers to the cases, judged."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.cli_knowledge import index_when_empty
from api.command_line import ExitCode, current_settings, open_application, print_json
from evals.dataset import load_cases
from evals.judge import cited_document_precision
from evals.metrics import Result, Summary, Verdict, summarise
from evals.run import failed_thresholds, run_cases

__all__ = ["evaluate"]

out = Console()
err = Console(stderr=True)


def evaluate(
    only: Annotated[str | None, typer.Option("--case", help="Only the cases whose id begins so.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures and every verdict as JSON.")] = False,
) -> None:
    """Ask the eval cases and judge the replies; exit code 1 when a threshold is not met."""
    cases = [case for case in load_cases() if only is None or case.id.startswith(only)]
    with open_application(current_settings()) as application:
        index_when_empty(application)
        with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("Asking", total=len(cases))
            results = run_cases(cases, application.chain.invoke, today=date.today(), tell=lambda _: bar.advance(task))
    summary = summarise(results)
    failed = failed_thresholds(summary) if only is None else []
    if as_json:
        print_json({**asdict(summary), "failed": failed, "cases": [_row(result) for result in results]})
    else:
        _print(results, summary, failed)
    if failed:
        raise typer.Exit(ExitCode.FAILED)


def _row(result: Result) -> dict[str, object]:
    return {
        "id": result.case.id, "question": result.case.question, "verdict": result.verdict, "why": result.why,
        "answer": result.reply.text, "seconds": round(result.seconds, 4),
    }  # fmt: skip


def _print(results: list[Result], summary: Summary, failed: list[str]) -> None:
    worst = [result for result in results if result.verdict is not Verdict.CORRECT]
    for result in sorted(worst, key=lambda result: result.verdict is not Verdict.WRONG):
        out.print(f"[bold]{result.case.id}[/] {result.verdict}: {result.why}", highlight=False)
        out.print(f"  {result.case.question}", style="dim", markup=False, highlight=False)
    table = Table("figure", "value", box=None, pad_edge=False)
    for name, value in asdict(summary).items():
        table.add_row(name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value))
    table.add_row("cited documents that were expected (ragas)", f"{cited_document_precision(results):.3f}")
    out.print(table)
    for line in failed:
        out.print(f"[red]not passed[/] {line}", highlight=False)
