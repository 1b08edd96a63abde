"""Words on a page into lines in reading order, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.direction import logical

__all__ = ["PrintedLine", "Word", "lines_in_reading_order"]

_SAME_LINE = 0.5  # of the type size: two words whose middles differ by less stand on one line
_MIN_GUTTER = 9.0  # points; the narrowest space that typesetters put between columns is about 12
_MIN_COLUMN_LINES = 5
_MIN_COLUMN_WIDTH = 80.0  # points; bullets and the numbers of a list stand in narrower ones
_MIN_COLUMN_SHARE = 0.4
_MIN_COLUMN_FILL = 0.65  # prose fills its column; the cells of a table without rules do not
_JOINED = 0.12  # of the type size: words nearer than this are one word in two fonts


@dataclass(frozen=True, slots=True)
class Word:
    """A word in points from the top left of its page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of the column from `left` to `right`; `size` and `bold` are those of most of its letters."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    left: float
    right: float


def lines_in_reading_order(words: Sequence[Word]) -> list[PrintedLine]:
    """The lines of a page; where prose stands in columns, each band of columns is read from left to right."""
    rows = _rows(words)
    gutter = _gutter(rows)
    if gutter is None:
        left, right = min((w.x0 for w in words), default=0.0), max((w.x1 for w in words), default=0.0)
        return [_line(row, left, right) for row in rows]
    lines: list[PrintedLine] = []
    for is_split, band in _bands(rows, gutter):
        if is_split:
            lines += lines_in_reading_order([w for row in band for w in row if w.x1 <= gutter])
            lines += lines_in_reading_order([w for row in band for w in row if w.x1 > gutter])
        else:
            left, right = min(w.x0 for row in band for w in row), max(w.x1 for row in band for w in row)
            lines += [_line(row, left, right) for row in band]
    return lines


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    middle = 0.0
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        own = (word.top + word.bottom) / 2
        if rows and own - middle <= _SAME_LINE * max(word.size, 1.0):
            rows[-1].append(word)
        else:
            rows.append([word])
            middle = own
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _gutter(rows: Sequence[Sequence[Word]]) -> float | None:
    """The middle of the space between two columns of prose, None when there is no such space."""
    votes: Counter[int] = Counter()
    for row in rows:
        for left, right in _spaces(row):
            votes.update(range(int(left / 3) + 1, int(right / 3)))
    if not votes:
        return None
    best, count = max(votes.items(), key=lambda item: (item[1], -item[0]))
    if count < max(_MIN_COLUMN_LINES, _MIN_COLUMN_SHARE * len(rows)):
        return None
    plateau = [x for x in votes if votes[x] >= count * 0.9 and abs(x - best) < 20]
    gutter = 3.0 * (min(plateau) + max(plateau)) / 2
    return gutter if _is_prose(rows, gutter) else None


def _spaces(row: Sequence[Word]) -> Iterator[tuple[float, float]]:
    for before, after in zip(row, row[1:], strict=False):
        if after.x0 - before.x1 >= _MIN_GUTTER:
            yield before.x1, after.x0


def _is_prose(rows: Sequence[Sequence[Word]], gutter: float) -> bool:
    split = [row for row in rows if not _crosses(row, gutter)]
    for is_left in (True, False):
        side = [[word for word in row if (word.x1 <= gutter) is is_left] for row in split]
        extents = [(row[0].x0, row[-1].x1) for row in side if row]
        if len(extents) < _MIN_COLUMN_LINES:
            return False
        width = max(x1 for _, x1 in extents) - min(x0 for x0, _ in extents)
        if width < _MIN_COLUMN_WIDTH or median(x1 - x0 for x0, x1 in extents) < _MIN_COLUMN_FILL * width:
            return False
    return True


def _crosses(row: Sequence[Word], gutter: float) -> bool:
    if any(word.x0 < gutter < word.x1 for word in row):
        return True
    left = max((w.x1 for w in row if w.x1 <= gutter), default=None)
    right = min((w.x0 for w in row if w.x0 >= gutter), default=None)
    return left is not None and right is not None and right - left < _MIN_GUTTER


def _bands(rows: Iterable[list[Word]], gutter: float) -> Iterator[tuple[bool, list[list[Word]]]]:
    band: list[list[Word]] = []
    was_split = False
    for row in rows:
        is_split = not _crosses(row, gutter)
        if band and is_split != was_split:
            yield was_split, band
            band = []
        band.append(row)
        was_split = is_split
    if band:
        yield was_split, band


def _line(row: Sequence[Word], left: float, right: float) -> PrintedLine:
    text = row[0].text
    for before, word in zip(row, row[1:], strict=False):
        text += word.text if word.x0 - before.x1 < _JOINED * word.size else f" {word.text}"
    sizes: Counter[tuple[float, bool]] = Counter()
    for word in row:
        sizes[round(word.size * 2) / 2, word.bold] += len(word.text)
    (size, bold), _ = sizes.most_common(1)[0]
    return PrintedLine(
        text=logical(text),
        x0=row[0].x0,
        x1=row[-1].x1,
        top=min(w.top for w in row),
        bottom=max(w.bottom for w in row),
        size=size,
        bold=bold and all(w.bold for w in row if any(c.isalnum() for c in w.text)),
        left=left,
        right=right,
    )
