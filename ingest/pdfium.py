"""PDFs through PDFium, which opens what others cannot and draws pages: their number, plain text and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from ingest.direction import logical
from ingest.layout import PrintedLine
from ingest.printed import PrintedPage
from ingest.reasons import UnreadableReason, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

__all__ = ["drawn_page", "page_count", "plain_page", "plain_pages"]

_POINTS = 72.0
_DPI = 250.0  # tesseract reads 10 point type from 200 on; at 300 it takes half as long again
_MAX_DRAWN_PIXELS = 16_000_000  # A3 at that


def page_count(path: Path) -> int | None:
    """How many pages the file says it has, None when it cannot be opened."""
    import pypdfium2

    try:
        with _opened(path) as pdf:
            return len(pdf)
    except pypdfium2.PdfiumError:
        return None


def plain_pages(path: Path) -> list[PrintedPage]:
    """All pages without tables or bold type; raises `UnreadableDocument` when PDFium cannot open them either."""
    import pypdfium2

    try:
        with _opened(path) as pdf:
            return [_plain(pdf[index], index + 1) for index in range(len(pdf))]
    except pypdfium2.PdfiumError as error:
        raise unreadable(UnreadableReason.MALFORMED, str(error)) from error


def plain_page(path: Path, number: int) -> PrintedPage:
    """One page, counted from 1, as `plain_pages` gives it."""
    with _opened(path) as pdf:
        return _plain(pdf[number - 1], number)


def drawn_page(path: Path, number: int) -> tuple[Image, float]:
    """A page, counted from 1, as a picture in shades of grey and its dots an inch."""
    with _opened(path) as pdf:
        page = pdf[number - 1]
        width, height = page.get_size()
        dots = min(_DPI / _POINTS, (_MAX_DRAWN_PIXELS / max(width * height, 1.0)) ** 0.5)
        return page.render(scale=dots, grayscale=True).to_pil(), dots * _POINTS


@contextmanager
def _opened(path: Path) -> Iterator[PdfDocument]:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        yield pdf
    finally:
        pdf.close()


def _plain(page: PdfPage, number: int) -> PrintedPage:
    import pypdfium2.raw as raw

    height, text_page = page.get_height(), page.get_textpage()
    boxes = [text_page.get_rect(index) for index in range(text_page.count_rects())]
    # The boxes hug their letters, so that their heights tell nothing of the type.
    size = median(top - bottom for _, bottom, _, top in boxes) if boxes else 0.0
    lines = []
    for left, bottom, right, top in boxes:
        text = " ".join(text_page.get_text_bounded(left, bottom, right, top).split())
        if text:
            place = {
                "x0": left,
                "x1": right,
                "top": height - top,
                "bottom": height - bottom,
                "left": left,
                "right": right,
            }
            lines.append(PrintedLine(logical(text), **place, size=size, bold=False))
    has_pictures = any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    return PrintedPage(number, tuple(lines), pixels=int(has_pictures))
