"""Words of a question that are misspelt, read as the words of the documents that they are nearest to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from retrieval.keyword import KeywordIndex
from retrieval.records import LiveChunk
from retrieval.store import ChunkStore, Serving
from retrieval.tokenise import FUNCTION_WORDS, terms

__all__ = ["Speller", "is_one_piece"]

_WORD = re.compile(r"(?<![\w'-])[a-z]{3,}(?![\w'-])")
"""Lower case alone: what begins with a capital may be a name, and a name is not corrected."""
_LONG = 8
"""From this length on two letters may be wrong; in a shorter word they make another one."""
_SHORTEST = 4
"""A shorter word is near too many others; only what asks is looked for."""
_SHORTENED = frozenset("arent cant didnt doesnt dont hasnt havent isnt shouldnt theyre wasnt werent wont youre".split())
_LOOKED_AT = 60
_ENOUGH = 12
_ASKING = ("what", "when", "where", "which", "would", "should", "could", "about", "because", "before", "while", "their")
"""Function words that are often misspelt; documents hold them, but no keyword looks for them."""
_RARE = 4
_COMMONER = 8
"""A word in fewer chunks than the first number is taken for another that stands in this many times as many: documents
have misspelt words too, as the questions that people asked."""


class Speller:
    """Corrects English words that no document holds and that the encoder does not know as a word either."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def correct(self, text: str) -> str:
        """The text with each misspelt word in the spelling of the documents; all else as it was."""
        serving = self._store.serving
        return _WORD.sub(lambda found: self._nearest(found[0], serving) or found[0], text)

    def _nearest(self, word: str, serving: Serving) -> str | None:
        if word in FUNCTION_WORDS | _SHORTENED or is_one_piece(word, serving):
            return None
        asking = next((other for other in _ASKING if _lacks_a_letter(word, other)), None)
        if asking is not None or len(word) < _SHORTEST:
            return asking
        keyword = serving.pair.keyword
        stem = terms(word)[0]
        held = keyword.holding_stem(stem)
        if held >= _RARE and self._is_english(stem, held, keyword):
            return self._ended(word, keyword) if word == stem else None
        if self._is_foreign(word, keyword):
            return None
        if not held and (two := self._taken_apart(word, keyword)):
            return two
        held = held if held < _RARE else 0
        most = 2 if len(word) >= _LONG else 1
        # An ending that is misspelt is not cut off, so that the stems can lie farther apart than the words.
        near = self._resembling(word, stem, most, keyword) or self._resembling(word, stem, 2, keyword, words=most)
        # Of the nearest the one that most documents hold.
        ranked = sorted((far, -keyword.holding_stem(terms(other)[0]), other) for other, far in near.items())
        if not ranked or (held and -ranked[0][1] < _COMMONER * held):
            return None
        best = ranked[0][2]
        # "carer" beside "care" is another word and no mistake.
        return None if held and (best.startswith(word) or word.startswith(best)) else best

    def _is_english(self, stem: str, held: int, keyword: KeywordIndex) -> bool:
        """Whether an English document holds a stem: "zeland" is what Spanish ones have of New Zealand."""
        if held > _LOOKED_AT:
            return True
        return any(live.meta.language == "en" for live in self._like(stem, keyword, _LOOKED_AT))

    def _taken_apart(self, word: str, keyword: KeywordIndex) -> str | None:
        """The two words of the documents that were written as one, as "studypermit"."""
        for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
            first, second = word[:at], word[at:]
            stems = [terms(part)[:1] for part in (first, second)]
            if not all(part and keyword.holding_stem(part[0]) >= _RARE for part in stems):
                continue
            rarer = min(stems, key=lambda part: keyword.holding_stem(part[0]))
            beside = re.compile(rf"\b{first} {second}\b", re.IGNORECASE)
            chunks = self._like(rarer[0], keyword, _LOOKED_AT)
            if any(live.meta.language == "en" and beside.search(live.chunk.text) for live in chunks):
                return f"{first} {second}"
        return None

    def _is_foreign(self, word: str, keyword: KeywordIndex) -> bool:
        """Whether a document in another language holds the word as it is."""
        stems = {stem for stems in keyword.weigh(word) for stem in stems if keyword.holding_stem(stem)}
        ids = [chunk_id for stem in sorted(stems) for chunk_id in keyword.resembling(stem, distance=0, k=_ENOUGH)]
        found = self._store.live_chunks(list(dict.fromkeys(ids))).values() if ids else ()
        return any(live.meta.language != "en" and word in _words(live.chunk.text) for live in found)

    def _ended(self, word: str, keyword: KeywordIndex) -> str | None:
        """The word of the documents that lacks its last letter, as "incom"; None where documents have it without."""
        found = self._like(word, keyword, _ENOUGH)
        others = frozenset[str]().union(*(_words(live.chunk.text) for live in found))
        return f"{word}e" if f"{word}e" in others and word not in others else None

    def _resembling(
        self, word: str, stem: str, distance: int, keyword: KeywordIndex, *, words: int | None = None
    ) -> dict[str, int]:
        """How far the words that differ in at most `words` letters are, with a stem at most `distance` off."""
        most = distance if words is None else words
        chunks = self._like(stem, keyword, _LOOKED_AT, distance=distance)
        others = {other for live in chunks for other in _words(live.chunk.text)} - {word}
        near = {other: OSA.distance(word, other, score_cutoff=most) for other in others}
        return {other: far for other, far in near.items() if far <= most}

    def _like(self, stem: str, keyword: KeywordIndex, k: int, *, distance: int = 0) -> Collection[LiveChunk]:
        """At most `k` live chunks that hold a stem at most `distance` letters off."""
        return self._store.live_chunks(keyword.resembling(stem, distance=distance, k=k)).values()


def is_one_piece(word: str, serving: Serving) -> bool:
    """Whether the encoder does not cut a word, as it does not cut the English ones that it knows."""
    return serving.embeddings.count_tokens(word) - serving.embeddings.count_tokens("") < 2


def _lacks_a_letter(word: str, other: str) -> bool:
    return len(word) == len(other) - 1 and any(other[:at] + other[at + 1 :] == word for at in range(len(other)))


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(_found(text))


def _found(text: str) -> Iterator[str]:
    for found in re.finditer(r"[A-Za-z]{4,}", text):
        yield found[0].lower()
