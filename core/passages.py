"""How a passage is presented to the embedding model, wherever it is embedded."""

from __future__ import annotations

from collections.abc import Sequence

from core.types import Chunk

__all__ = ["embedding_prefix", "embedding_text", "sentence_spans_of"]

_MAX_WORDS = 40  # a third of the longest passage: more context than that would outweigh the passage
_MAX_CHARS_PER_WORD = 12


def embedding_text(title: str, chunk: Chunk) -> str:
    """What is embedded for `chunk`: its document's title and headings, its question if it lacks it, then its text."""
    question = None if chunk.question is None or chunk.text.startswith(chunk.question) else chunk.question
    section = chunk.section
    if chunk.question is not None and question is None and section[-1:] == (chunk.question,):
        section = section[:-1]
    return embedding_prefix(title, section=section, question=question) + chunk.text


def sentence_spans_of(chunk: Chunk, *, text: str) -> list[tuple[int, int]]:
    """The spans of `chunk.sentences` within `text`, which `embedding_text` made of it."""
    shift = len(text) - len(chunk.text) - chunk.start
    return [(start + shift, end + shift) for start, end in chunk.sentences]


def embedding_prefix(title: str, *, section: Sequence[str], question: str | None) -> str:
    """Title, headings and question in one line of at most 40 words; the innermost says most and is kept longest."""
    names = [title, *section, question or ""]
    names = [name for at, name in enumerate(names) if name and name not in names[:at]]
    kept: list[str] = []
    room = _MAX_WORDS
    for name in reversed(names):
        words = name.split()[:room]
        if words:
            kept.insert(0, " ".join(words)[: room * _MAX_CHARS_PER_WORD])
        room -= len(words)
    return " > ".join(kept) + "\n" if kept else ""
