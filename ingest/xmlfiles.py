"""XML: documents of paragraphs, as DITA and DocBook are, become HTML; data becomes records."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree  # type: ignore[import-untyped]

from ingest.archive import xml_root
from ingest.records import Value

__all__ = ["read_xml"]

_PARAGRAPHS = frozenset("p para simpara shortdesc".split())
_TAGS = (
    (_PARAGRAPHS, "p"),
    (frozenset("ol orderedlist steps substeps".split()), "ol"),
    (frozenset("ul itemizedlist steps-unordered choices sl".split()), "ul"),
    (frozenset("li listitem step substep choice sli".split()), "li"),
    (frozenset("table informaltable simpletable".split()), "table"),
    (frozenset("row tr strow sthead".split()), "tr"),
    (frozenset("entry td stentry".split()), "td"),
    (frozenset("codeblock programlisting screen pre".split()), "pre"),
)
_HEADS = frozenset(("thead", "sthead"))
_SKIPPED = frozenset("prolog metadata indexterm colspec related-links reltable".split())
_INLINE = frozenset(
    "b i em strong emphasis u ph keyword term cmd link xref ulink uicontrol code codeph quote sub sup tgroup".split()
)
_CAPTIONED = frozenset("table informaltable simpletable fig figure example".split())
_MAX_HEADING = 6


def read_xml(data: bytes) -> str | Value:
    """An HTML page as `str` when the root holds paragraphs, else its data under the root's name; see `xml_root`."""
    root = xml_root(data)
    if any(_name(element) in _PARAGRAPHS for element in root.iter(etree.Element)):
        return f"<html><body>{''.join(_part(root))}</body></html>"
    return {_name(root): _data(root)}


def _part(element: etree._Element) -> Iterator[str]:
    name = _name(element)
    if name in _SKIPPED:
        return
    tag = _tag(element, name)
    yield f"<{tag}>" if tag else ""
    yield escape(element.text or "")
    for child in element:
        yield from _part(child)
        yield escape(child.tail or "")
    yield f"</{tag}>" if tag else ""


def _tag(element: etree._Element, name: str) -> str | None:
    if name == "title":
        return _title_tag(element)
    tag = next((tag for names, tag in _TAGS if name in names), None)
    if tag == "td":
        return "th" if any(_name(ancestor) in _HEADS for ancestor in element.iterancestors()) else "td"
    return tag or (None if name in _INLINE else name if name in ("th", "dl", "dt", "dd") else "div")


def _title_tag(title: etree._Element) -> str:
    """A heading as deep as the titled parts around it; what a table or a figure is called is a paragraph."""
    parent = title.getparent()
    if parent is not None and _name(parent) in _CAPTIONED:
        return "p"
    depth = sum(any(_name(child) == "title" for child in ancestor) for ancestor in title.iterancestors())
    return f"h{min(max(depth, 1), _MAX_HEADING)}"


def _data(element: etree._Element) -> Value:
    """A text where the element is one, else its attributes and children by name; a name that repeats is a list."""
    text = " ".join((element.text or "").split())
    if not len(element) and not element.attrib:
        return text
    fields: dict[str, list[Value]] = {str(etree.QName(key).localname): [value] for key, value in element.items()}
    if text:
        fields.setdefault("text", []).append(text)
    for child in element:
        fields.setdefault(_name(child), []).append(_data(child))
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
