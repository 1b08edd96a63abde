"""`assistant check`: what an editor should correct. `assistant documents due`: what a person should review."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table
from rich.text import Text

from api.command_line import ExitCode, current_settings, fail, open_application, print_json
from api.routes.due import DueOut, due_out
from api.server_link import find_server
from ingest.check.finding import Finding, Severity
from ingest.due import SOON_DAYS, DueReason

if TYPE_CHECKING:
    from ingest.check.run import CheckReport, OnRead

__all__ = ["check", "due"]

out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_REASONS = {
    DueReason.OVERDUE: "overdue", DueReason.DUE_SOON: "due soon", DueReason.NEVER_REVIEWED: "never reviewed",
}  # fmt: skip


def check(
    path: Annotated[Path | None, typer.Argument(help="A folder, or one file of the knowledge base.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for warnings too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for mistakes in the documents; exit code 1 when there are errors. Needs no server and no index."""
    settings = current_settings()
    chosen = (path or settings.knowledge_base).resolve()
    if not chosen.exists():
        fail(f"there is no {str(path or chosen)!r}; give a folder or a file that exists")
    root = chosen if chosen.is_dir() else _folder_of(chosen, settings.knowledge_base.resolve())
    report = _check(root, only=None if chosen.is_dir() else chosen)
    if as_json:
        print_json([asdict(finding) | {"severity": finding.severity} for finding in report.findings])
    else:
        _print(report, root)
    failing = report.count(Severity.ERROR) + (report.count(Severity.WARNING) if strict else 0)
    if failing:
        raise typer.Exit(ExitCode.FAILED)


def due(
    within_days: Annotated[int, typer.Option("--within", min=0, max=3650, help="How many days ahead.")] = SOON_DAYS,
    as_json: AsJson = False,
) -> None:
    """List the documents whose review is due, and those that nobody has reviewed yet."""
    server = find_server(current_settings())
    if server is not None:
        found = DueOut.model_validate(server.get("/documents/due", {"within_days": str(within_days)}))
    else:
        with open_application(current_settings()) as application:
            found = due_out(application, within_days)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    table = Table(Column("document", overflow="fold"), "why", "review by", "reviewed on", box=None, pad_edge=False)
    for item in found.items:
        days = [str(day) if day else "" for day in (item.review_by, item.reviewed_on)]
        table.add_row(Text(item.id), _REASONS[item.reason], *days)
    out.print(table if found.items else "Nothing is due.")


def _check(root: Path, *, only: Path | None) -> CheckReport:
    from ingest.check.run import check_folder
    from ingest.parser import Parser

    settings = current_settings()
    with Parser(settings) as parser, _progress() as on_read:
        report = check_folder(root, parser, today=settings.today(), max_file_mb=settings.max_file_mb, on_read=on_read)
    return report if only is None else report.of(only.relative_to(root.parent).as_posix())


def _folder_of(file: Path, knowledge_base: Path) -> Path:
    """The folder whose other documents a file is held against."""
    return knowledge_base if file.is_relative_to(knowledge_base) else file.parent


@contextmanager
def _progress() -> Iterator[OnRead]:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(report: CheckReport, root: Path) -> None:
    for file, findings in groupby(report.findings, key=lambda finding: finding.file):
        shown = os.path.relpath(root.parent / file)
        for finding in findings:
            out.print(_line(shown, finding), soft_wrap=True)
        out.print()
    counts = [f"{report.count(severity)} {severity}s" for severity in Severity]
    out.print(f"{', '.join(counts)} in {report.files} files", highlight=False)


def _line(file: str, finding: Finding) -> Text:
    place = f"{file}:{finding.line}" if finding.line else file
    return Text.assemble(
        (place, "bold"), "  ", (finding.severity, _STYLES[finding.severity]), f"  {finding.message} → {finding.fix} ",
        (f"[{finding.code}]", "dim"),
    )  # fmt: skip
