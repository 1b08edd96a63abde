"""Whether words are English: told by the English documents, which hold what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache

from retrieval.spelling import is_one_piece
from retrieval.store import ChunkStore
from retrieval.tokenise import terms

__all__ = ["EnglishWords"]

_LOOKED_AT = 60
"""Chunks that are looked through for a word: beside it they hold others of the same stem."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class _Kind(Enum):
    """What a word is to the English documents; a name stands there in capitals alone."""

    WORD = auto()
    NAME = auto()
    UNKNOWN = auto()


class EnglishWords:
    """The words of the documents in English, and other forms of them that the encoder knows, as "validity"."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def make_up(self, words: Sequence[str]) -> bool:
        """Whether each of `words` is English, and one of them at least no name."""
        kinds = {self._kind(word.lower()) for word in words}
        return _Kind.WORD in kinds and _Kind.UNKNOWN not in kinds

    def _kind(self, word: str) -> _Kind:
        serving = self._store.serving
        stems = terms(word)
        ids = serving.pair.keyword.resembling(stems[0], distance=0, k=_LOOKED_AT, language="en") if stems else []
        spellings = [_spellings(live.chunk.text) for live in self._store.live_chunks(ids).values()]
        if any(word in found for found in spellings):
            return _Kind.WORD
        if any(word in map(str.lower, found) for found in spellings):
            return _Kind.NAME
        # The stemmer is for English: it takes Spanish "permanente" for a form of "permanent".
        return _Kind.WORD if spellings and is_one_piece(word, serving) else _Kind.UNKNOWN


@lru_cache(maxsize=512)
def _spellings(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))
