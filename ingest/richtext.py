"""RTF as HTML: paragraphs, tables as rows, and headings where the file marks them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from ingest.reasons import UnreadableReason, unreadable

__all__ = ["richtext_html"]

_CELL, _ROW, _ITEM, _LEVEL = "\ue0c1", "\ue0c2", "\ue0c3", 0xE0D0  # private use, which latin-1 cannot hold
_CELL_WORD = re.compile(r"\\(?:nest)?cell(?![a-z]) ?")
_ROW_WORD = re.compile(r"\\(?:nest)?row(?![a-z]) ?")
_ITEM_WORD = re.compile(r"\\(?:listtext|pntext)(?![a-z]) ?")
_HEADING_WORD = re.compile(r"\\outlinelevel([0-8])(?!\d) ?")
_MARKS = re.compile("[\ue0c1-\ue0c3\ue0d0-\ue0d8]")
_LEVELS = re.compile("[\ue0d0-\ue0d8]")
_NUMBERED = re.compile(r"\(?[0-9a-z]{1,4}[.)]", re.IGNORECASE)


def richtext_html(data: bytes) -> str:
    """The text of RTF bytes; raises `UnreadableDocument` when they are none."""
    from striprtf.striprtf import rtf_to_text

    source = data.decode("latin-1")
    if not source.lstrip().startswith("{\\rtf"):
        raise unreadable(UnreadableReason.MALFORMED, "it does not begin as RTF does")
    text = rtf_to_text(_with_marks(source), "cp1252", "replace")  # type: ignore[no-untyped-call]
    return f"<html><body>{''.join(_parts(text))}</body></html>"


def _with_marks(source: str) -> str:
    """Characters in the place of what a plain reading loses: cells, rows, list items, levels of headings."""
    source = _CELL_WORD.sub(_CELL, source)
    source = _ROW_WORD.sub(_ROW, source)
    source = _ITEM_WORD.sub(_ITEM, source)
    return _HEADING_WORD.sub(lambda match: chr(_LEVEL + int(match[1])), source)


def _parts(text: str) -> Iterator[str]:
    *rows, rest = text.split(_ROW)
    table: list[str] = []
    for row in rows:
        first, *cells = row.split(_CELL)[:-1] or [row]
        before, _, cell = ("", "", first) if table and not first.startswith("\n") else first.rpartition("\n")
        if table and before.strip():
            yield _table(table)
            table = []
        yield from _paragraphs(before)
        table.append("".join(f"<td>{_inline(text)}</td>" for text in (cell, *cells)))
    if table:
        yield _table(table)
    yield from _paragraphs(rest)


def _table(rows: list[str]) -> str:
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if not _inline(line):
            continue
        level = _LEVELS.search(line)
        if _ITEM in line:
            marker, _, content = line.partition(_ITEM)[2].partition("\t")
            number = f"{marker.strip()} " if _NUMBERED.fullmatch(marker.strip()) else ""
            yield f"<ul><li>{number}{_inline(content or marker)}</li></ul>"
        elif level is not None:
            rank = min(6, ord(level[0]) - _LEVEL + 1)
            yield f"<h{rank}>{_inline(line)}</h{rank}>"
        else:
            yield f"<p>{_inline(line)}</p>"


def _inline(text: str) -> str:
    return escape(_MARKS.sub("", text).strip()).replace("\n", "<br>")
