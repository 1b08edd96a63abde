"""Pieces of text packed into passages: as few and as whole as the limits allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.sentences import Span, clause_spans, word_count

__all__ = ["Limits", "Piece", "pack", "split_to_fit"]

_UNEVEN = 0.3  # below the cost of any break that tears something, above none


@dataclass(frozen=True, slots=True)
class Limits:
    """What one passage may hold: words, tokens beside the prefix it is embedded with, and characters."""

    words: int
    tokens: int
    chars: int
    count_tokens: Callable[[str], int]

    def allow(self, text: str) -> bool:
        return len(text) <= self.chars and word_count(text) <= self.words and self.count_tokens(text) <= self.tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, row, item or part of one. `break_cost` is the harm of starting a passage here, 1 being one passage
    more, and `page_turn` says that another page begins here.
    """

    start: int
    end: int
    words: int
    tokens: int
    break_cost: float
    page_turn: bool = False


_PAGE_TURN_COST = 1.5  # dearer than a passage of its own: the page that a citation names must be the quote's


def pack(pieces: Sequence[Piece], limits: Limits) -> list[Span]:
    """The passages, as spans that cover all pieces in order, at the least total cost (an exact shortest path)."""
    best: list[float] = [0.0]
    came_from: list[int] = [0]
    for end in range(1, len(pieces) + 1):
        options = ((best[begin] + cost, begin) for begin, cost in _passages_to(pieces, end, limits))
        cost, begin = min(options)
        best.append(cost)
        came_from.append(begin)
    spans: list[Span] = []
    end = len(pieces)
    while end > 0:
        begin = came_from[end]
        spans.append((pieces[begin].start, pieces[end - 1].end))
        end = begin
    return spans[::-1]


def _passages_to(pieces: Sequence[Piece], end: int, limits: Limits) -> Iterator[tuple[int, float]]:
    """Each begin of a passage that ends before piece `end`, with what it would cost; at least the last piece alone."""
    words, tokens, turns = 0, 0, 0.0
    for begin in range(end - 1, -1, -1):
        piece = pieces[begin]
        words += piece.words
        tokens += piece.tokens
        length = pieces[end - 1].end - piece.start
        if begin < end - 1 and (words > limits.words or tokens > limits.tokens or length > limits.chars):
            return
        unevenness = _UNEVEN * (1 - min(1.0, words / limits.words)) ** 2
        yield begin, 1 + unevenness + turns + (piece.break_cost if begin else 0.0)
        turns += _PAGE_TURN_COST if piece.page_turn else 0.0


def split_to_fit(text: str, span: Span, limits: Limits) -> list[Span]:
    """`span` in parts that each fit: cut at clauses, where there are none between words, and in a word if need be."""
    start, end = span
    if end - start <= 1 or limits.allow(text[start:end]):
        return [span]
    left, right = _halves(text, start, end)
    return split_to_fit(text, left, limits) + split_to_fit(text, right, limits)


def _halves(text: str, start: int, end: int) -> tuple[Span, Span]:
    middle = (start + end) // 2
    clauses = list(clause_spans(text, start, end))
    nearest = min(range(1, len(clauses)), key=lambda i: abs(clauses[i][0] - middle), default=0)
    # A cut that leaves less than a quarter on one side is no better than one between words.
    if nearest and (end - start) / 4 <= clauses[nearest][0] - start <= (end - start) * 3 / 4:
        return (start, clauses[nearest - 1][1]), (clauses[nearest][0], end)
    before, after = text.rfind(" ", start + 1, middle), text.find(" ", middle, end - 1)
    spaces = [at for at in (before, after) if at > start]
    cut = min(spaces, key=lambda at: abs(at - middle), default=-1)
    return ((start, cut), (cut + 1, end)) if cut > 0 else ((start, middle), (middle, end))
