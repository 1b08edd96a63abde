"""What a file says of itself, each key with the file and the line that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from core.errors import UnreadableDocument
from ingest.formats import Format
from ingest.frontmatter import html_pairs, split_front_matter, yaml_pairs
from ingest.metadata import KEYS
from ingest.sources import SIDECAR_SUFFIX, SourceFile
from ingest.textfiles import decode

__all__ = ["Head", "Said", "read_heads"]

_FENCED = (Format.MARKDOWN, Format.TEXT)
_OPENED = re.compile(rf"\A---[ \t]*\r?\n(?:.*\n){{0,20}}?(?:{'|'.join(KEYS)})[ \t]*:")


@dataclass(frozen=True, slots=True)
class Said:
    """One key and its value, and where they stand."""

    key: str
    value: object
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Head:
    """The front matter of one file, or its sidecar.

    `problem` is what keeps it from being read, on `line`; `doubled` are keys that stand there again further down; it
    `is_open` when it begins as front matter does and never ends.
    """

    file: str
    said: tuple[Said, ...] = ()
    doubled: tuple[Said, ...] = ()
    problem: str = ""
    line: int = 1
    is_open: bool = False


def read_heads(file: SourceFile, source: str | None) -> list[Head]:
    """What `file` says of itself, then its sidecar, whose word counts more; `source` is its text, if it has one."""
    heads = []
    if source is not None and file.format is Format.HTML:
        heads.append(_html_head(file.id, source))
    elif source is not None and file.format in _FENCED:
        front_matter, _ = split_front_matter(source)
        if front_matter is not None:
            heads.append(_yaml_head(file.id, front_matter, above=1))
        elif _OPENED.match(source):
            heads.append(Head(file.id, is_open=True))
    if file.sidecar is not None:
        heads.append(_yaml_head(file.id + SIDECAR_SUFFIX, decode(file.sidecar.read_bytes()), above=0))
    return heads


def _yaml_head(file: str, source: str, *, above: int) -> Head:
    """`above` is how many lines of the file stand above `source`."""
    try:
        pairs = yaml_pairs(source, where=file)
    except UnreadableDocument as error:
        return Head(file, problem=error.detail, line=above + _broken_line(source))
    said = [Said(key, pairs.get(key), file, above + line) for key, line in _keys(source)]
    last = {item.key: item for item in said}
    return Head(file, tuple(last.values()), tuple(item for item in said if item is not last[item.key]))


def _keys(source: str) -> Iterator[tuple[str, int]]:
    node = yaml.compose(source, Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            yield str(key.value), key.start_mark.line + 1


def _broken_line(source: str) -> int:
    try:
        yaml.compose(source, Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return mark.line + 1 if mark is not None else 1
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    return 1


def _html_head(file: str, source: str) -> Head:
    said = [Said(key, value, file, _html_line(source, key)) for key, value in html_pairs(source).items()]
    return Head(file, tuple(said))


def _html_line(source: str, key: str) -> int:
    tag = {"title": r"<title\b", "language": r"<html\b"}.get(key, rf"<meta\b[^>]*\bname\s*=\s*[\"']?{key}\b")
    match = re.search(tag, source, re.IGNORECASE)
    return source.count("\n", 0, match.start()) + 1 if match else 1
