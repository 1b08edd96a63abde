"""Text in pictures, recognised by tesseract where it is installed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from ingest.layout import PrintedLine
from ingest.reasons import UnreadableReason, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Recognised", "recognise", "require_ocr", "require_recognised"]

_PAGE_TIMEOUT_S = 60.0  # a dense page of A4 takes 2 to 5 s
_SURE = 55.0  # of 100, over a line: print gives 85 to 96, patterns and scripts of another language 20 to 45
_MIN_SURE_SHARE = 0.5  # of the letters; below it the page is not in the languages that were asked for
_LARGE = 1.5  # times most lines' height; heights of one type differ by its letters
_POINTS = 72.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of one picture that are sure enough, in points, and the number of letters that are not."""

    lines: tuple[PrintedLine, ...]
    doubtful: int


@dataclass(frozen=True, slots=True)
class _Box:
    place: tuple[str, ...]  # block, paragraph, line
    text: str
    left: float
    top: float
    width: float
    height: float
    sure: float


def require_ocr(languages: str) -> None:
    """Raises `UnreadableDocument` when text in pictures cannot be recognised here."""
    known = _known_languages()
    if known is None:
        raise unreadable(UnreadableReason.NEEDS_OCR, "tesseract is not installed where the assistant runs")
    missing = [language for language in languages.split("+") if language not in known]
    if missing:
        raise unreadable(UnreadableReason.NEEDS_OCR, f"OCR_LANGUAGES: tesseract has no {', '.join(missing)} here")


def require_recognised(pages: Iterable[Recognised], languages: str) -> None:
    """Raises `UnreadableDocument` when the pictures gave no text, or mostly guesses."""
    pages = list(pages)
    sure = sum(len(line.text) for page in pages for line in page.lines)
    doubtful = sum(page.doubtful for page in pages)
    if doubtful and sure < _MIN_SURE_SHARE * (sure + doubtful):
        detail = f"it is too faint, or not in the languages of OCR_LANGUAGES, {languages!r}"
        raise unreadable(UnreadableReason.NEEDS_OCR, detail)
    if not sure:
        raise unreadable(UnreadableReason.EMPTY, "no text was recognised in its pictures")


@cache
def _known_languages() -> frozenset[str] | None:
    if shutil.which("tesseract") is None:
        return None
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=_PAGE_TIMEOUT_S)  # noqa: S603, S607
    return frozenset(listed.stdout.split("\n")[1:])


def recognise(image: Image, *, dpi: float, languages: str) -> Recognised:
    """The text of a picture in shades of grey; raises `UnreadableDocument` when one picture takes too long."""
    picture = io.BytesIO()
    image.save(picture, "PPM")
    command = ["tesseract", "stdin", "stdout", "-l", languages, "--dpi", f"{dpi:.0f}", "tsv"]
    try:
        done = subprocess.run(command, input=picture.getvalue(), capture_output=True, timeout=_PAGE_TIMEOUT_S)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise unreadable(UnreadableReason.TIMED_OUT, f"one picture took more than {_PAGE_TIMEOUT_S:g} s") from error
    if done.returncode:
        detail = " ".join(done.stderr.decode(errors="replace").split())[:200]
        raise unreadable(UnreadableReason.NEEDS_OCR, f"tesseract failed: {detail}")
    return _recognised(list(_boxes(done.stdout.decode(), _POINTS / dpi)))


def _boxes(table: str, scale: float) -> Iterator[_Box]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if text:
            left, top, width, height = (float(row[key]) * scale for key in ("left", "top", "width", "height"))
            place = (row["block_num"], row["par_num"], row["line_num"])
            yield _Box(place, text, left, top, width, height, float(row["conf"]))


def _recognised(boxes: Sequence[_Box]) -> Recognised:
    lines = [list(words) for _, words in groupby(boxes, key=lambda box: box.place)]
    usual = median([_height(words) for words in lines]) if lines else 0.0
    blocks = {key: list(words) for key, words in groupby(boxes, key=lambda box: box.place[0])}
    sure = [words for words in lines if _sureness(words) >= _SURE]
    doubtful = sum(len(box.text) for words in lines if _sureness(words) < _SURE for box in words)
    return Recognised(tuple(_line(words, blocks[words[0].place[0]], usual) for words in sure), doubtful)


def _sureness(words: Sequence[_Box]) -> float:
    return sum(box.sure * len(box.text) for box in words) / sum(len(box.text) for box in words)


def _height(words: Sequence[_Box]) -> float:
    return median(box.height for box in words)


def _line(words: Sequence[_Box], block: Sequence[_Box], usual: float) -> PrintedLine:
    top, height = min(box.top for box in words), _height(words)
    times = round(2 * height / usual) / 2 if height >= _LARGE * usual else 1.0
    return PrintedLine(
        text=" ".join(box.text for box in words),
        x0=min(box.left for box in words),
        x1=max(box.left + box.width for box in words),
        top=top,
        bottom=top + height,
        size=round(usual * times, 1),
        bold=False,
        left=min(box.left for box in block),
        right=max(box.left + box.width for box in block),
    )
