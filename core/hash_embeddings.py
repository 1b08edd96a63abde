"""A deterministic embedding model for tests: no weights, yet texts that share words are near each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import InvalidInput
from core.models import EmbeddedPassage, Span, normalised

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["HashEmbeddings"]

_WORD = re.compile(r"\w+")
_SPECIALS = 2


class HashEmbeddings(Embeddings):
    """Each word has a fixed random direction; a text's vector is the normalised sum of its words' directions."""

    def __init__(self, *, dimension: int = 256, max_tokens: int = 256) -> None:
        self.dimension = dimension
        self.max_tokens = max_tokens

    @property
    def identity(self) -> str:
        return f"hash-{self.dimension}"

    def count_tokens(self, text: str) -> int:
        return len(_WORD.findall(text)) + _SPECIALS

    def embed_query_vector(self, text: str) -> Vector:
        if (tokens := self.count_tokens(text)) > self.max_tokens:
            raise InvalidInput(
                f"a text of {tokens} tokens is longer than the window of {self.max_tokens}: {text[:60]!r}…"
            )
        words = _WORD.findall(text.lower()) or [""]
        return normalised(np.sum([_direction(word, self.dimension) for word in words], axis=0, dtype=np.float32))

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.embed_query_vector(text)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        return [self._embed_passage(text, own) for text, own in zip(texts, spans, strict=True)]

    def _embed_passage(self, text: str, spans: Sequence[Span]) -> EmbeddedPassage:
        sentences = [self.embed_query_vector(text[start:end]) for start, end in spans]
        stacked = np.stack(sentences) if sentences else np.empty((0, self.dimension), dtype=np.float32)
        return EmbeddedPassage(self.embed_query_vector(text), stacked)


@lru_cache(maxsize=65_536)
def _direction(word: str, dimension: int) -> Vector:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
