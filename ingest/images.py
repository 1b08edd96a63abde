"""A picture file as the text in it; its frames count as pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.limits import MAX_PIXELS, ParseLimits
from ingest.ocr import recognise, require_ocr, require_recognised
from ingest.printed import PlacedTable, PrintedPage, printed_content
from ingest.reasons import UnreadableReason, unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["image_content"]

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")  # by their bytes; under any name, EPS would start Ghostscript
_LEAST_SIDE = 1600  # dots along a page; below it letters are too small for tesseract
_DPI = 250.0  # what tesseract takes a picture for that does not say it itself


def image_content(path: Path, *, limits: ParseLimits) -> Iterator[Block | PlacedTable]:
    """What the picture says; raises `UnreadableDocument` when that is nothing, or cannot be told here."""
    require_ocr(limits.ocr_languages)
    found = [recognise(frame, dpi=_DPI, languages=limits.ocr_languages) for frame in _frames(path, limits)]
    require_recognised(found, limits.ocr_languages)
    return printed_content([PrintedPage(number, page.lines) for number, page in enumerate(found, start=1)])


def _frames(path: Path, limits: ParseLimits) -> Iterator[Image]:
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = None  # our own limit gives a reason that an editor understands
    with Image.open(path, formats=_FORMATS) as image:
        count = getattr(image, "n_frames", 1)
        if count > limits.pages:
            raise unreadable(UnreadableReason.TOO_LARGE, f"{count:,} pages; MAX_PAGES allows {limits.pages:,}")
        for frame in ImageSequence.Iterator(image):
            if frame.width * frame.height > MAX_PIXELS:
                detail = f"{frame.width:,} by {frame.height:,} dots; save it smaller"
                raise unreadable(UnreadableReason.TOO_LARGE, detail)
            yield _enlarged(ImageOps.exif_transpose(frame).convert("L"))


def _enlarged(image: Image) -> Image:
    times = -(-_LEAST_SIDE // max(image.size))
    return image.resize((image.width * times, image.height * times)) if times > 1 else image
