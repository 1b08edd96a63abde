"""Nested data, as JSON and XML hold it, into headings, paragraphs, list items and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.questions import is_faq
from ingest.rows import Table

__all__ = ["Value", "record_parts"]

Value = str | Sequence["Value"] | Mapping[str, "Value"]
"""Data whose scalars are texts as they were written; an empty text is nothing."""

_MAX_LEVEL = 6
_PROSE_WORDS = 40  # a longer value is read as a paragraph under its key


def record_parts(value: Value, *, level: int = 1) -> Iterator[Block | Table]:
    """The headings, paragraphs, list items and tables of `value`; headings under it begin at `level`."""
    if isinstance(value, str):
        yield from _prose(value)
    elif isinstance(value, Mapping):
        yield from _record(value, level)
    elif all(isinstance(item, str) for item in value):
        yield from (Block(BlockKind.LIST_ITEM, text, level=1, marker="-") for item in value if (text := _flat(item)))
    elif (table := _faq(value)) is not None:
        yield table
    else:
        for item in value:
            yield from record_parts(item, level=level)


def _record(record: Mapping[str, Value], level: int) -> Iterator[Block | Table]:
    """The short values as one row, then each longer or nested one under its key."""
    short = {_label(key): _flat(value) for key, value in record.items() if _is_short(value) and _flat(value)}
    if short:
        yield Table((tuple(short), tuple(short.values())), header_rows=1)
    for key, value in record.items():
        if _is_short(value):
            continue
        parts = list(record_parts(value, level=level + 1))
        if isinstance(value, str) and len(record) == 1:
            yield from parts  # a lone text needs no name
        elif parts:
            yield Block(BlockKind.HEADING, _label(key), level=min(level, _MAX_LEVEL))
            yield from parts


def _is_short(value: Value) -> bool:
    return isinstance(value, str) and len(value.split()) <= _PROSE_WORDS


def _prose(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if line.strip():
            yield Block(BlockKind.PARAGRAPH, _flat(line))


def _faq(records: Sequence[Value]) -> Table | None:
    """Records that ask and answer as a table with a header, None when they are others."""
    if not all(isinstance(record, Mapping) for record in records):
        return None
    pairs = [{_label(key): _cell(value) for key, value in r.items()} for r in records if isinstance(r, Mapping)]
    header = tuple(dict.fromkeys(key for pair in pairs for key in pair))
    table = Table((header, *(tuple(pair.get(key, "") for key in header) for pair in pairs)), header_rows=1)
    return table if is_faq(table) else None


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "\n".join(f"{_label(key)}: {_cell(item)}" for key, item in value.items())
    return "\n".join(f"- {_cell(item)}" for item in value)


def _label(key: str) -> str:
    return _flat(key.replace("_", " "))


def _flat(value: Value) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
