"""Small PDF files for tests, written byte by byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Print", "pdf_bytes", "pdf_of"]


@dataclass(frozen=True, slots=True)
class Print:
    """One line at `x`, `y` points from the bottom left; `rule` draws a box of that width and height instead of text.

    `paint` is the colour that fills letters or box, red, green and blue in [0, 1].
    """

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    bold: bool = False
    rule: tuple[float, float] | None = None
    paint: tuple[float, float, float] | None = None


def pdf_bytes(*pages: Sequence[Print], encrypted: bool = False) -> bytes:
    """A PDF of A4 pages; `encrypted` names a password that nobody knows."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = "\n".join(map(_operators, page)).encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects, encrypted=encrypted)


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of objects numbered from 1, of which the first is its catalog."""
    return _file(objects, encrypted=False)


def _operators(item: Print) -> str:
    paint = "" if item.paint is None else "{} {} {} rg ".format(*item.paint)
    if item.rule is not None:
        return f"q {paint}{item.x} {item.y} {item.rule[0]} {item.rule[1]} re {'f' if paint else 'S'} Q"
    escaped = item.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"q {paint}BT /{'F2' if item.bold else 'F1'} {item.size} Tf {item.x} {item.y} Td ({escaped}) Tj ET Q"


def _file(objects: Sequence[bytes], *, encrypted: bool) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    key = b"<" + b"41" * 32 + b">"
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [<41> <41>]" % (key, key)
        if encrypted
        else b""
    )
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R %s >>" % (size, lock if encrypted else b"")
    xref = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return data + xref + trailer + b"\nstartxref\n%d\n%%%%EOF" % len(data)
