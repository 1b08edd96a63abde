"""The model version a request is answered by: which trained pairs it holds, and their questions as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["DISCOUNT", "SHIPPED", "TRAINED_ROOT", "KnownQuestions", "ServedModel", "is_trained", "version_of_chunk"]

TRAINED_ROOT = "approved/"
"""Ids of documents that training made begin so; it is their root too, since no folder's name holds a slash."""

DISCOUNT = 0.7
"""How much the likeness of two questions counts beside that of a question and a text: near questions are alike though
one answer does not serve both. Chosen on the development half of a help centre, see docs/benchmarks.md."""
_NEAREST = 3
_LEAST = 0.6
"""Least cosine at which two questions have anything to do with each other; of most pairs it is below."""


def is_trained(document_id: str) -> bool:
    """Whether a document is a pair that training put into the store, and so belongs to some model versions only."""
    return document_id.startswith(TRAINED_ROOT)


def version_of_chunk(chunk_id: str) -> str:
    """The id of the document version that a chunk is of."""
    return chunk_id.rpartition("-")[0]


def _no_vectors() -> Vector:
    return np.empty((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class KnownQuestions:
    """Approved questions: `vectors` float32 [n, dimension] under the model `embedding`, each with its first chunk.

    `discount` is how much their likeness to a question counts beside that of a text.
    """

    chunk_ids: tuple[str, ...] = ()
    vectors: Vector = field(default_factory=_no_vectors)
    embedding: str = ""
    discount: float = DISCOUNT

    def near(self, vector: Vector, embedding: str) -> dict[str, float]:
        """The chunks of the nearest questions and their discounted cosines, nearest first; none under another model."""
        if not self.chunk_ids or embedding != self.embedding:
            return {}
        cosines = self.vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:_NEAREST]
        return {self.chunk_ids[at]: float(cosines[at]) * self.discount for at in nearest if cosines[at] > _LEAST}


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One model version, whole; `pairs` are the document versions of its approved pairs."""

    id: str
    pairs: frozenset[str] = frozenset()
    questions: KnownQuestions = KnownQuestions()

    def without(self, pairs: Sequence[str]) -> ServedModel:
        """The same without these pairs."""
        gone = frozenset(pairs)
        kept = [at for at, chunk in enumerate(self.questions.chunk_ids) if version_of_chunk(chunk) not in gone]
        questions = KnownQuestions(
            tuple(self.questions.chunk_ids[at] for at in kept), self.questions.vectors[kept], self.questions.embedding
        )
        return ServedModel(self.id, self.pairs - gone, questions if kept else KnownQuestions())


SHIPPED = ServedModel("v0")
"""What there is before anything was trained."""
