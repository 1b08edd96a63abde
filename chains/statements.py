"""What a passage can say: its sentences, and its lists each whole or by item, never without what introduces them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.types import Chunk
from retrieval.tokenise import content_terms

__all__ = ["Statement", "heading_of", "statements_of"]

_MARKER = re.compile(r"[ \t]*(?:[-*•–·▪]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+")  # noqa: RUF001
_NUMBERED = re.compile(r"^[ \t]*\(?\d{1,3}[.)][ \t]+", re.MULTILINE)
_COLONS = (":", "：")
_SENTENCE_END = re.compile(r"[.!?]\s+")
_CACHED = 4096
"""Chunks whose statements are kept: reading one costs thirty times what choosing from it does."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a passage says. `text` is what may be shown, `quotes` the words it rests on, both of the passage.

    `scores` index `chunk.sentences`: the one it is, or those a list is made of. `members` of a list are the places of
    its items among the passage's statements; `place` is the statement's own. `opens` says that it is no item and stands
    first, where a section answers its heading; `cut` that it is the only item of its list that the passage holds.
    """

    place: int
    text: str
    quotes: tuple[str, ...]
    start: int
    end: int
    terms: frozenset[str]
    words: int
    scores: tuple[int, ...]
    members: tuple[int, ...] = ()
    opens: bool = False
    cut: bool = False


def heading_of(chunk: Chunk, title: str) -> str:
    """The words a passage stands under that say most: its question, else its innermost heading, else the title."""
    return chunk.question or (chunk.section[-1] if chunk.section else title)


@lru_cache(maxsize=_CACHED)
def statements_of(chunk: Chunk) -> tuple[Statement, ...]:
    """The statements in reading order; a list comes before its items."""
    spans = [(start - chunk.start, end - chunk.start) for start, end in chunk.sentences]
    wholes = {at for at, span in enumerate(spans) if sum(_holds(span, other) for other in spans) > 1}
    found: list[Statement] = []
    listed = -1
    for at, (start, end) in enumerate(spans):
        if at in wholes:
            parts = [place for place, span in enumerate(spans) if _holds((start, end), span) and place not in wholes]
            found.append(_statement(found, chunk, (start, end), scores=(at, *parts), members=len(parts)))
            continue
        if any(_holds(spans[whole], (start, end)) for whole in wholes):
            lead = _lead(chunk.text, start)
        else:
            lead = _lead(chunk.text, start)
            group = _group(chunk.text, spans, at, wholes) if lead is not None and at > listed else []
            if lead is not None and len(group) > 1:
                listed = group[-1]
                whole = (lead[0], spans[listed][1])
                items = [chunk.text[slice(*spans[place])] for place in group]
                found.append(_statement(found, chunk, whole, scores=tuple(group), members=len(group), items=items))
        in_list = any(_holds(spans[whole], (start, end)) for whole in wholes) or at <= listed
        found.append(
            _statement(found, chunk, (start, end), scores=(at,), lead=lead, cut=lead is not None and not in_list)
        )
    return tuple(found)


def _statement(
    before: list[Statement],
    chunk: Chunk,
    span: tuple[int, int],
    *,
    scores: tuple[int, ...],
    members: int = 0,
    lead: tuple[int, int] | None = None,
    items: Sequence[str] = (),
    cut: bool = False,
) -> Statement:
    text = chunk.text[span[0] : span[1]]
    quotes = tuple(items) or (text,)
    if items:
        # The numbers of steps are no figures of the answer; the check of figures would ask where they come from.
        text = _NUMBERED.sub("- ", text)
    if lead:
        text = f"{' '.join(chunk.text[slice(*lead)].split())} {text}"
    place = len(before)
    return Statement(
        place, text, quotes, *span, content_terms(text), len(text.split()), scores,
        tuple(range(place + 1, place + 1 + members)), place == 0 and not _is_item(chunk.text, span[0]), cut,
    )  # fmt: skip


def _holds(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and span[0] <= other[0] and other[1] <= span[1]


def _group(text: str, spans: list[tuple[int, int]], first: int, wholes: set[int]) -> list[int]:
    """The items, by place, of the list that begins with the item at `first`."""
    group = [first]
    for at in range(first + 1, len(spans)):
        if at in wholes or not _is_item(text, spans[at][0]):
            break
        if text[spans[group[-1]][1] : spans[at][0]].count("\n") == 0:
            break
        group.append(at)
    return group


def _is_item(text: str, start: int) -> bool:
    return _MARKER.fullmatch(text[text.rfind("\n", 0, start) + 1 : start]) is not None


def _lead(text: str, start: int) -> tuple[int, int] | None:
    """The sentence ending in a colon that the item at `start` hangs on; None for what is no item or has none."""
    for begin, end in _lines_above(text, start):
        line = text[begin:end]
        if not line.strip() or _MARKER.match(line):
            continue
        if not line.rstrip().endswith(_COLONS) or not _is_item(text, start):
            return None
        opening = max((match.end() for match in _SENTENCE_END.finditer(line)), default=0)
        return begin + opening, begin + len(line.rstrip())
    return None


def _lines_above(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The lines above the one `start` stands in, the nearest first, as spans."""
    end = text.rfind("\n", 0, start)
    while end > 0:
        begin = text.rfind("\n", 0, end) + 1
        yield begin, end
        end = begin - 1
