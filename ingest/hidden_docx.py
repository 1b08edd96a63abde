"""Text in a Word document that Word does not show: formatted as hidden, white on white, or too small to see."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from ingest.blocks import Block
from ingest.hidden import hidden_block, is_white

__all__ = ["seen_docx"]

_DOCUMENT = "word/document.xml"
_HINT = re.compile(rb"<w:vanish|<w:color[^>]*w:val=\"[eEfF]|<w:sz w:val=\"[0-3]\"")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off")
_MIN_HALF_POINTS = 4  # type of two points; nobody reads smaller
_MIN_WORDS = 4  # a white word or two is a trick of layout


def seen_docx(path: Path) -> tuple[BinaryIO, list[Block]]:
    """The document without what nobody sees, and the hidden passages, a paragraph each."""
    with zipfile.ZipFile(path) as archive:
        source = archive.read(_DOCUMENT) if _DOCUMENT in archive.namelist() else b""
        if not _HINT.search(source):
            return path.open("rb"), []
        tree = etree.fromstring(source, parser=etree.XMLParser(resolve_entities=False, huge_tree=True))
        blocks = [block for paragraph in tree.iter(f"{_W}p") if (block := _taken_out(paragraph)) is not None]
        return _with_document(archive, etree.tostring(tree, xml_declaration=True, encoding="UTF-8")), blocks


def _taken_out(paragraph: etree._Element) -> Block | None:
    """Removes the paragraph's hidden runs; what is white without being prose may stand on a ground that we overlook."""
    runs = [run for run in paragraph.iter(f"{_W}r") if next(run.iterancestors(f"{_W}p")) is paragraph]
    vanished, unseen = [r for r in runs if _is_vanished(r)], [r for r in runs if _is_unseen(r)]
    block = hidden_block("".join(map(_text, vanished or unseen)), min_words=_MIN_WORDS)
    for run in vanished or (unseen if block is not None else []):
        run.getparent().remove(run)
    return block


def _text(run: etree._Element) -> str:
    return "".join(text.text or "" for text in run.iter(f"{_W}t"))


def _is_vanished(run: etree._Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in _OFF


def _is_unseen(run: etree._Element) -> bool:
    size = _value(run, f"{_W}rPr/{_W}sz")
    if size.isdigit() and int(size) < _MIN_HALF_POINTS:
        return True
    return is_white(_value(run, f"{_W}rPr/{_W}color")) and not _has_ground(run)


def _has_ground(run: etree._Element) -> bool:
    """Whether something dark may stand behind: shading of the run, its paragraph or cell, a table style, a shape."""
    if run.find(f"{_W}rPr/{_W}highlight") is not None or _is_shaded(run, "rPr"):
        return True
    for above in run.iterancestors():
        name = etree.QName(above).localname
        if name == "txbxContent" or (name == "tbl" and above.find(f"{_W}tblPr/{_W}tblStyle") is not None):
            return True
        if _is_shaded(above, f"{name}Pr") or (name == "document" and above.find(f"{_W}background") is not None):
            return True
    return False


def _is_shaded(element: etree._Element, properties: str) -> bool:
    fill = element.find(f"{_W}{properties}/{_W}shd")
    return fill is not None and not (fill.get(f"{_W}fill", "auto") == "auto" or is_white(fill.get(f"{_W}fill", "")))


def _value(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _with_document(archive: zipfile.ZipFile, document: bytes) -> BinaryIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name in archive.namelist():
            target.writestr(name, document if name == _DOCUMENT else archive.read(name))
    copy.seek(0)
    return copy
