"""`assistant eval`: the cases asked, the replies judged, and what got worse shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api import eval_printing as printing
from api.command_line import ExitCode, current_settings, fail, print_json
from api.eval_writing import EvalWriting, open_writing, require_sense
from api.evaluating import Evaluated, open_evaluated, overlaid
from core.settings import Settings
from evals.baseline import fallen_behind, load_baseline, write_baseline
from evals.compare import compare
from evals.dataset import WITH_MODEL, Case, Slice, load_cases
from evals.judge import Judgement, judge_replies
from evals.junit import write_junit
from evals.outcome import Outcome, read_outcomes, write_outcomes
from evals.regressions import sample
from evals.report import Run, write_report
from evals.run import CASE_LIMIT_S
from evals.thresholds import failed_thresholds, load_thresholds, propose

__all__ = ["evaluate"]

out = Console()
err = Console(stderr=True)


def evaluate(
    only: Annotated[list[str] | None, typer.Option("--case", help="Only cases whose id begins so.")] = None,
    within: Annotated[list[Slice] | None, typer.Option("--slice", help="Only cases of this slice.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every result as JSON; - to print it.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML, for CI.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report, one file that a browser opens.")] = None,
    compared: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", help="Two files of --json, or settings as KEY=VALUE; `now` for the settings as is."),
    ] = None,
    keep: Annotated[bool, typer.Option("--write-baseline", help="Keep this run as the baseline.")] = False,
    propose_with: Annotated[
        float | None, typer.Option("--propose-thresholds", help="Print thresholds passed with this margin, as 0.02.")
    ] = None,
    check_only: Annotated[bool, typer.Option("--check", help="Only check the cases against the documents.")] = False,
    regressions: Annotated[
        bool, typer.Option("--regressions", help="Break the system in many ways, and see that the gate catches it.")
    ] = False,
    broken: Annotated[list[str] | None, typer.Option("--break", help="With --regressions: only the one named.")] = None,
    most: Annotated[int | None, typer.Option("--sample", min=1, help="With --regressions: ask about so many.")] = None,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of cases that name none; today if left out.")
    ] = None,
    limit_s: Annotated[float, typer.Option("--limit", min=0.1, help="Seconds for one reply.")] = CASE_LIMIT_S,
    judge: Annotated[bool, typer.Option(help="Let ragas judge the replies too.")] = True,
    replies: Annotated[
        Path | None, typer.Option(help="Let a language model's replies, as they were recorded, write the answers.")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Write down what LLM_MODEL replies, for --replies.")] = None,
) -> None:
    """Ask the eval cases and judge the replies; exit code 1 when the gate is not passed."""
    settings = current_settings()
    alone = {"--compare": compared, "--check": check_only, "--regressions": regressions, "--today": today}
    given = [name for name, value in alone.items() if value]
    # One day for the whole run: prompts name it.
    day = today.date() if today else settings.today()
    require_sense(settings, replies, record, day=day, alone=given)
    if compared is not None:
        _compare(compared, _chosen(only, within), day, limit_s)
        return
    writing = open_writing(settings, replies=replies, record=record is not None)
    cases, day = _chosen(only, within, writing), writing.day or day
    with _opened(settings, writing) as evaluated:
        _require_sound(evaluated, cases)
        if check_only:
            out.print(
                f"{len(cases)} cases are sound: each fact and section stands in a named document.", highlight=False
            )
            return
        if regressions:
            _regressions(evaluated, cases if most is None else sample(cases, most), broken or [], day)
            return
        try:
            outcomes = _run(evaluated, cases, day, limit_s, writing)
        finally:
            if record is not None:
                writing.write(record, day)
                err.print(f"The replies to {len(writing.taken)} of {len(cases)} cases are recorded.", highlight=False)
        judged = judge_replies(outcomes, evaluated.application.settings) if judge else None
    if propose_with is not None:
        typer.echo(yaml.safe_dump(propose(outcomes, margin=propose_with), sort_keys=False).rstrip())
        return
    run = _judged(outcomes, judged, writing, partial=bool(only or within))
    _tell(run, json_file=json_file, junit=junit, html=html)
    if keep:
        if not run.gated or writing.stale:
            fail("a baseline of some of the cases would hide the others; leave --case and --slice out, and record anew")
        write_baseline(outcomes, writing.baseline)
    if run.failed:
        raise typer.Exit(ExitCode.FAILED)


def _chosen(only: list[str] | None, within: list[Slice] | None, writing: EvalWriting | None = None) -> list[Case]:
    def named(cases: list[Case]) -> list[Case]:
        begun, slices = tuple(only or [""]), set(within or Slice)
        return [case for case in cases if case.id.startswith(begun) and case.slices & slices]

    writing = writing or EvalWriting()
    cases, with_model = named(load_cases()), named(load_cases(WITH_MODEL))
    asked = writing.of(cases, with_model)
    if not cases and not with_model:
        fail("no case is of that id and slice; see evals/cases")
    left = len(cases) + len(with_model) - len(asked)
    if not asked:
        fail(f"all {left} cases of that id and slice {writing.why_left}")
    if left:
        err.print(f"{left} of {left + len(asked)} cases {writing.why_left}; they are left out.", highlight=False)
    return asked


@contextmanager
def _opened(settings: Settings, writing: EvalWriting | None = None) -> Iterator[Evaluated]:
    with ExitStack() as stack:
        with _bar("Indexing") as (bar, task):
            opening = open_evaluated(
                settings,
                chat_model=writing.model if writing else None,
                progress=lambda seen: bar.update(task, total=seen.total or None, completed=seen.done),
            )
            evaluated = stack.enter_context(opening)
        yield evaluated


def _run(
    evaluated: Evaluated, cases: list[Case], today: date | None, limit_s: float, writing: EvalWriting
) -> list[Outcome]:
    with _bar("Asking") as (bar, task):
        bar.update(task, total=len(cases))

        def tell(outcome: Outcome) -> None:
            writing.heard(outcome)
            bar.advance(task)

        outcomes = evaluated.run(cases, today=today, limit_s=limit_s, tell=tell)
    if writing.stale:
        err.print(
            f"{len(writing.stale)} cases are left out: what the model was asked about them when its replies were "
            "recorded is not what it would be asked now. --record FILE records them anew.",
            style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip
    return writing.fitting(outcomes)


def _require_sound(evaluated: Evaluated, cases: list[Case]) -> None:
    faults = evaluated.faults(cases)
    for fault in faults:
        err.print(fault, markup=False, highlight=False, soft_wrap=True)
    if faults:
        fail(f"{len(faults)} faults in the cases; a case may ask only for what its documents say")


def _judged(outcomes: list[Outcome], judged: Judgement | None, writing: EvalWriting, *, partial: bool) -> Run:
    """The run with what the gate says of it; nothing where some of the cases were asked."""
    baseline = load_baseline(writing.baseline)
    failed = list(judged.faults) if judged is not None else []
    if writing.is_stale:
        failed.append(f"{len(writing.stale)} recorded cases are asked otherwise now, too many to judge by the rest")
    elif not partial:
        thresholds = load_thresholds(writing.thresholds)
        failed += failed_thresholds(outcomes, thresholds)
        failed += fallen_behind(outcomes, baseline, thresholds.against_baseline) if baseline else []
    return Run(tuple(outcomes), baseline, tuple(failed), judged, gated=not partial, writer=writing.name)


def _tell(run: Run, *, json_file: Path | None, junit: Path | None, html: Path | None) -> None:
    printed = str(json_file) == "-"
    if printed:
        print_json(run.as_json())
    elif json_file is not None:
        summary: dict[str, Any] = run.as_json()
        summary.pop("cases")
        write_outcomes(json_file, run.outcomes, **summary)
    if junit is not None:
        write_junit(junit, run.outcomes, run.failed)
    if html is not None:
        write_report(html, run)
    if not printed:
        printing.print_run(out, run)


def _compare(named: tuple[str, str], cases: list[Case], today: date | None, limit_s: float) -> None:
    before, after = (_results(name, cases, today, limit_s) for name in named)
    printing.print_comparison(out, compare(before, after), *named)


def _results(name: str, cases: list[Case], today: date | None, limit_s: float) -> list[Outcome]:
    if Path(name).is_file():
        wanted = {case.id for case in cases}
        return [outcome for outcome in read_outcomes(Path(name)) if outcome.id in wanted]
    settings = overlaid(current_settings(), "" if name == "now" else name)
    with _opened(settings) as evaluated:
        _require_sound(evaluated, cases)
        return _run(evaluated, cases, today, limit_s, EvalWriting())


def _regressions(evaluated: Evaluated, cases: list[Case], named: list[str], today: date | None) -> None:
    from api.eval_regressions import try_regressions

    with _bar("Breaking") as (bar, task):
        tried = try_regressions(
            evaluated,
            cases,
            named=named,
            today=today,
            tell=lambda done, total: bar.update(task, total=total, completed=done),
        )
    printing.print_regressions(out, tried)
    if not tried.holds:
        raise typer.Exit(ExitCode.FAILED)


@contextmanager
def _bar(title: str) -> Iterator[tuple[Progress, Any]]:
    """A bar with the time left on a terminal, silence elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield bar, bar.add_task(title, total=None)
