"""Plots as inline SVG: their colours are the page's, so they follow light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from evals.figures import Figures
from evals.metrics import CUTS
from evals.statistics import calibration, risk_at_coverage

__all__ = ["Plot", "calibration_plot", "latency_plot", "retrieval_plot", "risk_plot"]

_WIDTH, _HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 38


@dataclass(frozen=True, slots=True)
class Plot:
    """An SVG element with what it shows, in words."""

    title: str
    note: str
    svg: Markup


class _Canvas:
    """A frame with axes; data run from `x_min` to `x_max` and from 0 to `y_max`."""

    def __init__(self, *, x: tuple[float, float], y_max: float = 1.0) -> None:
        self._x_min, self._x_max = x
        self._y_max = y_max
        self._parts: list[str] = []

    def x(self, value: float) -> float:
        share = (value - self._x_min) / (self._x_max - self._x_min)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / self._y_max * (_HEIGHT - _TOP - _BOTTOM), 1)

    def axes(self, *, x_ticks: Sequence[tuple[float, str]], y_ticks: Sequence[tuple[float, str]], x_name: str) -> None:
        for value, label in y_ticks:
            at = self.y(value)
            self._parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>')
            self._text(_LEFT - 7, at + 4, label, anchor="end")
        for value, label in x_ticks:
            self._text(self.x(value), _HEIGHT - _BOTTOM + 16, label)
        self._text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 5, x_name)

    def line(self, points: Sequence[tuple[float, float]], style: str) -> None:
        path = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        self._parts.append(f'<polyline class="{style}" points="{path}"/>')

    def dot(self, x: float, y: float, says: str, *, radius: float = 4.5) -> None:
        title = f"<title>{escape(says)}</title>"
        self._parts.append(f'<circle class="dot" cx="{self.x(x)}" cy="{self.y(y)}" r="{radius:.1f}">{title}</circle>')

    def bar(self, x: tuple[float, float], height: float, says: str, style: str) -> None:
        left, top = self.x(x[0]), self.y(height)
        width = max(1.0, round(self.x(x[1]) - left - 1, 1))
        self._parts.append(
            f'<rect class="{style}" x="{left}" y="{top}" width="{width}" height="{round(self.y(0) - top, 1)}">'
            f"<title>{escape(says)}</title></rect>"
        )

    def mark(self, x: float, label: str, *, lift: float = 0.0) -> None:
        at = self.x(x)
        self._parts.append(f'<line class="mark" x1="{at}" x2="{at}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>')
        end = at > _WIDTH * 0.7
        self._text(at + (-5 if end else 5), _TOP + 10 + lift, label, anchor="end" if end else "start")

    def label(self, x: float, y: float, text: str) -> None:
        self._text(self.x(x), self.y(y), text)

    def svg(self, described: str) -> Markup:
        head = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(described)}">'
        # Every text that goes in was escaped above; the rest are numbers and names of classes.
        return Markup(head + "".join(self._parts) + "</svg>")  # noqa: S704

    def _text(self, x: float, y: float, text: str, *, anchor: str = "middle") -> None:
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>')


def retrieval_plot(figures: Figures) -> Plot:
    """How often a wanted document is among the first k."""
    canvas = _Canvas(x=(1, CUTS[-1]))
    canvas.axes(x_ticks=[(cut, str(cut)) for cut in CUTS], y_ticks=_PERCENT, x_name="documents looked at")
    points = [(float(cut), value) for cut in CUTS if (value := figures[f"hit@{cut}"]) is not None]
    canvas.line(points, "curve")
    for cut, value in points:
        canvas.dot(cut, value, f"hit@{cut:.0f} {value:.3f}")
        canvas.label(cut + (0.25 if cut == 1 else 0), value - 0.1, f"{value:.3f}".removeprefix("0"))
    note = f"MRR {_said(figures['mrr'])}, nDCG@10 {_said(figures['ndcg@10'])}: a wanted document among the first k."
    return Plot("Retrieval", note, canvas.svg("Share of questions with a wanted document among the first k"))


def calibration_plot(confidences: Sequence[float], events: Sequence[bool]) -> Plot:
    """Confidence against the share of cases whose answer was there; the bars say how many."""
    canvas = _Canvas(x=(0, 1))
    canvas.axes(x_ticks=_UNIT, y_ticks=_PERCENT, x_name="confidence")
    bins = calibration(confidences, events)
    most = max((one.count for one in bins), default=1)
    for one in bins:
        left = min(9, int(one.confidence * 10)) / 10
        canvas.bar((left, left + 0.1), 0.3 * one.count / most, f"{one.count} replies", "count")
    canvas.line([(0, 0), (1, 1)], "ideal")
    canvas.line([(one.confidence, one.share) for one in bins], "curve")
    for one in bins:
        canvas.dot(one.confidence, one.share, f"said {one.confidence:.2f}, was {one.share:.2f}, of {one.count} replies")
    note = "A wanted document was found, against how sure the reply was. On the dashed line confidence is honest."
    return Plot("Calibration", note, canvas.svg("Confidence against the share that could be answered"))


def risk_plot(confidences: Sequence[float], wrong: Sequence[bool], *, total: int) -> Plot:
    """The share of wrong answers when only the surest are given."""
    risks = risk_at_coverage(confidences, wrong)
    highest = max(0.05, *risks) if risks else 0.05
    canvas = _Canvas(x=(0, 1), y_max=highest * 1.15)
    ticks = [(highest * part, f"{highest * part:.1%}") for part in (0, 0.5, 1)]
    canvas.axes(x_ticks=_UNIT, y_ticks=ticks, x_name="share of all cases answered, the surest first")
    canvas.line([(at / total, risk) for at, risk in enumerate(risks, 1)], "curve")
    if risks:
        canvas.dot(len(risks) / total, risks[-1], f"{len(risks)} of {total} answered, {risks[-1]:.3f} of them wrong")
    note = "Wrong among the answers given, if only the surest were. It should rise late."
    return Plot("Coverage against risk", note, canvas.svg("Share wrong against share answered"))


def latency_plot(times: Sequence[float]) -> Plot:
    """How many replies came within which time; the slowest twentieth shares the last bar."""
    ordered = sorted(times)
    p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    last = max(p95 * 1.25, 1.0)
    width = last / 24
    counts = [0] * 24
    for value in ordered:
        counts[min(23, int(value / width))] += 1
    canvas = _Canvas(x=(0, last), y_max=max(counts) * 1.3)
    ticks = [(last * part, f"{last * part:.0f}") for part in (0, 0.25, 0.5, 0.75, 1)]
    canvas.axes(x_ticks=ticks, y_ticks=[(0, "0"), (max(counts), str(max(counts)))], x_name="milliseconds")
    for at, count in enumerate(counts):
        if count:
            canvas.bar((at * width, (at + 1) * width), count, f"{count} replies about {at * width:.0f} ms", "bar")
    canvas.mark(p50, f"p50 {p50:.0f}")
    canvas.mark(p95, f"p95 {p95:.0f}", lift=0.0 if p95 > 1.6 * p50 else 14.0)
    note = f"The slowest took {ordered[-1]:.0f} ms and stands in the last bar."
    return Plot("Latency", note, canvas.svg("Number of replies by their time in milliseconds"))


_PERCENT = [(part / 4, f"{part * 25}%") for part in range(5)]
_UNIT = [(part / 4, f"{part / 4:g}") for part in range(5)]


def _said(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
