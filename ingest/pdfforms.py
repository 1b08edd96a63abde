"""What was filled into a PDF form, and the text of forms that only draw themselves in a viewer of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text
from pdfplumber.pdf import PDF

from ingest.archive import xml_root
from ingest.blocks import Block, BlockKind
from ingest.printed import PlacedTable
from ingest.rows import Table

__all__ = ["dynamic_form", "form_fields"]

_MAX_FIELDS = 5000  # of one form; the longest official ones have some hundreds
_MAX_DEPTH = 20
_PLACEHOLDER_SHARE = 2  # a form says far more than the page that asks to open it in another viewer
_OFF = ("Off", "")


def form_fields(pdf: PDF) -> list[PlacedTable]:
    """What was filled in, page by page: a label and a value in each row."""
    pages = {page.page_obj.pageid: page.page_number for page in pdf.pages}
    rows: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for label, value, page_id in islice(_filled(_form(pdf).get("Fields"), "", 0), _MAX_FIELDS):
        rows[pages.get(page_id, len(pdf.pages))].append((f"{label.rstrip(':')}:", value))
    return [(Table(tuple(rows[number])), number) for number in sorted(rows)]


def dynamic_form(pdf: PDF) -> list[Block] | None:
    """The captions and texts of a dynamic XFA form, whose only page asks for another viewer; None for other files."""
    parts = resolve1(_form(pdf).get("XFA"))
    template = _template(parts) if parts is not None and len(pdf.pages) == 1 else None
    if template is None:
        return None
    texts = list(dict.fromkeys(_texts(template)))
    if sum(map(len, texts)) < _PLACEHOLDER_SHARE * len(pdf.pages[0].chars):
        return None
    return [Block(BlockKind.PARAGRAPH, text) for text in texts]


def _form(pdf: PDF) -> dict[str, object]:
    form: dict[str, object] = dict_value(resolve1(pdf.doc.catalog.get("AcroForm")) or {})
    return form


def _filled(fields: object, parent: str, depth: int) -> Iterator[tuple[str, str, object]]:
    for reference in list_value(resolve1(fields) or []):
        field = resolve1(reference)
        if not isinstance(field, dict) or depth > _MAX_DEPTH:
            continue
        label = _text(field.get("TU")) or _text(field.get("T")) or parent
        value = _text(field.get("V"))
        if value not in _OFF:
            yield label, value, getattr(_page_of(field), "objid", None)
        elif field.get("Kids"):
            yield from _filled(field["Kids"], label, depth + 1)


def _page_of(field: dict[str, object]) -> object:
    """The page of a field, or of the first box that shows it."""
    if "P" in field:
        return field["P"]
    boxes = [resolve1(kid) for kid in list_value(resolve1(field.get("Kids")) or [])]
    return next((box["P"] for box in boxes if isinstance(box, dict) and "P" in box), None)


def _text(value: object) -> str:
    value = resolve1(value)
    if isinstance(value, bytes):
        return " ".join(decode_text(value).split())
    if isinstance(value, PSLiteral):
        return str(value.name)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    return ""


def _template(parts: object) -> bytes | None:
    """The packet that says what the form shows: of a list of names and streams, or the one stream of all."""
    if isinstance(parts, PDFStream):
        return bytes(parts.get_data())
    names = [_text(part) for part in parts[::2]] if isinstance(parts, list) else []
    if "template" not in names or not isinstance(parts, list):
        return None
    packet = resolve1(parts[2 * names.index("template") + 1])
    return bytes(packet.get_data()) if isinstance(packet, PDFStream) else None


def _texts(template: bytes) -> Iterator[str]:
    for element in xml_root(template).iter("{*}text", "{*}exData"):
        value = element.getparent()
        holder = value.getparent() if value is not None else None
        if holder is None or not str(holder.tag).endswith(("}caption", "}draw")):
            continue
        for line in "".join(element.itertext()).splitlines():
            if text := " ".join(line.split()):
                yield text
