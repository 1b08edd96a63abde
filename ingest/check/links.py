"""Rules on links: files and headings that are not there, and addresses that lead nowhere."""

from __future__ import annotations

import difflib
import ipaddress
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.formats import Format
from ingest.frontmatter import split_front_matter

__all__ = ["check_links"]

_ADDRESS = re.compile(r"\bhttps?\b:?/{0,3}[^\s<>\"')\]|}]+", re.IGNORECASE)
_BROKEN = re.compile(r"https?:?/{0,3}", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]*", re.IGNORECASE)
_WEB = re.compile(r"www\.|[\w-]+\.(?:gov|com|org|net|ca|uk|au|eu|nz|de|int)(?:/|$)", re.IGNORECASE)
_ELSEWHERE = ("mailto:", "tel:", "sms:", "data:")
_ID = re.compile(r"""<[^>]+\b(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Link:
    target: str
    line: int


def check_links(document: CheckedDocument, by_id: Mapping[str, CheckedDocument]) -> Iterator[Finding]:
    """Links of Markdown and HTML to files and headings of the knowledge base, and addresses in any text."""
    for address, file, line in _addresses(document):
        problem = _problem(address)
        if problem is not None:
            code, message, fix = problem
            yield Finding(code, file, line, message, fix)
    for link in _links(document):
        yield from _link(document, link, by_id)


def _addresses(document: CheckedDocument) -> Iterator[tuple[str, str, int | None]]:
    said = document.said.get("source_url")
    if said is not None and isinstance(said.value, str) and said.value.startswith("http:"):
        yield said.value, said.file, said.line
    if document.file.format is Format.HTML:
        # Scripts and styles are full of addresses that no reader ever sees.
        yield from ((link.target, document.id, link.line) for link in _links(document) if _ADDRESS.match(link.target))
        return
    if document.lines is not None:
        source = document.lines.source
        head = len(source) - len(split_front_matter(source)[1])
        for match in _ADDRESS.finditer(source, head):
            address = match.group().partition(",")[0] if document.file.format is Format.CSV else match.group()
            yield address.rstrip(".,;:!?"), document.id, document.lines.at(match.start())
        return
    for placed in document.canonical.placed:
        for match in _ADDRESS.finditer(placed.block.text):
            yield match.group().rstrip(".,;:!?"), document.id, None


def _problem(address: str) -> tuple[Code, str, str] | None:
    begin = _BROKEN.match(address)
    assert begin is not None
    if begin.group().lower() not in ("http://", "https://"):
        if ":" not in begin.group() and "//" not in begin.group():
            return None  # "https" as a word of a sentence
        return Code.BAD_ADDRESS, f"{address!r} is not a web address", "begin it with https://"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        return Code.BAD_ADDRESS, f"{address!r} is not a web address: {error}", "copy it anew from the page"
    if not _HOST.fullmatch(host) and not _is_ip(host):
        return Code.BAD_ADDRESS, f"{address!r} names no website", "copy it anew from the page"
    if parts.scheme.lower() == "http":
        fix = "begin it with https://, and see that the page opens"
        return Code.INSECURE_ADDRESS, f"{address!r} is not encrypted on its way", fix
    return None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _links(document: CheckedDocument) -> Sequence[_Link]:
    if document.lines is None:
        return ()
    if document.file.format is Format.MARKDOWN:
        return list(_markdown_links(document.lines.source))
    if document.file.format is Format.HTML:
        reader = _HtmlLinks()
        reader.feed(document.lines.source)
        return reader.links
    return ()


def _markdown_links(source: str) -> Iterator[_Link]:
    body = split_front_matter(source)[1]
    above = source[: len(source) - len(body)].count("\n")
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type != "inline" or token.map is None:
            continue
        line = above + token.map[0] + 1
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            target = child.attrGet("href")
            if isinstance(target, str) and child.type == "link_open":
                yield _Link(target, line)


class _HtmlLinks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[_Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") if tag == "a" else None
        if target:
            self.links.append(_Link(target, self.getpos()[0]))


def _link(document: CheckedDocument, link: _Link, by_id: Mapping[str, CheckedDocument]) -> Iterator[Finding]:
    target = link.target
    if target.lower().startswith(("http", "//", *_ELSEWHERE)) or target in ("", "#"):
        return
    if _WEB.match(target):
        yield document.finding(
            Code.BAD_ADDRESS, f"the link {target!r} leads to no website", "begin it with https://", line=link.line
        )
        return
    path, _, anchor = unquote(target).partition("#")
    path = path.partition("?")[0]
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(document.id), path)) if path else document.id
    if path and not _is_there(document, wanted):
        message, fix = f"the link {target!r} leads to no file", "correct the path, or remove the link"
        yield document.finding(Code.DEAD_LINK, message, fix, line=link.line)
    elif anchor and wanted in by_id and not _has_anchor(by_id[wanted], anchor):
        message = f"the link {target!r} leads to no heading of {wanted}"
        fix = _nearest(by_id[wanted], anchor)
        yield document.finding(Code.DEAD_ANCHOR, message, fix, line=link.line)


def _is_there(document: CheckedDocument, wanted: str) -> bool:
    root = document.file.root
    if wanted.split("/", 1)[0] != root.name:
        return False
    return (root.parent / Path(wanted)).exists()


def _has_anchor(document: CheckedDocument, anchor: str) -> bool:
    return document.lines is None or anchor.lower() in _anchors(document)


def _nearest(document: CheckedDocument, anchor: str) -> str:
    close = difflib.get_close_matches(anchor.lower(), _anchors(document), n=1, cutoff=0.4)
    return f"did you mean #{close[0]}?" if close else "name a heading that is there, or leave the # out"


def _anchors(document: CheckedDocument) -> list[str]:
    """What a `#` may name in a document: its headings as web pages spell them, and its own ids."""
    assert document.lines is not None
    seen: Counter[str] = Counter()
    anchors = [found.lower() for found in _ID.findall(document.lines.source)]
    for placed in document.canonical.placed:
        if placed.block.level and not placed.block.marker:
            slug = re.sub(r"[^\w\- ]", "", placed.block.text.lower()).replace(" ", "-")
            anchors.append(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return anchors
