"""What of a text may be quoted as a statement: sentences, rows and list items, not headings, questions or lead-ins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.blocks import LISTED, BlockKind, leads_in
from ingest.canonical import Canonical, Placed
from ingest.sentences import Span, sentence_spans, word_count

__all__ = ["statements"]

_MAX_LIST_WORDS = 60  # a whole list up to this reads as one statement
_MIN_WORDS = 3
_MIN_WORDS_UNENDED = 8  # shorter runs without a full stop are captions and menu entries
_COLONS = (":", "：")
_QUESTION_MARKS = ("?", "？", "؟")
_END_MARKS = (".", "!", "…", "。", "！", "।", "؛", ")", "”", '"', "»", "]", "’", "'")


def statements(canonical: Canonical) -> list[Span]:
    """The spans of `canonical.text` that may be quoted, by start; a short list gives its whole and its items."""
    spans: set[Span] = set()
    for index, placed in enumerate(canonical.placed):
        if placed.block.kind not in (BlockKind.HEADING, BlockKind.QUESTION):
            following = canonical.placed[index + 1] if index + 1 < len(canonical.placed) else None
            is_lead_in = following is not None and leads_in(placed.block, following.block)
            spans.update(_own(canonical.text, placed, is_lead_in=is_lead_in))
            if is_lead_in:
                spans.update(_with_list(canonical, index))
    return sorted(spans)


def _own(text: str, placed: Placed, *, is_lead_in: bool) -> Iterator[Span]:
    if placed.block.kind is BlockKind.CODE:
        yield from _code_lines(text, placed)
        return
    listed = placed.block.kind in LISTED
    if listed and word_count(placed.block.text) <= _MAX_LIST_WORDS:
        if not is_lead_in and not placed.block.text.endswith(_COLONS + _QUESTION_MARKS):
            yield placed.content, placed.end
        return
    spans = sentence_spans(text, placed.content, placed.end)
    for start, end in spans[:-1] if is_lead_in else spans:
        if _is_statement(text[start:end], listed=listed):
            yield start, end


def _code_lines(text: str, placed: Placed) -> Iterator[Span]:
    at = placed.content
    for line in text[placed.content : placed.end].split("\n"):
        if word_count(line) >= _MIN_WORDS_UNENDED:
            yield at + len(line) - len(line.lstrip()), at + len(line)
        at += len(line) + 1


def _is_statement(sentence: str, *, listed: bool) -> bool:
    if sentence.endswith(_COLONS + _QUESTION_MARKS) or not any(c.isalpha() for c in sentence):
        return False
    least = _MIN_WORDS if listed or sentence.endswith(_END_MARKS) else _MIN_WORDS_UNENDED
    return word_count(sentence) >= least


def _with_list(canonical: Canonical, index: int) -> Iterator[Span]:
    """A lead-in together with all that hangs on it, when that is short."""
    lead_in = canonical.placed[index]
    last = _last_of_list(canonical.placed, index)
    if last is None:
        return
    start = sentence_spans(canonical.text, lead_in.content, lead_in.end)[-1][0]
    if word_count(canonical.text[start : last.end]) <= _MAX_LIST_WORDS:
        yield start, last.end


def _last_of_list(placed: Sequence[Placed], index: int) -> Placed | None:
    head = placed[index].block
    depth = (head.level or 1) if head.kind is BlockKind.LIST_ITEM else 0
    last = None
    for following in placed[index + 1 :]:
        block = following.block
        if block.kind not in LISTED or block.unit != head.unit or (block.level or 1) <= depth:
            break
        last = following
    return last
