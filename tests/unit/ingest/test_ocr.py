from __future__ import annotations

from pathlib import Path

import pytest
from PIL import UnidentifiedImageError

from core.errors import UnreadableDocument
from ingest.images import image_content
from ingest.layout import PrintedLine
from ingest.limits import ParseLimits
from ingest.ocr import Recognised, require_ocr, require_recognised

LINE = PrintedLine("You need a permit.", 0, 90, 0, 10, 10, bold=False, left=0, right=90)


def reason_of(pages: list[Recognised]) -> str | None:
    try:
        require_recognised(pages, "eng")
    except UnreadableDocument as error:
        return error.reason
    return None


def test_guesses_are_no_text() -> None:
    assert reason_of([Recognised((LINE,), 2)]) is None
    assert reason_of([Recognised((LINE,), 200)]) == "needs_ocr"
    assert reason_of([Recognised((), 0)]) == "empty"


def test_without_tesseract_the_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import ocr

    monkeypatch.setenv("PATH", "")
    ocr._known_languages.cache_clear()
    with pytest.raises(UnreadableDocument, match="tesseract is not installed") as caught:
        require_ocr("eng")
    assert caught.value.reason == "needs_ocr"
    ocr._known_languages.cache_clear()


def test_no_program_is_opened_as_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.images.require_ocr", lambda languages: None)
    drawing = tmp_path / "photo.png"
    drawing.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n%%EOF\n")
    with pytest.raises(UnidentifiedImageError):
        image_content(drawing, limits=ParseLimits())
