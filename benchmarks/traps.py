"""Files that are made to do harm: each is small and asks for far more than it holds."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["TRAPS", "NOTE", "lay_links"]

NOTE = "You need a permit to work."
_MIB = 1 << 20
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BILLION = f'<!DOCTYPE a [<!ENTITY l0 "lol">{_LAUGHS}]>'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def zipped(members: Mapping[str, bytes], *, zeros_mib: int = 0, name: str = "") -> bytes:
    """A zip of `members`, and of one more that is `zeros_mib` of nothing."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        if zeros_mib:
            with archive.open(name, "w") as stream:
                for _ in range(zeros_mib):
                    stream.write(bytes(_MIB))
    return data.getvalue()


def office(kind: str, part: str, content: str) -> bytes:
    """A DOCX, PPTX or XLSX whose main part is `content`."""
    types = f'<Types xmlns="{_TYPES}"><Override PartName="/{part}" ContentType="{_MAIN.format(kind)}"/></Types>'
    relation = f'<Relationship Id="r" Type="{_RELATION}" Target="{part}"/>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>'
    return zipped({"[Content_Types].xml": types.encode(), "_rels/.rels": relations.encode(), part: content.encode()})


def pdf(*objects: bytes) -> bytes:
    """A PDF of numbered objects, of which the first is its catalog."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(data),
    )  # fmt: skip


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _zeros(mib: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(_MIB)) for _ in range(mib)) + packer.flush()


_CATALOG, _PAGE = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf(_CATALOG, tree, *(_PAGE % b"" for _ in range(count)))


def _one_page(entries: bytes, *objects: bytes) -> bytes:
    return pdf(_CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _PAGE % entries, *objects)


def _picture_page(side: int) -> bytes:
    content = zlib.compress(b"500 0 0 500 50 50 cm /I Do")
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8" % (
        side,
        side,
    )
    resources = b"/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>"
    return _one_page(resources, stream(b"", content), stream(image, _zeros(side * side // _MIB)))


def _png(side: int) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.new("1", (side, side)).save(data, "PNG")
    return data.getvalue()


def _frames(count: int) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    frame = Image.new("1", (8, 8))
    frame.save(data, "TIFF", save_all=True, append_images=[frame] * (count - 1))
    return data.getvalue()


_ODT = {"mimetype": b"application/vnd.oasis.opendocument.text"}
TRAPS: dict[str, Callable[[], bytes]] = {
    "unpacks to 1 GiB.docx": lambda: zipped(
        {"[Content_Types].xml": b"<Types/>"}, zeros_mib=1024, name="word/document.xml"
    ),
    "unpacks to 300 MiB.odt": lambda: zipped(_ODT, zeros_mib=300, name="content.xml"),
    "zip of zips.epub": lambda: zipped({"a.zip": zipped({"b.zip": zipped({}, zeros_mib=100, name="c")})}),
    "zip of zips.zip": lambda: zipped({"a.zip": zipped({}, zeros_mib=100, name="b")}),
    "billion laughs.xml": lambda: f"{_BILLION}<a>&l9;</a>".encode(),
    "billion laughs.odt": lambda: zipped(_ODT | {"content.xml": f"{_BILLION}<a>&l9;</a>".encode()}),
    "billion laughs.docx": lambda: office("wordprocessingml.document", "word/document.xml", f"{_BILLION}<a>&l9;</a>"),
    "billion laughs.xlsx": lambda: office("spreadsheetml.sheet", "xl/workbook.xml", f"{_BILLION}<a>&l9;</a>"),
    "quadratic entities.xml": lambda: f'<!DOCTYPE a [<!ENTITY q "{"x" * 100_000}">]><a>{"&q;" * 100_000}</a>'.encode(),
    "entity of another file.xml": lambda: b'<!DOCTYPE a [<!ENTITY q SYSTEM "file:///etc/passwd">]><a><p>hi &q;</p></a>',
    "a million elements deep.xml": lambda: b"<a>" * 1_000_000,
    "a million elements deep.html": lambda: b"<html><body>" + b"<div>" * 1_000_000 + b"deep",
    "a million lists deep.json": lambda: b"[" * 1_000_000 + b"]" * 1_000_000,
    "a hundred thousand quotes deep.md": lambda: b">" * 100_000 + b" deep",
    "a million open brackets.md": lambda: b"[" * 1_000_000,
    "a table of a billion cells.html": lambda: (
        b"<table><tr>" + b'<td colspan="99999" rowspan="99999">x</td>' * 1000 + b"</tr></table>"
    ),
    "one line of 60 MiB.txt": lambda: b"word " * (12 * _MIB),
    "one cell of 60 MiB.csv": lambda: b'a,b\n1,"' + b"x" * (60 * _MIB),
    "a number of ten million digits.json": lambda: json.dumps({"n": 1}).encode().replace(b"1", b"1" * 10_000_000),
    "50,000 pages.pdf": lambda: _pages(50_000),
    "a page within itself.pdf": lambda: pdf(_CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"),
    "a page of 1 GiB.pdf": lambda: _one_page(b"/Contents 4 0 R", stream(b"", _zeros(1024))),
    "a picture of 900 megapixels.pdf": lambda: _picture_page(30_000),
    "a picture of 2,500 megapixels.png": lambda: _png(50_000),
    "a picture of 5,000 frames.tif": lambda: _frames(5_000),
}
"""Each trap by its file name."""


def lay_links(folder: Path, secret: Path) -> tuple[str, ...]:
    """Links and pipes in `folder` that lead out of it or nowhere; their names."""
    (folder / "link to another file.txt").symlink_to(secret)
    (folder / "link to its folder").symlink_to(folder, target_is_directory=True)
    (folder / "link to nothing.txt").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe without an end.txt")
    return tuple(entry.name for entry in folder.iterdir())
