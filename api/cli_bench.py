"""`assistant bench`: how well anything is found and answered on sets with marked answers."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as RichTable

from api.bootstrap import build_application
from api.command_line import current_settings
from core.models import build_embeddings
from core.settings import Settings
from core.telemetry import configure_logging
from evals.bench import Indexed, Observed, halves, measure, sample
from evals.bench_ablate import ablation, ablation_table, looked_up, lookups
from evals.bench_cache import KeptEmbeddings
from evals.bench_documents import write_documents
from evals.bench_report import Figure, Table, choosing, ranking, refusing, speed, to_json
from evals.neutral import Asked, RetrievalSet, SetDocument, Split, load_set

__all__ = ["bench_app"]

_WIDE = 150  # columns of a file or a pipe

bench_app = typer.Typer(help="Measure on sets with marked answers.", no_args_is_help=True)
out = Console(width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True)


class LeaveOut(StrEnum):
    """What is not indexed, to see what is answered without it."""

    HALF = "half"


@bench_app.callback()
def bench() -> None:
    """Measure on sets with marked answers."""


@bench_app.command()
def retrieval(
    data: Annotated[list[Path], typer.Option(help="Folder of a set in the neutral format; may be given again.")],
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most first questions, follow-ups and questions without an answer each.")
    ] = None,
    split: Annotated[Split | None, typer.Option(help="Only the questions of this half.")] = None,
    about: Annotated[
        str | None, typer.Option(help="Only questions about documents whose id holds this, as `visa`.")
    ] = None,
    leave_out: Annotated[
        LeaveOut | None, typer.Option(help="Index either half of the documents and ask about both.")
    ] = None,
    ablate: Annotated[bool, typer.Option(help="Switch off one component of retrieval at a time.")] = False,
    off_topic: Annotated[
        Path | None, typer.Option(help="A set whose questions no document answers; they are asked as well.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure into this file.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Folder in which vectors are kept, so that the next run embeds nothing.")
    ] = None,
) -> None:
    """Index each set, ask its questions, and compare with plain BM25, plain vectors and equal ranks in the same run."""
    strangers = [] if off_topic is None else sample(load_set(off_topic).questions, limit)
    figures: dict[str, object] = {}
    settings = current_settings().model_copy(update={"log_level": "WARNING"})
    configure_logging(settings)
    with tempfile.TemporaryDirectory() as name, closing(_kept(settings, keep or Path(name) / "kept")) as embeddings:
        bench = _Bench(settings, Path(name), embeddings)
        for found in map(load_set, data):
            questions = sample(found.questions, limit, split=split, about=about)
            if ablate:
                tables = bench.ablate(found, questions)
            elif leave_out:
                tables = bench.leave_half_out(found, questions)
            else:
                tables = bench.whole(found, questions, strangers)
            _print(found, tables)
            figures[found.name] = to_json(tables)
            if json_file is not None:
                json_file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _kept(settings: Settings, folder: Path) -> KeptEmbeddings:
    return KeptEmbeddings(build_embeddings(settings), folder / "passages.sqlite")


class _Bench:
    """Measures sets, each in a data folder of its own below `folder`."""

    def __init__(self, settings: Settings, folder: Path, embeddings: KeptEmbeddings) -> None:
        self._settings = settings
        self._folder = folder
        self._embeddings = embeddings

    def whole(self, found: RetrievalSet, questions: Sequence[Asked], strangers: Sequence[Asked]) -> list[Table]:
        """Everything indexed; `strangers` are asked besides, to be refused."""
        with self._open(found.documents) as indexed:
            observed = self._measure(found, questions, indexed)
            strange = self._measure(found, strangers, indexed) if strangers else []
        answerable = [one for one in observed if one.present]
        return [
            ranking(observed), choosing(observed), refusing(observed, title="knowing what is not answered"),
            refusing([*answerable, *strange], title="knowing what is off the topic") if strange else Table("off topic"),
            speed(observed),
        ]  # fmt: skip

    def leave_half_out(self, found: RetrievalSet, questions: Sequence[Asked]) -> list[Table]:
        """Either half of the documents indexed, all of the questions asked both times."""
        half_of = halves(found)
        asked = [one for one in questions if one.answerable]
        observed: list[Observed] = []
        for half in Split:
            documents = [document for document in found.documents if half_of.get(document.id) is half]
            with self._open(documents) as indexed:
                observed += self._measure(found, asked, indexed)
        return [refusing(observed, title="knowing what was left out"), speed(observed)]

    def ablate(self, found: RetrievalSet, questions: Sequence[Asked]) -> list[Table]:
        """Everything looked up with one component switched off at a time; titles need an index of their own."""
        with self._open(found.documents) as indexed:
            wanted = lookups([one for one in questions if one.answerable], indexed, as_of=date.today())
            rows = ablation(found, wanted, indexed)
        with self._open(found.documents, titles=False) as indexed:
            rows += looked_up("without titles", found, wanted, indexed)
        return [ablation_table(rows)]

    def _measure(self, found: RetrievalSet, questions: Sequence[Asked], indexed: Indexed) -> list[Observed]:
        with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
            tell = partial(bar.advance, bar.add_task(f"Asking {found.name}", total=len(questions)))
            return measure(found, questions, indexed, as_of=date.today(), tell=tell)

    @contextmanager
    def _open(self, documents: Sequence[SetDocument], *, titles: bool = True) -> Iterator[Indexed]:
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            knowledge = Path(name) / "documents"
            ids = write_documents(knowledge, documents, titles=titles)
            settings = Settings.model_validate({
                **self._settings.model_dump(), "data_dir": Path(name) / "data", "knowledge_base": knowledge,
                "database_url": None, "chroma_url": None, "llm_model": None,
            })  # fmt: skip
            application = build_application(settings, durable=False, embeddings=self._embeddings)
            try:
                application.ingestor.sync_folder(knowledge)
                yield Indexed(application.store, application.retriever, application.chain.invoke, ids)
            finally:
                application.stop()


def _print(found: RetrievalSet, tables: Sequence[Table]) -> None:
    out.print(f"[bold]{found.name}[/] {len(found.documents)} documents, {found.licence}", highlight=False)
    for table in tables:
        names = list(dict.fromkeys(name for row in table.rows for name in row.figures))
        if not names:
            continue
        shown = RichTable(table.title, "questions", *map(_heading, names), box=None, pad_edge=False)
        for row in table.rows:
            shown.add_row(row.name, str(row.count), *(_figure(row.figures.get(name)) for name in names))
        out.print(shown)
    sys.stdout.flush()  # sets take minutes; into a file each is to show when it is done


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return ""
    number = f"{figure.value:.1f}" if figure.value >= 2 else f"{figure.value:.3f}"
    if figure.low is None or figure.high is None or figure.value >= 2:
        return number
    return f"{number} [dim]({figure.low:.2f}-{figure.high:.2f})[/]"


def _heading(name: str) -> str:
    return name.replace("_", " ").replace(" at ", "@")
