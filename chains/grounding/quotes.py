"""Where a quote stands in its passage, and the whole source sentences around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chains.drafts import DraftQuote
from chains.grounding.wording import content_words
from core.types import Chunk, Passage

__all__ = ["LocatedQuote", "SourceSentence", "locate", "says_enough", "widen"]

MAX_QUOTE_CHARS = 4000
"""A chunk has 120 words, about 800 characters, and never more than 2,400: what is longer is nobody's quote."""

_SAME_CHARACTERS = ("'’‘‛`´ʼ", '"“”„‟«»', "-‐‑‒–—−")  # noqa: RUF001
_COLONS = (":", "：")
_ITEM = re.compile(r"(\s*)(?:[-*•–·▪]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+")  # noqa: RUF001
_SENTENCE_END = re.compile(r"[.!?]\s+")
MIN_CONTENT_WORDS = 3
"""Two words can be found in nearly any text; three that carry meaning, in their order, point to a place."""


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """A quote and its place: `text == canonical_text[start:end]`; `passage_index` counts from 0."""

    passage_index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A whole sentence of a source as quotes: an item of a list comes after the lines that introduce it."""

    quotes: tuple[LocatedQuote, ...]

    @property
    def text(self) -> str:
        return " ".join(" ".join(quote.text.split()) for quote in self.quotes)


def locate(quote: DraftQuote, passages: Sequence[Passage]) -> LocatedQuote | None:
    """The quote's place in the passage it names, else in any other; None where no passage holds those words."""
    words = quote.text.strip()
    if not any(char.isalnum() for char in words) or len(words) > MAX_QUOTE_CHARS:
        return None
    named = quote.passage - 1 if quote.passage is not None else -1
    order = sorted(range(len(passages)), key=lambda index: index != named)
    for index in order:
        chunk = passages[index].chunk
        if span := _best_span(_exact(words, chunk.text), chunk) or _best_span(_tolerant(words, chunk.text), chunk):
            return _at(index, chunk, *span)
    return None


def widen(quote: LocatedQuote, passages: Sequence[Passage]) -> tuple[SourceSentence, ...]:
    """The source's whole sentences that the quote touches, so that no "not" and no condition is cut off."""
    chunk = passages[quote.passage_index].chunk
    touched = [span for span in chunk.sentences if _touches(quote, span, chunk)]
    # A whole list may be quotable as well as its items; then the items, each with what introduces them, are looked at.
    smallest = [span for span in touched if not any(_holds(span, other) for other in touched)]
    return tuple(_sentence(quote.passage_index, chunk, span) for span in smallest)


def says_enough(quote: LocatedQuote, passages: Sequence[Passage]) -> bool:
    """Whether the quote can bear a statement: three words that carry meaning, or all of a sentence however short."""
    if len(content_words(quote.text)) >= MIN_CONTENT_WORDS:
        return True
    return any(_bare(sentence.quotes[-1].text) in _bare(quote.text) for sentence in widen(quote, passages))


def _exact(words: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(words)
    while at >= 0:
        if _is_bounded(text, at, at + len(words)):
            yield at, at + len(words)
        at = text.find(words, at + 1)


def _tolerant(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Spacing, quote marks, dashes, the first letter's case and the closing full stop may differ."""
    for match in _tolerant_pattern(words).finditer(text):
        if _is_bounded(text, *match.span()):
            yield match.span()


@lru_cache(maxsize=256)
def _tolerant_pattern(words: str) -> re.Pattern[str]:
    first, *rest = ["".join(_any_form(char) for char in word) for word in words.rstrip(".").split()]
    if words[0].isalpha():
        first = f"[{words[0].lower()}{words[0].upper()}]{first[1:]}"
    return re.compile(r"\s+".join((first, *rest)) + r"\.?")


def _any_form(char: str) -> str:
    for same in _SAME_CHARACTERS:
        if char in same:
            return f"[{re.escape(same)}]"
    return re.escape(char)


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Keep a quote from beginning or ending within a word or a number: "18" does not stand in "2018"."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isalnum() and (before[-1:].isalnum() or re.fullmatch(r"\d[.,]", before)):
        return False
    return not (text[end - 1].isalnum() and (after[:1].isalnum() or re.fullmatch(r"[.,]\d", after)))


def _best_span(places: Iterator[tuple[int, int]], chunk: Chunk) -> tuple[int, int] | None:
    """The first place that lies in a quotable sentence, else the first at all."""
    first: tuple[int, int] | None = None
    for low, high in places:
        start, end = low + chunk.start, high + chunk.start
        if any(opening < end and start < closing for opening, closing in chunk.sentences):
            return start, end
        first = first or (start, end)
    return first


def _at(index: int, chunk: Chunk, start: int, end: int) -> LocatedQuote:
    return LocatedQuote(index, start, end, chunk.text[start - chunk.start : end - chunk.start])


def _touches(quote: LocatedQuote, span: tuple[int, int], chunk: Chunk) -> bool:
    low, high = max(quote.start, span[0]), min(quote.end, span[1])
    return any(char.isalnum() for char in chunk.text[max(0, low - chunk.start) : max(0, high - chunk.start)])


def _holds(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and span[0] <= other[0] and other[1] <= span[1]


def _sentence(index: int, chunk: Chunk, span: tuple[int, int]) -> SourceSentence:
    return SourceSentence(tuple(_at(index, chunk, *part) for part in (*_introductions(chunk, span), span)))


def _introductions(chunk: Chunk, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The lines ending in a colon that a list item hangs on: they carry its subject, its "must" and its "not"."""
    lines = chunk.text[: span[0] - chunk.start].split("\n")
    here = _ITEM.fullmatch(lines[-1])
    if here is None:
        return _lead(chunk, len(chunk.text[: span[0] - chunk.start].rstrip()), line=lines[-1])
    depth, found = len(here.group(1)), list[tuple[int, int]]()
    end = span[0] - chunk.start - len(lines[-1]) - 1
    for line in reversed(lines[:-1]):
        item = _ITEM.match(line)
        if line.strip() and (item is None or len(item.group(1)) < depth):
            found[:0] = _lead(chunk, end - len(line) + len(line.rstrip()), line=line)
            if item is None:
                break
            depth = len(item.group(1))
        end -= len(line) + 1
    return found


def _lead(chunk: Chunk, end: int, *, line: str) -> list[tuple[int, int]]:
    """The last sentence of a line that ends, at `end` of the chunk's text, in a colon."""
    line = line.rstrip()
    if not line.endswith(_COLONS):
        return []
    item = _ITEM.match(line)
    opening = max([item.end() if item else 0, *(match.end() for match in _SENTENCE_END.finditer(line))])
    return [(chunk.start + end - len(line) + opening, chunk.start + end)]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text)).lower()
