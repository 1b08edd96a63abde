"""Plain text into blocks: its paragraphs, lists and headings, whether its lines were wrapped by hand or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.blocks import Block
from ingest.furniture import without_furniture
from ingest.reflow import Line, reflow

__all__ = ["text_blocks"]

_UNDERLINE = re.compile(r"(=|-|~|\*){3,}")
_MARKED_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_LONE_MARKER = re.compile(r"[•●▪■◦‣⁃\uf0b7\uf0a7\uf0d8]|\d{1,2}(\.\d{1,2}){0,4}\.")
_TRAILING_BULLET = re.compile(r"\s([•●▪■◦‣⁃\uf0b7\uf0a7\uf0d8])\s*$")
_LONGEST_WRAPPED = 180  # characters; a page of print in landscape. Paragraphs of one line are mostly longer
_WRAPPED_SHARE = 0.95
_NARROWEST_WRAPPED = 50
_NEIGHBOURS = 3


def text_blocks(text: str) -> list[Block]:
    """The blocks of `text`; headings are guessed from underlines, section numbers and short lines above prose."""
    lines = [line.rstrip() for line in text.replace("\f", "\n\n").splitlines()]
    return reflow(list(_lines(list(_with_markers(without_furniture(lines))))), guess_headings=True)


def _with_markers(lines: Iterable[str]) -> Iterator[str]:
    """Lines with the bullets and section numbers that an extraction left on lines of their own, or behind another."""
    marker = ""
    for line in lines:
        text = line.strip()
        if _LONE_MARKER.fullmatch(text):
            marker = text
            continue
        if not text:
            if not marker:
                yield line
            continue
        trailing = _TRAILING_BULLET.search(line)
        kept = line[: trailing.start()] if trailing else line
        yield f"{marker} {kept.strip()}" if marker else kept
        marker = trailing[1] if trailing else ""


def _lines(lines: Sequence[str]) -> Iterator[Line]:
    columns = _columns(lines)
    gap = True
    for index, line in enumerate(lines):
        text = line.strip()
        if not text or _UNDERLINE.fullmatch(text):
            gap = True
            continue
        marked = _MARKED_HEADING.match(text)
        level = len(marked[1]) if marked else _underlined(lines, index)
        text = text[marked.end() :] if marked else text
        column = columns[index]
        width = min(1.0, len(line) / column) if column else 0.0
        yield Line(
            text,
            gap=gap or not column,
            width=width,
            level=level,
            room=1 / column if column else 0.0,
            indent=len(line) - len(line.lstrip()),
        )
        gap = False


def _columns(lines: Sequence[str]) -> list[int]:
    """For each line the width in characters at which it was wrapped; 0 throughout when each line is a paragraph."""
    lengths = [len(line) for line in lines]
    filled = [length for length in lengths if length]
    if len(filled) < 3 or sum(n <= _LONGEST_WRAPPED for n in filled) < _WRAPPED_SHARE * len(filled):
        return [0] * len(lengths)
    # Columns change within a file that was extracted from print: the neighbours tell the width that holds here.
    around = (lengths[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] for at in range(len(lengths)))
    return [max(_NARROWEST_WRAPPED, *near) for near in around]


def _underlined(lines: Sequence[str], index: int) -> int | None:
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    if not _UNDERLINE.fullmatch(below) or len(below) < len(lines[index].strip()) * 0.6:
        return None
    return 1 if below.startswith("=") else 2
