"""Questions and their answers, found in what was read, so that each pair stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from core.types import DocumentMeta
from ingest.blocks import Block, BlockKind
from ingest.metadata import parse_metadata
from ingest.rows import Table, row_text

__all__ = ["faq_blocks", "is_faq", "number_units"]

_MARKS = ("?", "？", "؟")
_QUESTION_MARKER = re.compile(r"(?:Q|Question)\s?\d{0,3}\s?[:.)–-]\s+(?=\S)", re.IGNORECASE)
_ANSWER_MARKER = re.compile(r"(?:^|(?<=\s))(?:A|Answer)\s?\d{0,3}\s?[:.)–-]\s+(?=\S)")
_HEADERS = {
    "question": ("question", "questions", "q", "faq", "query"),
    "answer": ("answer", "answers", "a", "response", "reply"),
    "jurisdiction": ("jurisdiction", "country"),
    "source_url": ("source_url", "source url", "url", "source", "link"),
    "language": ("language", "lang"),
}
_BULLET = re.compile(r"(?:[-*•–]|(\d{1,3})[.)])\s+(?=\S)")


def is_faq(table: Table) -> bool:
    """Whether the table's first row names a question and an answer column."""
    return bool(table.cells) and {"question", "answer"} <= set(_columns(table.cells[0]))


def faq_blocks(table: Table, *, page: int | None = None) -> list[Block]:
    """Each row as a question and its answer; raises `UnreadableDocument` naming the row whose country or URL is bad."""
    columns = _columns(table.cells[0])
    blocks: list[Block] = []
    for number, row in enumerate(table.cells[1:], start=2):
        value = {name: _cell(row, index) for name, index in columns.items()}
        if value["question"].strip() and value["answer"].strip():
            blocks += _pair(value, _others(table.cells[0], row, columns), number, page)
    return blocks


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(header):
        for name, spellings in _HEADERS.items():
            if " ".join(cell.lower().split()) in spellings:
                columns.setdefault(name, index)
    return columns


def _cell(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _others(header: Sequence[str], row: Sequence[str], columns: dict[str, int]) -> str:
    """What the row says beyond the pair, where it has words: a topic, a note."""
    others = [index for index in range(len(header)) if index not in columns.values()]
    kept = [index for index in others if any(character.isalpha() for character in _cell(row, index))]
    headers = tuple(header[index].strip() for index in kept)
    return row_text(headers, tuple(" ".join(row[index].split()) for index in kept)) if kept else ""


def _pair(value: dict[str, str], others: str, number: int, page: int | None) -> Iterator[Block]:
    meta = _row_meta(value, number)
    jurisdiction = meta.jurisdiction if value.get("jurisdiction", "").strip() else None
    common = Block(BlockKind.ANSWER, "", page=page, unit=number, jurisdiction=jurisdiction, source_url=meta.source_url)
    yield replace(common, kind=BlockKind.QUESTION, text=" ".join(value["question"].split()))
    lead_in = None
    for line in value["answer"].splitlines():
        text = " ".join(line.split())
        bullet = _BULLET.match(text)
        if bullet:
            marker = f"{bullet[1]}." if bullet[1] else "-"
            item = replace(common, kind=BlockKind.LIST_ITEM, text=text[bullet.end() :], marker=marker)
            yield replace(item, level=1, lead_in=lead_in)
        elif text:
            lead_in = text
            yield replace(common, text=text)
    if others:
        yield replace(common, kind=BlockKind.ROW, text=others)


def _row_meta(value: dict[str, str], number: int) -> DocumentMeta:
    pairs: dict[str, object] = {
        key: value[key].strip() for key in ("jurisdiction", "source_url", "language") if key in value
    }
    return parse_metadata(pairs, where=f"row {number}")


def number_units(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with question-and-answer pairs numbered from 1.

    A pair is a heading that asks, or a paragraph marked "Q:", and what follows until the next heading or question.
    Pairs that came with a number, from a table, keep together under a number of this document.
    """
    marked = list(_marked(blocks))
    numbers = count(1)
    result: list[Block] = []
    unit: int | None = None
    for index, block in enumerate(marked):
        if block.kind is BlockKind.QUESTION:
            unit = next(numbers)
        elif block.kind is BlockKind.HEADING:
            asks = block.text.endswith(_MARKS) and _is_answered(marked, index)
            unit = next(numbers) if asks else None
            block = replace(block, kind=BlockKind.QUESTION) if asks else block
        kind = BlockKind.ANSWER if unit and block.kind is BlockKind.PARAGRAPH else block.kind
        result.append(replace(block, kind=kind, unit=unit))
    return result


def _is_answered(blocks: Sequence[Block], index: int) -> bool:
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    return following is not None and following.kind not in (BlockKind.HEADING, BlockKind.QUESTION)


def _marked(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs written as "Q: … A: …" taken apart; the markers themselves leave."""
    asked = False
    for block in blocks:
        question = _QUESTION_MARKER.match(block.text) if block.kind is not BlockKind.QUESTION else None
        if question is not None:
            text = block.text[question.end() :]
            answer = _ANSWER_MARKER.search(text)
            asking = (text[: answer.start()] if answer else text).strip()
            if answer or asking.endswith(_MARKS):
                yield replace(block, kind=BlockKind.QUESTION, text=asking, marker=None)
                if answer:
                    yield replace(block, kind=BlockKind.ANSWER, text=text[answer.end() :], level=None, marker=None)
                asked = answer is None
                continue
        answer = _ANSWER_MARKER.match(block.text) if asked and block.kind is BlockKind.PARAGRAPH else None
        asked = asked and answer is None
        yield replace(block, text=block.text[answer.end() :]) if answer else block
