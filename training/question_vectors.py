"""Questions as vectors of the model that is being served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.models import PassageEmbeddings, Vector

__all__ = ["stored", "unstored", "vector_of", "vectors_of"]


def vector_of(embeddings: PassageEmbeddings, text: str) -> Vector:
    """The vector of a question; of one that is longer than the window, its beginning counts."""
    return embeddings.embed_query_vector(_within(embeddings, text))


def vectors_of(embeddings: PassageEmbeddings, texts: Sequence[str]) -> list[Vector]:
    """The same of many questions, which the encoder reads in batches."""
    shortened = [_within(embeddings, text) for text in texts]
    return [passage.vector for passage in embeddings.embed_passages(shortened, [()] * len(shortened))]


def _within(embeddings: PassageEmbeddings, text: str) -> str:
    words = text.split()
    while len(words) > 1 and embeddings.count_tokens(" ".join(words)) > embeddings.max_tokens:
        words = words[: max(1, len(words) * 3 // 4)]
    return " ".join(words)


def stored(vector: Vector) -> bytes:
    return vector.astype(np.float32).tobytes()


def unstored(held: bytes) -> Vector:
    return np.frombuffer(held, dtype=np.float32)
