"""Lines of print back into headings, paragraphs and list items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block, BlockKind

__all__ = ["Line", "is_item", "reflow"]

_BULLET = re.compile(r"(?:[-*•●○▪■◦–—·‣⁃\uf0b7\uf0a7]|\uf0d8|o(?=\s{2}))\s+(?=\S)|[•●▪■◦‣⁃\uf0b7\uf0a7](?=\S)")
_NUMBER = re.compile(r"(?:\(?(\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s*(?=[^\W\d_])")
_END = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "।", "”", '."', ")")
_HARD_END = (".", "!", ":", ";", ",", "。", "！", "।")
_KEPT_PREFIXES = ("re", "non", "self", "co", "pre", "ex", "anti", "multi", "well", "in", "non‑")
_MAX_HEADING_WORDS = 14
_MIN_ITEM_WORDS = 3  # shorter ones are as likely the cells of a table
_DELIBERATE = 0.9  # of the width: a line that had room for the next word up to here was ended on purpose
_INDENT = 1.5  # below it, two lines begin at one place
_SECTION_LEVEL = 2  # a numbered section stands below the document's title


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed. `width` is its length against the column, in [0, 1]; `gap` says that space stands above it.

    `level` is set where its look says that it is a heading; `room` is the share of the column one character takes,
    `indent` the place where it begins, in any unit.
    """

    text: str
    page: int | None = None
    width: float = 1.0
    gap: bool = False
    level: int | None = None
    room: float = 0.0
    indent: float = 0.0


def reflow(lines: Sequence[Line], *, guess_headings: bool) -> list[Block]:
    """Blocks in reading order; with `guess_headings` a short line above prose is taken for a heading."""
    words = {word for line in lines for word in line.text.lower().split()}
    paragraphs = list(_paragraphs(lines, words))
    paragraphs = [paragraph for paragraph in paragraphs if any(c.isalnum() for c in paragraph.text)]
    blocks = [_classified(paragraphs, index, guess_headings) for index in range(len(paragraphs))]
    return _listed(_nested(blocks, [paragraph.indent for paragraph in paragraphs]))


def is_item(text: str) -> bool:
    """Whether a line begins with a bullet."""
    return _BULLET.match(text) is not None


def _paragraphs(lines: Sequence[Line], words: set[str]) -> Iterator[Line]:
    current: Line | None = None
    last: Line | None = None
    for line in lines:
        if current is None or last is None:
            current = line
        elif _is_bold_beginning(current, line):
            current = replace(current, text=_joined(current.text, line.text, words), width=1.0, level=None)
        elif _continues(last, line) and not _ends_item(current, line):
            current = replace(current, text=_joined(current.text, line.text, words), width=1.0)
        else:
            yield current
            current = line
        last = line
    if current is not None:
        yield current


def _is_bold_beginning(first: Line, line: Line) -> bool:
    """Whether what looked like a heading is the bold beginning of a sentence that goes on in `line`."""
    return (
        first.level is not None
        and line.level is None
        and not line.gap
        and line.text[:1].islower()
        and not first.text.endswith(_END)
    )


def _ends_item(first: Line, line: Line) -> bool:
    """Whether `line` stands further out than the bullet of the item that began with `first`."""
    return _BULLET.match(first.text) is not None and first.page == line.page and line.indent < first.indent - _INDENT


def _continues(last: Line, line: Line) -> bool:
    if last.level != line.level:
        return False
    if line.level is not None:
        return not line.gap
    if _BULLET.match(line.text):
        return False
    lower = line.text[:1].islower()
    unfinished = not last.text.endswith(_END)
    if line.gap:
        # A page may end within a sentence: only then does a gap not part two lines.
        return line.page != last.page and lower and unfinished and last.width > _DELIBERATE / 2
    first_word = line.text.split(maxsplit=1)[0]
    was_full = last.width + (len(first_word) + 1) * line.room > _DELIBERATE
    if _NUMBER.match(line.text) or _SECTION.match(line.text):
        return was_full and unfinished and not re.match(r"\d+(\.\d+)*\.\s", line.text)
    return was_full or (lower and unfinished and last.width > _DELIBERATE / 2)


def _joined(text: str, rest: str, words: set[str]) -> str:
    if not text.endswith(("-", "\u00ad", "‐")) or not rest[:1].islower() or text.endswith((" -", "--")):
        return f"{text} {rest}"
    stem, first = text[:-1].rsplit(maxsplit=1)[-1].lower(), rest.split(maxsplit=1)[0].lower()
    if text.endswith("\u00ad") or stem + first in words:
        return text[:-1] + rest
    if f"{stem}-{first}" in words or stem in _KEPT_PREFIXES or "-" in stem:
        return text + rest
    return text[:-1] + rest


def _classified(paragraphs: Sequence[Line], index: int, guess_headings: bool) -> Block:
    line = paragraphs[index]
    text = " ".join(line.text.split())
    if line.level is not None:
        return Block(BlockKind.HEADING, text, level=line.level, page=line.page)
    bullet = _BULLET.match(line.text)
    if bullet:
        return Block(BlockKind.LIST_ITEM, text[len(bullet[0].strip()) :].strip(), level=1, page=line.page, marker="-")
    if guess_headings and _looks_like_heading(paragraphs, index):
        return Block(BlockKind.HEADING, text, level=_section_level(text), page=line.page)
    number = _NUMBER.match(text)
    if number:
        marker = number[0].strip()
        return Block(BlockKind.LIST_ITEM, text[number.end() :], level=1, page=line.page, marker=marker)
    return Block(BlockKind.PARAGRAPH, text, page=line.page)


def _looks_like_heading(paragraphs: Sequence[Line], index: int) -> bool:
    text = paragraphs[index].text.strip()
    if len(text.split()) > _MAX_HEADING_WORDS or text.endswith(_HARD_END) or not any(c.isalpha() for c in text):
        return False
    following = paragraphs[index + 1].text if index + 1 < len(paragraphs) else ""
    if _SECTION.match(text) and not _NUMBER.match(following):
        is_chapter = len(following) > len(text) or "." in following.partition(" ")[0][:-1]
        return text[0].isdigit() and ("." in text.split()[0] or is_chapter)
    if not (text[0].isupper() or text[0].isdigit()) or _NUMBER.match(text) or _follows_lead_in(paragraphs, index):
        return False
    return following[:1].isupper() and (len(following.split()) > _MAX_HEADING_WORDS or following.endswith((".", ":")))


def _follows_lead_in(paragraphs: Sequence[Line], index: int) -> bool:
    return index > 0 and paragraphs[index - 1].text.endswith(":") and not paragraphs[index].gap


def _section_level(text: str) -> int:
    number = _SECTION.match(text)
    return _SECTION_LEVEL + number[1].count(".") if number else _SECTION_LEVEL


def _nested(blocks: Sequence[Block], indents: Sequence[float]) -> Iterator[Block]:
    """Items that begin further in than the item above are its own list."""
    open_lists: list[float] = []
    for block, indent in zip(blocks, indents, strict=True):
        if block.kind is not BlockKind.LIST_ITEM:
            open_lists = []
            yield block
            continue
        while open_lists and open_lists[-1] > indent + _INDENT:
            open_lists.pop()
        if not open_lists or indent > open_lists[-1] + _INDENT:
            open_lists.append(indent)
        yield replace(block, level=len(open_lists))


def _listed(blocks: Iterable[Block]) -> list[Block]:
    """Short lines under a sentence that ends in a colon are its list, though no bullet was kept."""
    result: list[Block] = []
    in_list = False
    for block in blocks:
        if block.kind is not BlockKind.PARAGRAPH:
            in_list = False
        elif in_list and _is_bare_item(block.text):
            block = replace(block, kind=BlockKind.LIST_ITEM, level=1, marker="-")
        else:
            in_list = block.text.endswith(":")
        result.append(block)
    return result


def _is_bare_item(text: str) -> bool:
    words = len(text.split())
    return text[:1].islower() or (_MIN_ITEM_WORDS <= words <= _MAX_HEADING_WORDS and not text.endswith((".", ":")))
