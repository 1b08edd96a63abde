"""Where editors write metadata: YAML front matter, sidecar files and the head of an HTML page."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

import yaml

from core.errors import UnreadableDocument
from ingest.metadata import KEYS, parse_metadata
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["html_pairs", "split_front_matter", "yaml_pairs"]

_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MAX_CHARS = 16_384  # ten keys of one line each; anything longer is a text between two rules
_WEB_KEYS = ("title", "language", "audience")  # pages of others use these names in ways of their own


def split_front_matter(text: str) -> tuple[str | None, str]:
    """The YAML between two `---` lines at the very start, None when there is none, and the text after it."""
    text = text.removeprefix("\ufeff")
    match = _FENCE.match(text[:_MAX_CHARS])
    if match is None or ":" not in match[1]:
        return None, text
    return match[1], text[match.end() :]


def yaml_pairs(source: str, *, where: str) -> dict[str, object]:
    """The keys and values of one YAML mapping, all text as it was written; raises `UnreadableDocument`."""
    try:
        # BaseLoader makes text, lists and mappings only: it runs nothing, and NO stays Norway.
        loaded = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = " ".join(str(error).split())
        message = f"{where}: this is not YAML: {problem}; put quotes around a value that holds a colon"
        raise unreadable(UnreadableReason.BAD_METADATA, message) from error
    if not loaded:
        return {}
    if not isinstance(loaded, dict):
        message = f"{where}: begins with {source[:40]!r}; write one `key: value` a line"
        raise unreadable(UnreadableReason.BAD_METADATA, message)
    return {str(key): value for key, value in loaded.items()}


def html_pairs(head: str) -> dict[str, object]:
    """The pairs that the head of an HTML page gives: `<title>`, `<html lang>` and `<meta name>` of our keys.

    A title, language or audience that we could not use is left out: the page was written for another reader.
    """
    reader = _HeadReader()
    with suppress(AssertionError):  # raised for a marked section that it does not know; what stood before counts
        reader.feed(head)
    pairs = dict(reader.pairs)
    for key in _WEB_KEYS:
        try:
            parse_metadata({key: pairs.get(key)}, where="")
        except UnreadableDocument:
            del pairs[key]
    return pairs


class _HeadReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pairs: dict[str, object] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._in_title = "title" not in self.pairs
        elif tag == "html" and given.get("lang"):
            self.pairs.setdefault("language", given["lang"])
        elif tag == "meta" and given.get("name", "").lower() in KEYS:
            self.pairs[given["name"].lower()] = given.get("content", "").strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and data.strip():
            self.pairs["title"] = f"{self.pairs.get('title', '')} {data}".strip()
