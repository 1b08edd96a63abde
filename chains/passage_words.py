"""The words of a passage, by where they stand: in its text, or in what it stands under."""

from __future__ import annotations

from functools import lru_cache

from chains.statements import heading_of, statements_of
from core.types import Chunk, Passage
from retrieval.tokenise import content_terms

__all__ = ["above", "below_title", "heading", "title", "words"]


def heading(passage: Passage) -> frozenset[str]:
    """Of the heading that its sentences stand under."""
    return content_terms(heading_of(passage.chunk, passage.meta.title))


def above(passage: Passage) -> frozenset[str]:
    """Of all that it stands under: title, headings and question."""
    return content_terms(" ".join((passage.meta.title, *passage.chunk.section, passage.chunk.question or "")))


def title(passage: Passage) -> frozenset[str]:
    """Of its document's title, and of the heading that says it again."""
    return content_terms(" ".join((passage.meta.title, *passage.chunk.section[:1])))


def below_title(passage: Passage) -> frozenset[str]:
    """Of its text and of what it stands under, but for its document's title."""
    under = (*passage.chunk.section[1:], heading_of(passage.chunk, ""))
    return _of_text(passage.chunk) | content_terms(" ".join(under))


def words(passage: Passage) -> frozenset[str]:
    """All of them."""
    return _of_text(passage.chunk) | above(passage)


@lru_cache(maxsize=4096)
def _of_text(chunk: Chunk) -> frozenset[str]:
    """Of its statements, whose words are known already, and of what stands between its sentences."""
    between, at = [], 0
    for start, end in sorted(chunk.sentences):
        between.append(chunk.text[at : start - chunk.start])
        at = max(at, end - chunk.start)
    between.append(chunk.text[at:])
    return content_terms("\n".join(between)).union(*(statement.terms for statement in statements_of(chunk)))
