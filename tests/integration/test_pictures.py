"""Text in pictures through the real child process and the real tesseract."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.formats import Format
from ingest.parser import Parser
from tests.conftest import skip_or_fail
from tests.pdf_bytes import pdf_of

TEXT = "You need a permit to study longer than six months."


@pytest.fixture(scope="module", autouse=True)
def _tesseract() -> None:
    if shutil.which("tesseract") is None:
        skip_or_fail("tesseract is not installed")


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings(max_pages=3)) as parser:
        yield parser


def drawn(*lines: str) -> Image.Image:
    image = Image.new("L", (1700, 120 + 60 * len(lines)), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((80, 60 + 60 * number), line, fill=0, font=ImageFont.load_default(44))
    return image


def scan(*pictures: Image.Image) -> bytes:
    """A PDF whose pages hold a picture each and nothing else."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pictures)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pictures)} >>".encode(),
    ]
    for number, picture in enumerate(pictures):
        data = io.BytesIO()
        picture.save(data, "JPEG")
        size = b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8" % picture.size
        head = b"<< /Type /XObject /Subtype /Image %s /Filter /DCTDecode /Length %d >>" % (size, len(data.getvalue()))
        place = b"500 0 0 %d 40 600 cm /I Do" % (500 * picture.height // picture.width)
        own = 3 + 3 * number
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /XObject << /I %d 0 R >> >> >>" % (own + 1, own + 2),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(place), place),
            head + b"\nstream\n" + data.getvalue() + b"\nendstream",
        ]
    return pdf_of(*objects)


def test_a_scan_gives_its_text_with_its_pages(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(scan(drawn(TEXT), drawn("The office answers in eight weeks.")))
    assert [(block.text, block.page) for block in parser.parse(path, Format.PDF)] == [
        (TEXT, 1),
        ("The office answers in eight weeks.", 2),
    ]


def test_a_picture_file_gives_its_text(parser: Parser, tmp_path: Path) -> None:
    drawn(TEXT).save(tmp_path / "a.png")
    assert [block.text for block in parser.parse(tmp_path / "a.png", Format.IMAGE)] == [TEXT]


@pytest.mark.parametrize(
    ("name", "reason"), [("blank.png", "empty"), ("flood.png", "too_large"), ("frames.tif", "too_large")]
)
def test_a_picture_without_text_or_end_has_a_reason(parser: Parser, tmp_path: Path, name: str, reason: str) -> None:
    path = tmp_path / name
    side = 10_000 if name == "flood.png" else 400
    image = Image.new("1", (side, side), 1)
    image.save(path, save_all=True, append_images=[image] * 3) if path.suffix == ".tif" else image.save(path)
    with pytest.raises(UnreadableDocument) as caught:
        parser.parse(path, Format.IMAGE)
    assert caught.value.reason == reason


def test_a_language_that_is_not_installed_is_named(tmp_path: Path) -> None:
    drawn(TEXT).save(tmp_path / "a.png")
    with Parser(Settings(ocr_languages="eng+xyz")) as parser, pytest.raises(UnreadableDocument, match="no xyz here"):
        parser.parse(tmp_path / "a.png", Format.IMAGE)
