"""Page furniture: running heads and feet, page numbers and tables of contents, which are no content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.blocks import Block, BlockKind

__all__ = ["is_contents_line", "page_number", "repeated", "without_contents", "without_furniture"]

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]{0,5}\s*$|(?:_\s?){6,}\s*\d{1,4}\s*$")
_PAGE_NUMBER = re.compile(r"(?:[-–]\s?)?(?:page\s*)?(\d{1,4})(?:\s?[-–]|\s?(?:of|/|de)\s?\d{1,4})?", re.IGNORECASE)
_REACH = 3  # lines from the edge of a page that a head or foot can take
_MIN_PAGES = 4
_MIN_CONTENTS = 2  # entries one after the other
_CONTENTS = frozenset(("on this page", "in this article", "in this section", "contents", "table of contents"))
_MIN_SHARE = 0.4  # of the pages: books alternate two running heads, and chapters change them


def is_contents_line(text: str) -> bool:
    """Whether the line is of a table of contents: dots that lead to a page number."""
    return _LEADERS.search(text) is not None


def page_number(text: str) -> int | None:
    """The number of a line that holds a page number and nothing else."""
    match = _PAGE_NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def repeated(pages: Iterable[Sequence[str]]) -> frozenset[str]:
    """Keys, see `edge_key`, of the lines that stand at the edges of many pages."""
    counts: Counter[str] = Counter()
    total = 0
    for lines in pages:
        total += 1
        edges = {*lines[:_REACH], *lines[-_REACH:]}
        counts.update({edge_key(line) for line in edges if line.strip()})
    least = max(2, round(total * _MIN_SHARE)) if total < 10 else max(3, round(total * _MIN_SHARE))
    return frozenset(key for key, seen in counts.items() if total > 1 and seen >= least)


def edge_key(text: str) -> str:
    """A line without what changes from page to page: its figures, case and spacing."""
    return re.sub(r"\d+", "#", " ".join(text.lower().split()))


def without_furniture(lines: Sequence[str]) -> list[str]:
    """Lines of plain text that once was paged, without what belonged to its pages; other text is left as it is."""
    kept = ["" if is_contents_line(line) else line for line in lines]
    breaks = _page_breaks(kept)
    if len(breaks) < _MIN_PAGES:
        return kept
    windows = [[line for line in kept[max(0, at - _REACH) : at + _REACH + 1] if line.strip()] for at in breaks]
    counts = Counter(key for window in windows for key in {edge_key(line) for line in window})
    furniture = {key for key, seen in counts.items() if seen >= max(_MIN_PAGES, len(breaks) * _MIN_SHARE)}
    near = {at + step for at in breaks for step in range(-_REACH, _REACH + 1)}
    gone = breaks | {at for at in near if 0 <= at < len(kept) and edge_key(kept[at]) in furniture}
    return [line for at, line in enumerate(kept) if at not in gone]


def _page_breaks(lines: Sequence[str]) -> set[int]:
    """Where lines hold nothing but the next page's number."""
    breaks: set[int] = set()
    expected: int | None = None
    for at, line in enumerate(lines):
        number = page_number(line) if line.strip() else None
        if number is not None and (number == expected or (expected is None and number <= _MIN_PAGES)):
            breaks.add(at)
            expected = number + 1
    return breaks


def without_contents(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without lists of the document's own headings, and without the heading over such a list."""
    headings = {_bare(block.text) for block in blocks if block.kind is BlockKind.HEADING}
    gone: set[int] = set()
    run: list[int] = []
    for at, block in enumerate([*blocks, Block(BlockKind.CODE, "")]):
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and _bare(block.text) in headings:
            run.append(at)
            continue
        if len(run) >= _MIN_CONTENTS:
            above = run[0] - 1
            gone.update(run if above < 0 or _bare(blocks[above].text) not in _CONTENTS else [above, *run])
        run = []
    return [block for at, block in enumerate(blocks) if at not in gone]


def _bare(text: str) -> str:
    return text.casefold().strip(" .:…0123456789")
