"""Text in a page's source that a browser does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from ingest.blocks import Block
from ingest.hidden import hidden_block, is_white, same_colour

__all__ = ["hidden_in_page", "is_out_of_sight"]

_HINT = re.compile(r"<!--|hidden|style\s*=|\bcolor\s*=|<template|<noscript", re.IGNORECASE)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|color:transparent"
    r"|font-size:(?:0|[01](?:\.\d+)?(?:px|pt)|0?\.0\d*(?:em|rem|%)?)(?:\D|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\((?:0|1)|clip-path:inset\((?:50|100)%"
)
_FADED = re.compile(r"(?<![-\w])opacity:0*(?:\.0+)?(?:;|$)|transform:scale\(0\)")
_NO_SIZE = re.compile(r"(?<![-\w])(?:max-)?(?:height|width):[01](?:px)?(?:;|$)")
_COLOUR = re.compile(r"(?<![-\w])color:([^;]+)")
_BACKGROUND = re.compile(r"background(?:-color)?:([^;]+)")
_NEVER_TEXT = frozenset(("script", "style", "svg", "math", "head", "title", "link", "meta"))
_FORM = ("input", "select", "textarea", "button", "form", "nav")
_SERVICE = re.compile(
    r"cookie|javascript|browser|session|loading|log ?in|sign ?in|newsletter|subscribe|©", re.IGNORECASE
)
_MIN_WORDS = 20  # labels for screen readers and questions before a page is left are shorter
_MIN_SENTENCES = 2
_MAX_LINKED = 0.3  # of the words; menus are links
_MAX_SHARE = 0.5  # of the page's text: what hides more than that is an effect, shown once a script has run


def is_out_of_sight(element: HtmlElement) -> bool:
    """Whether its own style hides the element: no size, no contrast, or off the screen."""
    style = _plain(element.get("style", ""))
    if _HIDING.search(style) or ("overflow:hidden" in style and _NO_SIZE.search(style)) or _lacks_contrast(element):
        return True
    faded = _FADED.search(style) is not None
    return faded and len(element.text_content()) < _MAX_SHARE * len(_root(element).text_content())


def hidden_in_page(source: str) -> list[Block]:
    """Hidden text that gives orders or reads like prose, each piece a block; menus, labels and notices are left out."""
    if not _HINT.search(source):
        return []
    try:
        page = html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, ValueError):
        return []
    found = (_block(element) for element in _outermost(page))
    return [block for block in found if block is not None]


def _outermost(element: HtmlElement) -> Iterator[HtmlElement]:
    """Comments and hidden elements that stand in no other hidden element."""
    for child in element:
        if child.tag is etree.Comment or child.tag in ("template", "noscript") or _is_hidden(child):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _NEVER_TEXT:
            yield from _outermost(child)


def _is_hidden(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NEVER_TEXT:
        return False
    return "hidden" in element.attrib or element.get("aria-hidden") == "true" or is_out_of_sight(element)


def _block(element: HtmlElement) -> Block | None:
    if element.tag is etree.Comment:
        text = re.sub(r"<[^>]*>", " ", element.text or "")
        return hidden_block(text, min_words=len(text) + 1)
    text = " ".join(element.text_content().split())
    # What is only hidden from screen readers is seen; of service texts only orders matter.
    least = len(text) + 1 if element.get("aria-hidden") == "true" or _is_service(element, text) else _MIN_WORDS
    return hidden_block(text, min_words=least, min_sentences=_MIN_SENTENCES)


def _is_service(element: HtmlElement, text: str) -> bool:
    if element.tag in ("template", "noscript") or element.get("role") is not None or _SERVICE.search(text):
        return True
    linked = sum(len(link.text_content().split()) for link in element.iter("a"))
    return linked > _MAX_LINKED * len(text.split()) or next(element.iter(*_FORM), None) is not None


def _lacks_contrast(element: HtmlElement) -> bool:
    colour = _COLOUR.search(_plain(element.get("style", "")))
    own = colour[1] if colour else element.get("color", "")
    if not own:
        return False
    for above in (element, *element.iterancestors()):
        background = _BACKGROUND.search(_plain(above.get("style", "")))
        behind = background[1] if background else above.get("bgcolor", "")
        if behind:
            return same_colour(own, behind)
        if above.get("class"):
            return False  # what stands behind is said in a style sheet
    return is_white(own) and not _root(element).xpath("//style|//link[@rel='stylesheet']")


def _root(element: HtmlElement) -> HtmlElement:
    return element.getroottree().getroot()


def _plain(style: str) -> str:
    return re.sub(r"\s*([:;(),])\s*", r"\1", style.lower()).replace("!important", "").strip()
