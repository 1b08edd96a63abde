"""What was measured, beside its yardstick of the same run and the bar it has to meet."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

__all__ = ["Figure", "bar_above", "bar_below", "figures_table", "median", "milliseconds", "p95"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `met` is None where there is nothing to meet."""

    what: str
    measured: str
    yardstick: str = ""
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None


def bar_below(what: str, measured: str, yardstick: str, *, ratio: float, bar: float) -> Figure:
    """A figure that may be at most `bar` times its yardstick."""
    return Figure(what, measured, yardstick, ratio, f"<= {bar:g}x", ratio <= bar)


def bar_above(what: str, measured: str, yardstick: str, *, ratio: float, bar: float) -> Figure:
    """A figure that has to be at least `bar` times its yardstick."""
    return Figure(what, measured, yardstick, ratio, f">= {bar:g}x", ratio >= bar)


def figures_table(figures: Sequence[Figure]) -> Table:
    """All figures in one table."""
    table = Table("what", "measured", "yardstick", "ratio", "bar", "", box=None, pad_edge=False)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
        verdict = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.met]
        table.add_row(figure.what, figure.measured, figure.yardstick, ratio, figure.bar, verdict)
    return table


def median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def p95(seconds: Sequence[float]) -> float:
    """The value that 95 of 100 stay below."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def milliseconds(seconds: Sequence[float]) -> str:
    """`p50 / p95` in milliseconds."""
    return f"{1e3 * median(seconds):.1f} / {1e3 * p95(seconds):.1f} ms"
