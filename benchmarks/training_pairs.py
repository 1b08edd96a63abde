"""The questions of a set as approved pairs, for the bench of what they are worth."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from core.types import DocumentMeta, Passage
from evals.fit.corpus import Indexed
from evals.neutral import Asked, RetrievalSet
from ingest.pairs import Pair, PairIngestor
from retrieval.learned import shipped_ranking
from retrieval.query import Query, ReadyQuery
from retrieval.retriever import Examined, HybridRetriever
from retrieval.served import DISCOUNT, KnownQuestions, ServedModel, is_trained
from retrieval.store import ChunkStore, Serving
from retrieval.tokenise import FUNCTION_WORDS

if TYPE_CHECKING:
    from core.models import PassageEmbeddings, Vector

__all__ = ["FOLDS", "TODAY", "Encode", "Known", "QuerySide", "fold_of", "take_in", "telegraphic"]

TODAY = datetime.now(UTC).date()
FOLDS = 3
_SEED = 20261128

Encode = Callable[[Sequence[str]], "Vector"]
"""Questions to vectors [n, dimension] of length 1."""


@dataclass(frozen=True, slots=True)
class Known:
    """Every question of a set as an approved pair, in the order in which they are taken in.

    `vectors` are the questions', `answers` those of the passage that holds each answer.
    """

    asked: Sequence[Asked]
    versions: Sequence[str]
    vectors: Vector
    answers: Vector
    embedding: str
    index: Indexed

    def model(
        self, count: int, *, leave_out: str = "", vectors: Vector | None = None, discount: float = DISCOUNT
    ) -> ServedModel:
        """The first `count` pairs, without that of the question itself where it is not to be known."""
        kept = [at for at in range(count + 1) if at < len(self.asked) and self.asked[at].id != leave_out][:count]
        if not kept:
            return ServedModel("bench")
        chunks = tuple(f"{self.versions[at]}-00000" for at in kept)
        chosen = self.vectors if vectors is None else vectors
        questions = KnownQuestions(chunks, chosen[kept], self.embedding, discount)
        return ServedModel("bench", frozenset(self.versions[at] for at in kept), questions)

    def outside(self, fold: int | None, count: int) -> list[int]:
        """The first `count` pairs that a question of the fold may be answered by what was learned from."""
        return [at for at, one in enumerate(self.asked) if fold_of(one) != fold][:count]

    def document(self, document_id: str) -> str:
        """The set's document; a pair counts as the one whose answer it holds."""
        if not is_trained(document_id):
            return self.index.document_of(document_id)
        [asked] = [one for one in self.asked if document_id.endswith(f"/{one.id}")]
        return asked.gold[0].document

    def documents(self, passages: Sequence[Passage]) -> Iterator[str]:
        return (self.document(passage.chunk.document_id) for passage in passages)


def take_in(found: RetrievalSet, index: Indexed) -> Known:
    """Store every question with its answer as an approved pair, and embed the questions."""
    texts = {one.id: one.text for one in found.documents}
    asked = random.Random(_SEED).sample(found.questions, len(found.questions))
    pairs = [
        Pair(
            one.id, one.question, texts[one.gold[0].document],
            DocumentMeta(title=one.question[:200], jurisdiction="CA", reviewed_on=TODAY), (one.gold[0].document,),
        )
        for one in asked
    ]  # fmt: skip
    put = PairIngestor(index.store).put(pairs)
    embeddings = index.store.embeddings
    vectors = np.stack([embeddings.embed_query_vector(one.question) for one in asked])
    answers = np.stack([index.first_vector(one.gold[0].document) for one in asked])
    return Known(asked, [put[one.id] for one in asked], vectors, answers, embeddings.identity, index)


def fold_of(asked: Asked) -> int:
    """Which of the folds a question is in; no answer belongs to two of them."""
    return hashlib.sha256(min(asked.gold_documents).encode()).digest()[0] % FOLDS


def telegraphic(question: str) -> str:
    """The question as one types it in a hurry: small letters, no words that only hold the others together."""
    words = question.lower().rstrip("?").split()
    return " ".join(word for word in words if word.strip("?,.") not in FUNCTION_WORDS) or question


@dataclass(frozen=True, slots=True)
class QuerySide:
    """An encoder of questions as the `vectors` of all that are asked; passages keep the vectors that they have."""

    vectors: dict[str, Vector]
    retriever: HybridRetriever

    @classmethod
    def of(cls, store: ChunkStore, vectors: dict[str, Vector]) -> QuerySide:
        """With a retriever that looks at each question once, however often it is asked."""
        other = cast(ChunkStore, _OtherQueries(store, vectors))
        return cls(vectors, _Remembering.model_construct(store=other, today=lambda: TODAY, ranking=shipped_ranking()))


class _Remembering(HybridRetriever):
    """The pairs and the ranking come in after a question was looked at, so that looking once will do."""

    def _examine(self, asked: ReadyQuery, query: Query, serving: Serving, shortlist: int) -> Examined:
        examined: dict[tuple[str, int], Examined] = self.store.examined  # type: ignore[attr-defined]
        key = (query.text, shortlist)
        if key not in examined:
            examined[key] = super()._examine(asked, query, serving, shortlist)
        return examined[key]


class _OtherQueries:
    """A store, except that questions have other vectors; with what was found for them."""

    def __init__(self, store: ChunkStore, vectors: dict[str, Vector]) -> None:
        self._store = store
        lookup = cast("PassageEmbeddings", _Lookup(store.serving.embeddings, vectors))
        self.serving = Serving(store.serving.pair, lookup)
        self.examined: dict[tuple[str, int], Examined] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Lookup:
    """An embedding model, except that the vectors of questions are known already."""

    def __init__(self, embeddings: PassageEmbeddings, vectors: dict[str, Vector]) -> None:
        self._embeddings = embeddings
        self._vectors = vectors

    def embed_query_vector(self, text: str) -> Vector:
        return self._vectors[text]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embeddings, name)
