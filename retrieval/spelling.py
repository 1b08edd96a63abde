"""Words of a question that are misspelt, read as the words of the documents that they are nearest to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from retrieval.store import ChunkStore, Serving
from retrieval.tokenise import FUNCTION_WORDS

__all__ = ["Speller"]

_WORD = re.compile(r"(?<![\w'-])[a-z]{4,}(?![\w'-])")
"""Lower case alone: what begins with a capital may be a name, and a name is not corrected."""
_LONG = 8
"""From this length on two letters may be wrong; in a shorter word they make another one."""
_SHORTENED = frozenset("arent cant didnt doesnt dont hasnt havent isnt shouldnt theyre wasnt werent wont youre".split())
_LOOKED_AT = 24


class Speller:
    """Corrects English words that no document holds and that the encoder does not know as a word either."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def correct(self, text: str) -> str:
        """The text with each misspelt word in the spelling of the documents; all else as it was."""
        serving = self._store.serving
        return _WORD.sub(lambda found: self._nearest(found[0], serving) or found[0], text)

    def _nearest(self, word: str, serving: Serving) -> str | None:
        keyword = serving.pair.keyword
        if word in FUNCTION_WORDS | _SHORTENED or _pieces(word, serving) < 2 or keyword.holding(word):
            return None
        most = 2 if len(word) >= _LONG else 1
        stem = next((stem for stems in keyword.weigh(word) for stem in stems), word)
        chunks = self._store.live_chunks(keyword.resembling(stem, distance=most, k=_LOOKED_AT))
        others = {other for live in chunks.values() for other in _words(live.chunk.text)}
        near = {other: OSA.distance(word, other, score_cutoff=most) for other in others}
        # Of the nearest the one that most documents hold.
        ranked = sorted((far, -keyword.holding(other), other) for other, far in near.items() if far <= most)
        return ranked[0][2] if ranked else None


def _pieces(word: str, serving: Serving) -> int:
    """Into how many pieces the encoder cuts a word; an English one that it knows is one piece."""
    return serving.embeddings.count_tokens(word) - serving.embeddings.count_tokens("")


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(_found(text))


def _found(text: str) -> Iterator[str]:
    for found in re.finditer(r"[A-Za-z]{4,}", text):
        yield found[0].lower()
