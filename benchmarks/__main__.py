"""Every figure beside its yardstick: `make bench`, or `python -m benchmarks --only question serving`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import ingesting, overload, question, serving, throughput
from benchmarks.corpus import Corpus
from benchmarks.figures import Figure, figures_table
from core.settings import Settings
from core.telemetry import configure_logging

DATA = Path("data/bench")


def main() -> int:
    arguments = _arguments()
    console = Console()
    arguments.data.mkdir(parents=True, exist_ok=True)
    configure_logging(Settings(log_level="WARNING"))
    corpus = Corpus.of(arguments.data.resolve(), arguments.chunks)
    console.print(f"{corpus.index():,} passages are indexed in {corpus.settings.data_dir}")
    figures: list[Figure] = []
    for name, part in _parts(corpus, arguments).items():
        if arguments.only and name not in arguments.only:
            continue
        console.print(f"Measuring {name}…")
        began = time.perf_counter()
        figures += part()
        console.print(f"  done in {time.perf_counter() - began:.0f} s")
    console.print(figures_table(figures), soft_wrap=True)
    judged = [figure.met for figure in figures if figure.met is not None]
    console.print(f"{sum(judged)} of {len(judged)} bars met")
    return 0


def _parts(corpus: Corpus, arguments: argparse.Namespace) -> dict[str, Callable[[], list[Figure]]]:
    folder: Path = arguments.data.resolve()
    count: int = arguments.questions
    return {
        "question": lambda: question.measure(corpus, folder, count=count),
        "throughput": lambda: throughput.measure(corpus, folder, count=4 * count),
        "ingesting": lambda: ingesting.measure(corpus, folder),
        "serving": lambda: serving.measure(corpus, folder, count=count),
        "overload": lambda: overload.measure(corpus, folder),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--chunks", type=int, default=10_000, help="passages in the corpus that is searched")
    parser.add_argument("--questions", type=int, default=200, help="questions for each figure")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the corpus; it is kept for the next run")
    parser.add_argument("--only", nargs="+", choices=("question", "throughput", "ingesting", "serving", "overload"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
