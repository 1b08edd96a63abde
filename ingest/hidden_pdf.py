"""Text on a page of a PDF that nobody sees: white on white, too small to read, or beside the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pdfplumber.page import Page

from ingest.blocks import Block
from ingest.hidden import hidden_block

__all__ = ["seen_page"]

_MIN_SIZE = 2.0  # points; nobody reads smaller
_WHITE = 0.96  # of full light
_MIN_WORDS = 4  # a white word or two is a trick of layout
_MAX_SHARE = 0.6  # of the letters; a page that seems hidden for the most part is one whose ground we overlook
_PLAIN_SPACES = ("DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased")
_Object = Mapping[str, Any]


def seen_page(page: Page) -> tuple[Page, Block | None]:
    """The page without what nobody sees, and that as a block when it gives orders or reads like prose."""
    hidden = {id(char) for char in _hidden_chars(page)}
    if not hidden:
        return page, None
    only_hidden = page.filter(lambda item: id(item) in hidden)
    words = only_hidden.extract_words(x_tolerance_ratio=0.15, y_tolerance=1, use_text_flow=True)
    block = hidden_block(" ".join(str(word["text"]) for word in words), min_words=_MIN_WORDS, page=page.page_number)
    return (page, None) if block is None else (page.filter(lambda item: id(item) not in hidden), block)


def _hidden_chars(page: Page) -> list[_Object]:
    letters: list[_Object] = [char for char in page.chars if str(char["text"]).strip()]
    hidden: list[_Object] = [char for char in letters if _is_tiny(char) or _is_outside(char, page)]
    white = [char for char in letters if _is_white(char)]
    if white:
        grounds = [*page.images, *(shape for shape in (*page.rects, *page.curves) if _is_dark(shape))]
        hidden += [char for char in white if not any(_stands_on(char, ground) for ground in grounds)]
    return hidden if len(hidden) <= _MAX_SHARE * len(letters) else []


def _is_tiny(char: _Object) -> bool:
    # Fonts that are drawn as pictures often tell no height.
    return 0 < float(char["size"]) < _MIN_SIZE and float(char["x1"]) - float(char["x0"]) < _MIN_SIZE


def _is_outside(char: _Object, page: Page) -> bool:
    left, top, right, bottom = page.bbox
    return bool(char["x1"] < left or char["x0"] > right or char["bottom"] < top or char["top"] > bottom)


def _is_white(char: _Object) -> bool:
    return str(char.get("ncs") or "DeviceGray") in _PLAIN_SPACES and _is_light(char.get("non_stroking_color"))


def _is_light(colour: Sequence[float] | float | None) -> bool:
    if colour is None:
        return False
    parts = (colour,) if isinstance(colour, int | float) else tuple(colour)
    if not parts or not all(isinstance(part, int | float) for part in parts):
        return False
    return all(part <= 1 - _WHITE for part in parts) if len(parts) == 4 else all(part >= _WHITE for part in parts)


def _is_dark(shape: _Object) -> bool:
    return bool(shape.get("fill")) and not _is_light(shape.get("non_stroking_color"))


def _stands_on(char: _Object, ground: _Object) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(ground["x0"] - 1 <= x <= ground["x1"] + 1 and ground["top"] - 1 <= y <= ground["bottom"] + 1)
