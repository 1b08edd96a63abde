"""How a passage is presented to the embedding model, wherever it is embedded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.types import Chunk

if TYPE_CHECKING:
    from core.models import PassageEmbeddings

__all__ = ["Window", "embedding_prefix", "embedding_text", "sentence_spans_of"]

_MAX_WORDS = 40  # a third of the longest passage: more context than that would outweigh the passage
_MAX_CHARS_PER_WORD = 12


@dataclass(frozen=True, slots=True)
class Window:
    """The encoder's window: `max_tokens` for one text as `count_tokens` counts it, special tokens included."""

    count_tokens: Callable[[str], int]
    max_tokens: int

    @classmethod
    def of(cls, embeddings: PassageEmbeddings) -> Window:
        return cls(embeddings.count_tokens, embeddings.max_tokens)


def embedding_text(title: str, chunk: Chunk, window: Window) -> str:
    """What is embedded for `chunk`: its document's title and headings, its question if it lacks it, then its text."""
    question = None if chunk.question is None or chunk.text.startswith(chunk.question) else chunk.question
    section = chunk.section
    if chunk.question is not None and question is None and section[-1:] == (chunk.question,):
        section = section[:-1]
    return embedding_prefix(title, section=section, question=question, window=window, text=chunk.text) + chunk.text


def sentence_spans_of(chunk: Chunk, *, text: str) -> list[tuple[int, int]]:
    """The spans of `chunk.sentences` within `text`, which `embedding_text` made of it."""
    shift = len(text) - len(chunk.text) - chunk.start
    return [(start + shift, end + shift) for start, end in chunk.sentences]


def embedding_prefix(
    title: str, *, section: Sequence[str], question: str | None, window: Window, text: str = ""
) -> str:
    """Title, headings and question in one line of at most 40 words; the innermost says most and is kept longest.

    It takes no more than half of the window, and leaves room for `text`: addresses, and words of languages that are
    written without spaces, are of many tokens, and then fewer words are kept.
    """
    names = [title, *section, question or ""]
    names = [name for at, name in enumerate(names) if name and name not in names[:at]]
    room = _MAX_WORDS
    while room and not _fits(prefix := _line(names, room), text, window):
        room //= 2
    return prefix if room else ""


def _fits(prefix: str, text: str, window: Window) -> bool:
    if text and window.count_tokens(prefix + text) > window.max_tokens:
        return False
    return 2 * window.count_tokens(prefix) <= window.max_tokens


def _line(names: Sequence[str], room: int) -> str:
    kept: list[str] = []
    for name in reversed(names):
        words = name.split()[:room]
        if words:
            kept.insert(0, " ".join(words)[: room * _MAX_CHARS_PER_WORD])
        room -= len(words)
    return " > ".join(kept) + "\n" if kept else ""
