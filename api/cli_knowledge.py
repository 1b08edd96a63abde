"""The commands about the whole knowledge base: ingest, reindex, and what state everything is in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.command_line import ExitCode, current_settings, fail, open_application, print_json
from api.document_schemas import ProgressOut, SyncOut, sync_out
from api.server_link import ServerLink, find_server

if TYPE_CHECKING:
    from api.application import Application
    from ingest.report import Progress, SyncReport

__all__ = ["ask_here", "index_when_empty", "ingest", "reindex"]

out = Console()
err = Console(stderr=True)

_POLL_S = 0.5

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders or files; the knowledge base when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Index documents: new and changed ones are read, unchanged ones cost nothing, and removed ones disappear."""
    settings = current_settings()
    chosen = [path.resolve() for path in paths or [settings.knowledge_base]]
    for path in chosen:
        if not path.exists():
            fail(f"there is no {str(path)!r}; give a folder or a file that exists")
    server = find_server(settings)
    if server is not None:
        reports = [_ingest_by_server(server, chosen, settings.knowledge_base.resolve())]
    else:
        with open_application(settings) as application:
            reports = [sync_out(_ingest_here(application, path)) for path in chosen]
    if as_json:
        print_json([report.model_dump() for report in reports])
    else:
        for report in reports:
            _print_report(report)
    if any(report.unreadable for report in reports):
        raise typer.Exit(ExitCode.SOME_UNREADABLE)


def reindex() -> None:
    """Build the vector index and the keyword index anew from the database; no document is read or embedded again."""
    server = find_server(current_settings())
    if server is not None:
        counts = server.post("/documents/reindex")
        out.print(f"Indexed {counts['chunks']} passages of {counts['documents']} documents anew.")
        return
    with open_application(current_settings()) as application:
        application.upkeep.rebuild()
        found = application.store.counts()
        out.print(f"Indexed {found.chunks} passages of {found.documents} documents anew.")


def index_when_empty(application: Application) -> None:
    """Index the knowledge base once, so that the first question has something to be answered from."""
    if not application.store.counts().documents and application.settings.knowledge_base.is_dir():
        _ingest_here(application, application.settings.knowledge_base)


def ask_here(application: Application, sent: dict[str, str]) -> Any:
    """Answer in this process; the reply is that of the HTTP interface."""
    from api.routes.chat import to_ask
    from api.schemas import AskIn, ReplyOut
    from core.identity import LOCAL_SUBJECT

    turn, _ = application.conversations.accept(LOCAL_SUBJECT, to_ask(application, AskIn.model_validate(sent), None))
    for _ in application.conversations.answer(turn):
        pass
    return ReplyOut.of(application.conversations.turn(LOCAL_SUBJECT, turn.id)).model_dump(mode="json")


def _ingest_by_server(server: ServerLink, chosen: list[Path], knowledge_base: Path) -> SyncOut:
    if any(not path.is_relative_to(knowledge_base) for path in chosen):
        fail(
            f"the server at {server.address} has this data folder open and reads {str(knowledge_base)!r} only; "
            "put the documents there, stop the server first, or use another --data-dir"
        )
    with _ProgressBar("Indexing at the server") as bar, ThreadPoolExecutor(max_workers=1) as pool:
        report = pool.submit(server.post, "/documents/sync")
        while not wait([report], timeout=_POLL_S).done:
            bar.show(ProgressOut.model_validate(server.get("/documents/progress")))
        return SyncOut.model_validate(report.result())


def _ingest_here(application: Application, path: Path) -> SyncReport:
    with _ProgressBar(f"Indexing {path.name}") as bar:
        if path.is_dir():
            return application.ingestor.sync_folder(path, progress=bar.show)
        inside = path.is_relative_to(application.settings.knowledge_base.resolve())
        root = application.settings.knowledge_base.resolve() if inside else path.parent
        return application.ingestor.refresh([path], root, progress=bar.show)


class _ProgressBar(AbstractContextManager["_ProgressBar"]):
    """A bar with rate and time left on a terminal, silence elsewhere."""

    def __init__(self, title: str) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("files"),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), console=err, transient=True,
            disable=not err.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(title, total=None, rate="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress | ProgressOut) -> None:
        if progress.total:
            rate = f"{progress.passages / progress.seconds:.0f} passages/s" if progress.seconds else ""
            self._bar.update(self._task, completed=progress.done, total=progress.total, rate=rate)


def _print_report(report: SyncOut) -> None:
    out.print(
        f"{len(report.added)} added, {len(report.replaced)} replaced, {report.kept} unchanged, "
        f"{len(report.removed)} removed; {report.passages} passages in {report.seconds:.1f} s",
        highlight=False,
    )
    for item in report.unreadable:
        out.print(f"[yellow]not read[/] {escape(item.id)}: {escape(item.detail)}", highlight=False)
    for problem in report.problems:
        out.print(f"[yellow]left out[/] {escape(problem)}", highlight=False)
