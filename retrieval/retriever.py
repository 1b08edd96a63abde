"""The way from a question to ranked passages: vectors and keywords, what may be seen, one ranking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from core.models import normalised
from core.types import Passage
from retrieval.ranking import Candidate, dense_trust, fuse, history_dense_weights, with_history
from retrieval.records import LiveChunk, View
from retrieval.store import ChunkStore, Serving

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from core.models import Vector
    from retrieval.indexes import IndexPair
    from retrieval.keyword import WeightedTerms

__all__ = ["HybridRetriever", "Query"]

_CANDIDATES = 60
_MORE_CANDIDATES = 600
"""The second asking, made only when date, country or audience left fewer passages than were wanted."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. `history` holds the person's earlier turns, oldest first; they count less the older they are.

    `keyword_text` stands in for `text` in the keyword index, where a rewritten question has other words than was asked.
    """

    text: str
    as_of: date
    keyword_text: str | None = None
    history: tuple[str, ...] = ()
    jurisdiction: str | None = None
    audience: str = "public"
    k: int = 10


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query made ready: the vector of the question alone, with its history, and the weighted tokens."""

    question: Vector
    vector: Vector
    tokens: WeightedTerms
    own_tokens: WeightedTerms
    trust: float


@dataclass(frozen=True, slots=True)
class _Asking:
    """Makes queries ready for one model and one keyword index."""

    serving: Serving

    def ask(self, query: Query) -> _Asked:
        embeddings, keyword = self.serving.embeddings, self.serving.pair.keyword
        question = self._vector(query.text)
        turns = [question, *(self._vector(turn) for turn in query.history)]
        weights = [1.0, *history_dense_weights(len(query.history))]
        mixed = normalised(np.average(turns, axis=0, weights=weights).astype(np.float32))
        own = keyword.weigh(query.keyword_text or query.text)
        tokens = with_history(own, [keyword.weigh(turn) for turn in query.history])
        pieces = embeddings.count_tokens(query.text) - embeddings.count_tokens("")
        return _Asked(question, mixed, tokens, own, dense_trust(query.text, pieces))

    def _vector(self, text: str) -> Vector:
        """A text's vector; one that is longer than the window counts as the mean of its halves."""
        embeddings = self.serving.embeddings
        words = text.split()
        if len(words) < 2 or embeddings.count_tokens(text) <= embeddings.max_tokens:
            return embeddings.embed_query_vector(text)
        middle = len(words) // 2
        halves = [self._vector(" ".join(words[:middle])), self._vector(" ".join(words[middle:]))]
        return normalised(np.mean(halves, axis=0, dtype=np.float32))


def _today_utc() -> date:
    return datetime.now(UTC).date()


class HybridRetriever(BaseRetriever):
    """Finds passages for a question; as a LangChain retriever it asks as of today, for the public and every country."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: ChunkStore
    today: Callable[[], date] = _today_utc

    def search(self, query: Query) -> list[Passage]:
        """The best passages that may be seen, best first, at most `query.k`."""
        while True:
            serving = self.store.serving
            try:
                passages = self._search(query, serving)
            except Exception:
                if self.store.serving is serving:
                    raise
            else:
                # Vectors of two models must not meet: when other indexes took over meanwhile, they are asked.
                if self.store.serving is serving:
                    return passages

    def _search(self, query: Query, serving: Serving) -> list[Passage]:
        asked = _Asking(serving).ask(query)
        view = View(as_of=query.as_of, jurisdiction=query.jurisdiction, audience=query.audience)
        candidates = self._candidates(asked, view, _CANDIDATES, serving.pair)
        if len(candidates) < query.k < serving.pair.keyword.count():
            candidates = self._candidates(asked, view, _MORE_CANDIDATES, serving.pair)
        ranked = fuse(candidates, dense_trust=asked.trust)[: query.k]
        ids = [candidate.id for candidate, _ in ranked]
        live = self.store.live_chunks(ids)
        coverage = serving.pair.keyword.coverage(ids, asked.own_tokens)
        return [
            _passage(live[found.id], found, score=score, coverage=coverage.get(found.id, 0.0), asked=asked)
            for found, score in ranked
            if found.id in live
        ]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(passage) for passage in self.search(Query(query, as_of=self.today()))]

    def _candidates(self, asked: _Asked, view: View, k: int, pair: IndexPair) -> list[Candidate]:
        only = view.jurisdictions if k > _CANDIDATES else ()
        near = dict(pair.vectors.query(asked.vector, k, jurisdictions=only))
        matching = dict(pair.keyword.query(asked.tokens, k, jurisdictions=only))
        words_only = matching.keys() - near.keys()
        visible = self.store.visible([*near, *words_only], view, with_vectors=words_only)
        return [
            Candidate(
                chunk_id,
                dense=near[chunk_id] if vector is None else float(vector @ asked.vector),
                keyword=matching.get(chunk_id, 0.0),
            )
            for chunk_id, vector in visible.items()
        ]


def _passage(live: LiveChunk, found: Candidate, *, score: float, coverage: float, asked: _Asked) -> Passage:
    return Passage(
        chunk=live.chunk,
        meta=live.meta,
        score=score,
        kind=live.kind,
        dense=found.dense,
        keyword=found.keyword,
        coverage=coverage,
        sentence_scores=_sentence_scores(live, asked.vector),
    )


def _sentence_scores(live: LiveChunk, vector: Vector) -> tuple[float, ...]:
    return tuple((live.sentence_vectors @ vector).tolist()) if live.chunk.sentences else ()


def _document(passage: Passage) -> Document:
    chunk, meta = passage.chunk, passage.meta
    metadata: dict[str, Any] = {
        "document_id": chunk.document_id,
        "version": chunk.version_id,
        "title": meta.title,
        "jurisdiction": passage.jurisdiction,
        "url": passage.url,
        "section": list(chunk.section),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "score": passage.score,
    }
    return Document(page_content=chunk.text, metadata=metadata, id=chunk.id)
