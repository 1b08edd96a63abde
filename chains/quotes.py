"""Where a quote stands in its passage, and the whole source sentences around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chains.drafts import DraftQuote
from chains.wording import content_words
from core.types import Chunk, Passage

__all__ = ["LocatedQuote", "SourceSentence", "locate", "widen"]

MAX_QUOTE_CHARS = 4000
"""A quote longer than a chunk can be (120 words, about 800 characters) is nobody's quote; the rest is a safety margin."""

_SAME_CHARACTERS = ("'’‘‛`´ʼ", '"“”„‟«»', "-‐‑‒–—−")  # noqa: RUF001
_LIST_MARKER = re.compile(r"\s*(?:[-*•–·▪]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """A quote and its place: `text == canonical_text[start:end]`; `passage_index` counts from 0."""

    passage_index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A whole sentence of a source as quotes: itself, behind the line that introduces it when it is an item of a list."""

    quotes: tuple[LocatedQuote, ...]

    @property
    def text(self) -> str:
        return " ".join(" ".join(quote.text.split()) for quote in self.quotes)

    @property
    def is_item(self) -> bool:
        return len(self.quotes) > 1


def locate(quote: DraftQuote, passages: Sequence[Passage]) -> LocatedQuote | None:
    """The quote's place in the passage it names, else in any other; None where no passage holds those words."""
    words = quote.text.strip()
    if not words or len(words) > MAX_QUOTE_CHARS:
        return None
    named = quote.passage - 1 if quote.passage is not None else -1
    order = sorted(range(len(passages)), key=lambda index: index != named)
    for pattern in (_exact(words), _tolerant(words)):
        for index in order:
            chunk = passages[index].chunk
            if span := _best_span(pattern, chunk):
                return _at(index, chunk, *span)
    return None


def widen(quote: LocatedQuote, passages: Sequence[Passage]) -> tuple[SourceSentence, ...]:
    """The source's whole sentences that the quote touches, so that no "not" and no condition is cut off."""
    chunk = passages[quote.passage_index].chunk
    spans = chunk.sentences or ((chunk.start, chunk.end),)
    touched = [(start, end) for start, end in spans if start < quote.end and quote.start < end]
    touched = [span for span in touched if _shared_words(quote, span, chunk)]
    return tuple(_sentence(quote.passage_index, chunk, span) for span in touched)


def is_whole(quote: LocatedQuote, sentences: Sequence[SourceSentence]) -> bool:
    """Whether the quote covers one of the sentences from its first word to its last."""
    return any(_bare(sentence.quotes[-1].text) in _bare(quote.text) for sentence in sentences)


def _exact(words: str) -> re.Pattern[str]:
    return _bounded(re.escape(words), words)


def _tolerant(words: str) -> re.Pattern[str]:
    """Spacing, quote marks, dashes, the first letter's case and the closing full stop may differ."""
    parts = ["".join(_any_form(char) for char in word) for word in words.rstrip(".").split()]
    if not parts:
        return re.compile(r"(?!)")
    first = words[0]
    parts[0] = f"[{re.escape(first.lower())}{re.escape(first.upper())}]" + parts[0][len(_any_form(first)) :]
    return _bounded(r"\s+".join(parts) + r"\.?", words)


def _any_form(char: str) -> str:
    for same in _SAME_CHARACTERS:
        if char in same:
            return f"[{re.escape(same)}]"
    return re.escape(char)


def _bounded(pattern: str, words: str) -> re.Pattern[str]:
    """Keep a quote from beginning or ending within a word or a number: "18" does not stand in "2018"."""
    before = r"(?<![\w])(?<!\d[.,])" if words[0].isalnum() else ""
    after = r"(?![\w])(?![.,]\d)" if words[-1].isalnum() or words[-1] == "." else ""
    return re.compile(before + pattern + after)


def _best_span(pattern: re.Pattern[str], chunk: Chunk) -> tuple[int, int] | None:
    """The first match that lies in a quotable sentence, else the first at all."""
    first: tuple[int, int] | None = None
    for match in pattern.finditer(chunk.text):
        start, end = match.start() + chunk.start, match.end() + chunk.start
        if any(low < end and start < high for low, high in chunk.sentences):
            return start, end
        first = first or (start, end)
    return first


def _at(index: int, chunk: Chunk, start: int, end: int) -> LocatedQuote:
    return LocatedQuote(index, start, end, chunk.text[start - chunk.start : end - chunk.start])


def _shared_words(quote: LocatedQuote, span: tuple[int, int], chunk: Chunk) -> bool:
    low, high = max(quote.start, span[0]), min(quote.end, span[1])
    return any(char.isalnum() for char in chunk.text[low - chunk.start : high - chunk.start])


def _sentence(index: int, chunk: Chunk, span: tuple[int, int]) -> SourceSentence:
    leads = [_at(index, chunk, *lead) for lead in _introductions(chunk, span)]
    return SourceSentence((*leads, _at(index, chunk, *span)))


def _introductions(chunk: Chunk, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The line ending in a colon above a list item: it carries the item's subject, its "must" and its "not"."""
    lead: tuple[int, int] | None = None
    for before, here in zip((None, *chunk.sentences), chunk.sentences, strict=False):
        gap = chunk.text[before[1] - chunk.start : here[0] - chunk.start] if before else ""
        if before and _slice(chunk, before).rstrip().endswith(":"):
            lead = before
        elif lead and "\n" in gap and not _continues_list(chunk, lead, gap):
            lead = None
        if here == span:
            if lead:
                yield lead
            return


def _continues_list(chunk: Chunk, lead: tuple[int, int], gap: str) -> bool:
    """Whether the line after this gap is still an item of the list begun at `lead`."""
    opening = re.match(r"\s*\S*\s*", chunk.text[lead[1] - chunk.start :])
    marked = bool(_LIST_MARKER.match(chunk.text[lead[1] - chunk.start :].lstrip("\n")))
    assert opening
    return bool(_LIST_MARKER.search(gap)) if marked else "\n\n" not in gap


def _slice(chunk: Chunk, span: tuple[int, int]) -> str:
    return chunk.text[span[0] - chunk.start : span[1] - chunk.start]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text)).lower()


def too_short(quote: LocatedQuote) -> bool:
    """Whether the quote says too little by itself: fewer than three words that carry meaning."""
    return len(content_words(quote.text)) < 3
