"""Canonical text into passages that each fit the encoder's window and never mix sections or questions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.passages import Window, embedding_prefix
from core.types import Chunk
from ingest.blocks import LISTED, Block, BlockKind, leads_in
from ingest.canonical import Canonical, Placed
from ingest.packing import Limits, Piece, pack, split_to_fit
from ingest.sentences import Span, sentence_spans, word_count
from ingest.statements import statements
from ingest.suspicion import Suspicion, suspicion_of

__all__ = ["MAX_WORDS", "MAX_WORDS_WITH_LIST", "chunk_document"]

MAX_WORDS = 120  # words of a passage; the length the bar of retrieval quality was measured with
MAX_WORDS_WITH_LIST = 180  # a list that is cut tells half of what has to be done, so it may be longer
_MAX_CHARS = 2400  # twenty a word: a run of letters without a space counts as one word

# The harm of starting a passage in the middle of something, in passages: see `packing.Piece`.
_BREAK_IN_SENTENCE = 0.8
_BREAK_IN_PARAGRAPH = 0.35
_BREAK_IN_LIST = 0.25
_BREAK_IN_TABLE = 0.1
_BREAK_AFTER_LEAD_IN = 1.5
_BREAK_AFTER_QUESTION = 2.0


@dataclass(frozen=True, slots=True)
class _Group:
    """Blocks that may share a passage: one section, one question, all of them seen or all hidden."""

    section: tuple[str, ...]
    question: str | None
    placed: tuple[Placed, ...]


def chunk_document(
    canonical: Canonical, window: Window, *, document_id: str, version_id: str, title: str
) -> list[Chunk]:
    """The passages in order; of text that is all headings, these count as its sentences."""
    # Each piece is measured when it is cut and when it is packed; counting its tokens is most of the work.
    window = Window(cache(window.count_tokens), window.max_tokens)
    suspicion_above = cache(suspicion_of)
    quotable = statements(canonical)
    chunks: list[Chunk] = []
    for group in _groups(canonical):
        for start, end in _passages(canonical.text, group, title, window):
            first = next(p for p in group.placed if p.end > start)
            above = (title, *group.section, group.question or "")
            chunks.append(
                Chunk(
                    id=f"{version_id}-{len(chunks):05d}",
                    document_id=document_id,
                    version_id=version_id,
                    ordinal=len(chunks),
                    text=canonical.text[start:end],
                    start=start,
                    end=end,
                    section=_section(canonical, group, (start, end), title, window),
                    page=first.block.page,
                    unit=first.block.unit,
                    question=group.question,
                    sentences=_inside(quotable, start, end),
                    jurisdiction=first.block.jurisdiction,
                    source_url=first.block.source_url,
                    suspicion=_suspicion(canonical.text[start:end], group.placed, start, end)
                    or next(filter(None, map(suspicion_above, above)), None),
                )
            )
    return chunks


def _section(canonical: Canonical, group: _Group, span: Span, title: str, window: Window) -> tuple[str, ...]:
    """The headings above a passage, and for one that begins within a list what that list hangs on, where it fits."""
    text = canonical.text[slice(*span)]
    first = next(p for p in group.placed if p.end > span[0])
    lead_in = first.block.lead_in if first.block.kind is BlockKind.LIST_ITEM else None
    if lead_in is None or lead_in in text:
        return group.section
    section = (*group.section, lead_in)
    prefix = embedding_prefix(title, section=section, question=group.question, window=window)
    return section if window.count_tokens(prefix + text) <= window.max_tokens else group.section


def _groups(canonical: Canonical) -> Iterator[_Group]:
    path: list[tuple[int, str]] = []
    current: list[Placed] = []
    state: tuple[tuple[str, ...], str | None] = ((), None)
    all_headings = all(placed.block.kind is BlockKind.HEADING for placed in canonical.placed)
    for placed in canonical.placed:
        block = placed.block
        is_heading = block.kind is BlockKind.HEADING and not all_headings
        if current and (is_heading or block.kind is BlockKind.QUESTION or not _go_together(current[-1].block, block)):
            yield _Group(*state, tuple(current))
            current = []
        if block.hidden:
            path = []
        if block.level and block.kind in (BlockKind.HEADING, BlockKind.QUESTION) and not all_headings:
            path = [entry for entry in path if entry[0] < block.level] + [(block.level, block.text)]
        if block.kind is BlockKind.QUESTION:
            state = (tuple(text for _, text in path), block.text)
        elif not current:
            state = (tuple(text for _, text in path), state[1] if block.unit is not None else None)
        if not is_heading:
            current.append(placed)
    if current:
        yield _Group(*state, tuple(current))


def _go_together(before: Block, block: Block) -> bool:
    return before.unit == block.unit and before.hidden is block.hidden


def _suspicion(text: str, placed: Sequence[Placed], start: int, end: int) -> Suspicion | None:
    inside = [at for at in placed if at.start < end and start < at.end]
    if any(at.block.hidden for at in inside):
        return Suspicion.HIDDEN_TEXT
    return suspicion_of(text) or next((at.suspicion for at in inside if at.suspicion), None)


def _passages(text: str, group: _Group, title: str, window: Window) -> list[Span]:
    # A question within the text has no place in the prefix, but does in that of the pair's later passages.
    prefix = embedding_prefix(title, section=group.section, question=group.question, window=window)
    special = window.count_tokens("")
    limits = Limits(
        words=MAX_WORDS_WITH_LIST if any(p.block.kind is BlockKind.LIST_ITEM for p in group.placed) else MAX_WORDS,
        tokens=max(8, window.max_tokens - window.count_tokens(prefix)),
        chars=_MAX_CHARS,
        count_tokens=lambda part: window.count_tokens(part) - special,
    )
    spans = pack(_pieces(text, group.placed, limits), limits)
    # Token counts of neighbours need not add up in every tokeniser: what came out too long is cut once more.
    return [part for span in spans for part in split_to_fit(text, span, limits)]


def _pieces(text: str, placed: Sequence[Placed], limits: Limits) -> list[Piece]:
    pieces: list[Piece] = []
    for before, this in pairwise([None, *placed]):
        assert this is not None
        page_turn = before is not None and this.block.page != before.block.page
        cost = 0.0 if before is None else _break_cost(before.block, this.block)
        for whole in _units(text, this):
            for part in split_to_fit(text, whole, limits):
                content = text[part[0] : part[1]]
                words, tokens = word_count(content), limits.count_tokens(content)
                pieces.append(Piece(*part, words, tokens, break_cost=cost, page_turn=page_turn))
                cost, page_turn = _BREAK_IN_SENTENCE, False
            cost = _BREAK_IN_PARAGRAPH
    return pieces


def _units(text: str, placed: Placed) -> list[Span]:
    if placed.block.kind is BlockKind.CODE:
        return [(placed.start, placed.end)]
    first, *others = sentence_spans(text, placed.content, placed.end)
    return [(placed.start, first[1]), *others]


def _break_cost(before: Block, block: Block) -> float:
    if before.kind is BlockKind.QUESTION:
        return _BREAK_AFTER_QUESTION
    if leads_in(before, block):
        return _BREAK_AFTER_LEAD_IN
    if block.kind in LISTED and before.kind is block.kind:
        return _BREAK_IN_TABLE if block.kind is BlockKind.ROW else _BREAK_IN_LIST
    return 0.0


def _inside(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    first = bisect_left(spans, (start, start))
    found = []
    for span in spans[first:]:
        if span[0] >= end:
            break
        if span[1] <= end:
            found.append(span)
    return tuple(found)
