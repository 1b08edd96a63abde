"""One page of a PDF as lines in reading order and ruled tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from pdfminer.layout import LTChar
from pdfplumber.page import Page

from ingest.hidden_pdf import seen_page
from ingest.layout import Word, lines_in_reading_order
from ingest.printed import CID, PrintedPage, PrintedTable
from ingest.rows import Table

__all__ = ["read_page"]

_ICON = re.compile(r"[\ue000-\uf06f\uf0fc-\uf8ff]")  # fonts of symbols; what is left out are bullets of Word's
_MAX_CELL_WORDS = 180  # a cell that is longer than a passage and a half is a column of a page
_MAX_DRAWN = 400  # small shapes on a page; more are a drawing, or letters that were drawn
_BULLET_SIZES = (2.0, 9.0)  # points
_BULLET_REACH = 24.0  # points to the word that it stands before
_BULLET_TYPE = 10.0  # points; about the type of text that has a bullet of such a size
_DOUBLED = 0.2  # share of letters printed twice to look bold


def read_page(page: Page) -> PrintedPage:
    """The page, which is closed; whatever its parts do that they must not comes as the library's own error."""
    page.process_object = partial(_as_object, page)  # type: ignore[method-assign]
    try:
        page, hidden = seen_page(_upright_once(page))
        tables = [found for found in page.find_tables() if _is_table(found.extract())] if _has_rules(page) else []
        text_page = page
        for found in tables:
            text_page = text_page.outside_bbox(_within(found.bbox, page.bbox), strict=False)
        words = text_page.extract_words(x_tolerance_ratio=0.15, y_tolerance=2, extra_attrs=["size", "fontname"])
        return PrintedPage(
            number=page.page_number,
            lines=tuple(lines_in_reading_order([*_words(words), *_drawn_bullets(text_page, words)])),
            tables=tuple(PrintedTable(t.bbox[1], (t.bbox[0], t.bbox[2]), Table(_cells(t.extract()))) for t in tables),
            pixels=_pixels(page),
            hidden=hidden,
        )
    finally:
        page.close()


def _as_object(page: Page, item: Any) -> dict[str, Any]:
    """What pdfplumber makes of an object of the page: for letters, of which there are thousands, five times as fast."""
    if type(item) is not LTChar or not isinstance(item.fontname, str):
        return dict(Page.process_object(page, item))
    state, (left, above) = item.graphicstate, page.mediabox[:2]
    top = page.height - item.y1 + above
    return {
        "matrix": item.matrix,
        "fontname": item.fontname,
        "adv": item.adv,
        "upright": item.upright,
        "x0": item.x0 + left,
        "x1": item.x1 + left,
        "y0": item.y0,
        "y1": item.y1,
        "width": item.width,
        "height": item.height,
        "size": item.size,
        "object_type": "char",
        "page_number": page.page_number,
        "ncs": item.ncs.name,
        "text": item.get_text(),
        "stroking_color": state.scolor if isinstance(state.scolor, tuple) else (state.scolor,),
        "non_stroking_color": state.ncolor if isinstance(state.ncolor, tuple) else (state.ncolor,),
        "top": top,
        "bottom": page.height - item.y0 + above,
        "doctop": page.initial_doctop + top,
    }


def _pixels(page: Page) -> int:
    drawn = 1 if len(page.curves) > _MAX_DRAWN else 0
    return max([drawn, *(int(image["srcsize"][0]) * int(image["srcsize"][1]) for image in page.images)])


def _upright_once(page: Page) -> Page:
    chars = page.chars
    twice = sum(
        a["text"] == b["text"] and abs(a["x0"] - b["x0"]) < 1 and abs(a["top"] - b["top"]) < 1
        for a, b in zip(chars, chars[1:], strict=False)
    )
    if twice > _DOUBLED * len(chars):
        page = page.dedupe_chars()
    return page


def _has_rules(page: Page) -> bool:
    return len(page.lines) + len(page.rects) + len(page.curves) > 3


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, float, float, float]:
    return max(inner[0], outer[0]), max(inner[1], outer[1]), min(inner[2], outer[2]), min(inner[3], outer[3])


def _is_table(cells: Sequence[Sequence[str | None]]) -> bool:
    """Whether ruled boxes hold a table: two rows and columns or more, mostly filled, with values rather than pages."""
    texts = [cell or "" for row in cells for cell in row]
    columns = max((sum(bool((cell or "").strip()) for cell in row) for row in cells), default=0)
    if len(cells) < 2 or columns < 2 or sum(bool(text.strip()) for text in texts) < len(texts) * 0.4:
        return False
    return max(len(text.split()) for text in texts) <= _MAX_CELL_WORDS


def _cells(cells: Sequence[Sequence[str | None]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_ICON.sub("", CID.sub("", cell or "")) for cell in row) for row in cells)


def _words(found: Sequence[dict[str, object]]) -> Iterator[Word]:
    for word in found:
        text, font = _ICON.sub("", str(word["text"])), str(word["fontname"]).lower()
        x0, x1, top, bottom, size = (float(str(word[key])) for key in ("x0", "x1", "top", "bottom", "size"))
        if text.strip():
            yield Word(text, x0, x1, top, bottom, size, bold=any(mark in font for mark in ("bold", "black", "heavy")))


def _drawn_bullets(page: Page, words: Sequence[dict[str, object]]) -> Iterator[Word]:
    """Bullets that were drawn rather than written: small, about square, and alone before a word."""
    begins = [(float(str(word["x0"])), float(str(word["top"])), float(str(word["bottom"]))) for word in words]
    shapes = [*page.curves, *page.rects, *page.images]
    for shape in shapes if len(shapes) <= _MAX_DRAWN else ():
        x0, x1, top, bottom = (float(shape[key]) for key in ("x0", "x1", "top", "bottom"))
        wide, high = x1 - x0, bottom - top
        if not (_BULLET_SIZES[0] <= wide <= _BULLET_SIZES[1] and 0.6 <= wide / max(high, 0.1) <= 1.6):
            continue
        middle = (top + bottom) / 2
        if any(0 < begin - x1 < _BULLET_REACH and above < middle < below for begin, above, below in begins):
            yield Word("•", x0, x1, top, bottom, size=_BULLET_TYPE, bold=False)
