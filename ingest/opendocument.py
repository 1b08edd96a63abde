"""OpenDocument texts, sheets and slides as HTML: headings, paragraphs, lists and tables."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from ingest.archive import opened_archive, xml_root
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["opendocument_html"]

_MAX_REPEATED = 200  # cells and rows that only repeat; sheets fill up to a million with them
_SKIPPED = frozenset(
    "annotation tracked-changes sequence-decls forms table-of-content alphabetical-index illustration-index "
    "bibliography user-index settings note-citation".split()
)
_WRAPPERS = {
    "p": "p",
    "table": "table",
    "bold": "b",
    "list": "ul",
    "list-item": "li",
    "list-header": "li",
    "table-row": "tr",
    "note-body": "span",
}


def opendocument_html(path: Path) -> str:
    """The body of an ODT, ODS or ODP; raises `UnreadableDocument` when it is locked or none."""
    with opened_archive(path) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise unreadable(UnreadableReason.ENCRYPTED)
        if "content.xml" not in names:
            raise unreadable(UnreadableReason.MALFORMED, "it holds no content.xml")
        root = xml_root(archive.read("content.xml"))
    _mark_bold(root)
    bodies = [element for element in root if _name(element) == "body"]
    return f"<html><body>{''.join(part for body in bodies for part in _parts(body))}</body></html>"


def _mark_bold(root: etree._Element) -> None:
    """Spans and paragraphs of a bold style are renamed, so that a bold line can be told from others."""
    bold = {
        _attribute(properties.getparent(), "name")
        for properties in root.iter("{*}text-properties")
        if _attribute(properties, "font-weight") == "bold"
    }
    for element in root.iter("{*}span", "{*}p"):
        if _attribute(element, "style-name") in bold:
            element.tag = "bold" if _name(element) == "span" else "boldline"


def _parts(element: etree._Element) -> Iterator[str]:
    """The HTML of what stands within the element."""
    yield escape(element.text or "")
    for child in element:
        yield from _part(child)
        yield escape(child.tail or "")


def _part(element: etree._Element) -> Iterator[str]:
    name = _name(element)
    if name in _SKIPPED:
        return
    if name == "s":
        yield " " * min(_number(element, "c"), _MAX_REPEATED)
    elif name == "tab":
        yield " "
    elif name == "line-break":
        yield "<br>"
    elif name == "h":
        yield from _wrapped(f"h{min(6, max(1, _number(element, 'outline-level')))}", element)
    elif name == "boldline":
        yield f"<p><b>{''.join(_parts(element))}</b></p>"
    elif name in ("table-cell", "covered-table-cell"):
        yield from _cell(element)
    elif name in _WRAPPERS:
        yield from _wrapped(_WRAPPERS[name], element)
    else:
        yield from _parts(element)


def _wrapped(tag: str, element: etree._Element) -> Iterator[str]:
    yield f"<{tag}>"
    yield from _parts(element)
    yield f"</{tag}>"


def _cell(element: etree._Element) -> Iterator[str]:
    is_header = any(_name(ancestor) == "table-header-rows" for ancestor in element.iterancestors())
    tag = "th" if is_header else "td"
    content = "".join(_parts(element))
    # An empty cell that repeats fills the sheet up to its edge.
    times = min(_number(element, "number-columns-repeated"), _MAX_REPEATED)
    yield from (f"<{tag}>{content}</{tag}>" for _ in range(times if content else min(times, 1)))


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _number(element: etree._Element, attribute: str) -> int:
    value = _attribute(element, attribute) or "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 1


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if etree.QName(key).localname == name), None)
