"""Memory of `assistant serve`, and the seconds until it is ready against importing its dependencies alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.corpus import Corpus, questions
from benchmarks.figures import Figure, median
from benchmarks.server import Server, serving, usual_environment

__all__ = ["measure"]

MEMORY_BAR_MB = 450
START_BAR = 1.5
START_BAR_S = 4.0
_STARTS = 3
_MIB = 1 << 20

_DEPENDENCIES = (
    "alembic.command babel.numbers chromadb.api.rust dbos fastapi httpx jinja2 jwt langchain_core.embeddings "
    "langchain_core.language_models langchain_core.retrievers langchain_core.runnables numpy onnxruntime opentelemetry "
    "pydantic_settings rich.console sqlalchemy.orm sse_starlette Stemmer structlog tantivy tokenizers typer uvicorn "
    "yaml"
).split()


def measure(corpus: Corpus, folder: Path, *, count: int) -> list[Figure]:
    """Start a few times, each beside a fresh interpreter that only imports; weigh the last one under load.

    All find their modules compiled, as every start but the first does.
    """
    with serving(corpus.settings, folder / "server.log"):
        _import_alone()
    starts: list[float] = []
    imports: list[float] = []
    for _ in range(_STARTS):
        imports.append(_import_alone())
        with serving(corpus.settings, folder / "server.log") as server:
            starts.append(server.ready_s)
            if len(starts) == _STARTS:
                resident, peak = _weigh(server, count)
    start, alone = median(starts), median(imports)
    return [
        Figure(
            "start of `assistant serve` until ready", f"{start:.2f} s", f"{alone:.2f} s", start / alone,
            f"<= {START_BAR:g}x, <= {START_BAR_S:g} s", start <= min(START_BAR_S, START_BAR * alone),
        ),
        Figure(
            f"resident memory after {count} questions", f"{resident:.0f} MB", bar=f"<= {MEMORY_BAR_MB} MB",
            met=resident <= MEMORY_BAR_MB,
        ),
        Figure("  at its peak", f"{peak:.0f} MB"),
    ]  # fmt: skip


def _import_alone() -> float:
    began = time.perf_counter()
    command = [sys.executable, "-c", "import " + ", ".join(_DEPENDENCIES)]
    subprocess.run(command, check=True, env=usual_environment())
    return time.perf_counter() - began


def _weigh(server: Server, count: int) -> tuple[float, float]:
    """Resident MiB of the server with all its children, and the most that the server itself ever had."""
    client = server.connect()
    for question in questions(count):
        client.ask(question)
    process = psutil.Process(server.process.pid)
    family = [process, *process.children(recursive=True)]
    resident = sum(member.memory_info().rss for member in family) / _MIB
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return resident, peak / 1024
