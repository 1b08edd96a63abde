"""The way from a question to ranked passages: vectors and keywords, what may be seen, one ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from core.metrics import RETRIEVAL_SECONDS
from core.tracing import span
from core.types import Passage
from retrieval.crossencoder import CrossEncoder
from retrieval.features import Found, features
from retrieval.known import known_passage, with_known
from retrieval.learned import RankingModel, shipped_ranking
from retrieval.query import Asking, Query, ReadyQuery
from retrieval.ranking import Candidate, fuse
from retrieval.records import LiveChunk, View
from retrieval.samples import Likeness, SampleStore, likeness_of, with_samples
from retrieval.store import ChunkStore, Serving
from retrieval.wording import said_in

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from core.models import Vector
    from retrieval.features import Floats
    from retrieval.indexes import IndexPair

__all__ = ["Examined", "HybridRetriever"]

_CANDIDATES = 60
_MORE_CANDIDATES = 600
"""The second asking, made only when date, country or audience left fewer passages than were wanted."""
_REREAD = 10
"""Passages that a cross-encoder reads, if there is one; a small one takes 110 ms for ten on two cores."""
_BACKGROUND = slice(8, 40)
_USUAL_BACKGROUND = 0.3
"""What stands there in the middle, on the sets that the models learn from."""
_SHORTLIST = 24
"""Candidates that are read and put in order by what they say; the right one is rarely fused to a lower place."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A question's shortlist, the most relevant first, and one row of features for each of it.

    `background` is the mean cosine of what was found farther down: what merely shares the subject.
    """

    found: list[Found]
    rows: Floats
    background: float


def _today_utc() -> date:
    return datetime.now(UTC).date()


class HybridRetriever(BaseRetriever):
    """Finds passages for a question; as a LangChain retriever it asks as of today, for the public and every country."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: ChunkStore
    today: Callable[[], date] = _today_utc
    ranking: RankingModel | None = Field(default_factory=shipped_ranking)
    samples: SampleStore | None = None
    reranker: CrossEncoder | None = None

    def search(self, query: Query) -> list[Passage]:
        """The best passages that may be seen, best first, at most `query.k`."""
        with RETRIEVAL_SECONDS.time(), span("retrieve") as current:
            passages = self._search_what_is_served(query)
            current.set_attribute("assistant.passages", len(passages))
        return passages

    def _search_what_is_served(self, query: Query) -> list[Passage]:
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

    def examine(self, query: Query, *, shortlist: int = _SHORTLIST) -> Examined:
        """The shortlist of a question in the order of fused scores, with its features: what the ranking learns from."""
        serving = self.store.serving
        return self._examine(Asking(serving).ask(query), query, serving, shortlist)

    def _search(self, query: Query, serving: Serving) -> list[Passage]:
        asked = Asking(serving).ask(query)
        examined = self._examine(asked, query, serving, max(query.k, _SHORTLIST))
        if not examined.found:
            return self._known(asked, query, serving)[: query.k]
        scores = np.array([one.fused for one in examined.found])
        if self.ranking is not None:
            scores = self.ranking.scores(examined.rows, scores)
        alike = self._alike(asked, examined.found, serving)
        raised = with_samples(scores, examined.found, alike)
        order = [int(at) for at in np.argsort(-raised, kind="stable")[: query.k]]
        best = -np.sort(-scores)[: query.k]
        # What people ask and what a cross-encoder says change who stands where, not how good the places are.
        passages = [
            _passage(examined.found[at], alike[at], score=float(score), background=examined.background)
            for score, at in zip(best, self._reread(query.text, examined.found, order), strict=True)
        ]
        return with_known(passages, self._known(asked, query, serving))[: query.k]

    def _alike(self, asked: ReadyQuery, found: Sequence[Found], serving: Serving) -> list[Likeness]:
        """How the question is like the sample questions of what was found, in its order."""
        if self.samples is None or asked.wording.trust < 1:
            return [None] * len(found)
        documents = {one.live.chunk.document_id for one in found}
        samples = self.samples.of(documents, serving.embeddings.identity)
        return likeness_of(found, samples, asked.mixed)

    def _known(self, asked: ReadyQuery, query: Query, serving: Serving) -> list[Passage]:
        """The trained pairs whose questions are nearest, the nearest first, each with its discounted likeness."""
        near = query.model.questions.near(asked.mixed, serving.embeddings.identity)
        if not near:
            return []
        view = View(query.as_of, query.jurisdiction, query.audience, query.model.pairs)
        live = self.store.live_chunks(list(self.store.visible([*near], view)))
        return [
            known_passage(live[chunk_id], likeness, asked.wording)
            for chunk_id, likeness in near.items()
            if chunk_id in live
        ]

    def _reread(self, question: str, found: Sequence[Found], order: Sequence[int]) -> list[int]:
        """The same places, the first of them in the order of the cross-encoder where there is one."""
        if self.reranker is None:
            return [*order]
        first = order[:_REREAD]
        texts = ["\n".join((*found[at].live.chunk.section[-1:], found[at].live.chunk.text)) for at in first]
        return [*(first[place] for place in self.reranker.order(question, texts)), *order[_REREAD:]]

    def _examine(self, asked: ReadyQuery, query: Query, serving: Serving, shortlist: int) -> Examined:
        view = View(as_of=query.as_of, jurisdiction=query.jurisdiction, audience=query.audience)
        candidates = self._candidates(asked, view, _CANDIDATES, serving.pair)
        if len(candidates) < query.k < serving.pair.keyword.count():
            candidates = self._candidates(asked, view, _MORE_CANDIDATES, serving.pair)
        everyone = fuse(candidates, dense_trust=asked.wording.trust)
        short = everyone[:shortlist]
        ids = [candidate.id for candidate, _ in short]
        live = self.store.live_chunks(ids)
        found = [_found(live[one.id], one, fused, asked) for one, fused in short if one.id in live]
        return Examined(found, features(asked.wording, found, everyone), _background(everyone))

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(passage) for passage in self.search(Query(query, as_of=self.today()))]

    def _candidates(self, asked: ReadyQuery, view: View, k: int, pair: IndexPair) -> list[Candidate]:
        only = view.jurisdictions if k > _CANDIDATES else ()
        near = dict(pair.vectors.query(asked.vector, k, jurisdictions=only))
        matching = dict(pair.keyword.query(asked.tokens, k, jurisdictions=only))
        words_only = matching.keys() - near.keys()
        visible = self.store.visible([*near, *words_only], view, with_vectors=words_only)
        others = {chunk_id: vector for chunk_id, vector in visible.items() if vector is not None}
        if others:
            near.update(zip(others, (np.stack([*others.values()]) @ asked.vector).tolist(), strict=True))
        return [Candidate(chunk_id, near[chunk_id], matching.get(chunk_id, 0.0)) for chunk_id in visible]


def _background(everyone: Sequence[tuple[Candidate, float]]) -> float:
    """The mean cosine below the best few; in a small collection there is nothing there, and the usual one is taken."""
    lower = sorted((candidate.dense for candidate, _ in everyone), reverse=True)[_BACKGROUND]
    missing = _BACKGROUND.stop - _BACKGROUND.start - len(lower)
    return fmean((*lower, *[_USUAL_BACKGROUND] * missing))


def _found(live: LiveChunk, candidate: Candidate, fused: float, asked: ReadyQuery) -> Found:
    near, said = _cosines(live, asked.mixed), said_in(asked.wording, live)
    own, earlier = near, 0.0
    if asked.earlier:
        own, earlier = _cosines(live, asked.question), _nearest_turn(live, asked.earlier)
    first = asked.conversation is asked.question
    conversation = max(own, default=0.0) if first else _nearest_turn(live, [asked.conversation])
    return Found(live, candidate, fused, said, near=near, own=own, earlier=earlier, conversation=conversation)


def _nearest_turn(live: LiveChunk, turns: Sequence[Vector]) -> float:
    """The greatest cosine of one of its sentences to one of `turns`."""
    return max([cosine for turn in turns for cosine in _cosines(live, turn)], default=0.0)


def _passage(found: Found, alike: Likeness, *, score: float, background: float) -> Passage:
    return Passage(
        chunk=found.live.chunk,
        meta=found.live.meta,
        score=score,
        kind=found.live.kind,
        dense=found.candidate.dense,
        keyword=found.candidate.keyword,
        coverage=found.said.coverage,
        sentence_scores=tuple(found.near),
        lead=found.candidate.dense - background,
        earlier=found.earlier,
        conversation=found.conversation,
        samples=alike,
    )


def _cosines(live: LiveChunk, vector: Vector) -> list[float]:
    """Of the sentences to `vector`, none where there are no sentences."""
    cosines: list[float] = (live.sentence_vectors @ vector).tolist() if live.chunk.sentences else []
    return cosines


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
