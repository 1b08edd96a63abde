"""MAIN FLOW: a set's documents indexed, its questions asked, and every ranking and reply held against its gold."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import structlog

from chains.contextualise import contextualise
from chains.extractive import write_extractive
from core.types import Answer, Passage, Question, Reply
from evals.bench_figures import equal_ranks, rank_scores, token_f1
from evals.bench_places import Place, Places, at, is_at
from evals.bench_sentences import likeliest, nearest, wordiest
from evals.neutral import Asked, RetrievalSet, SetDocument, Split
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.store import ChunkStore

if TYPE_CHECKING:
    from core.models import PassageEmbeddings, Vector

__all__ = ["SYSTEMS", "Indexed", "Observed", "Opener", "halves", "measure", "sample", "search_again", "watched"]

log = structlog.get_logger(__name__)

OURS, WORDS, VECTORS, RANKS = "assistant", "BM25", "vectors", "equal ranks"
SYSTEMS = (OURS, WORDS, VECTORS, RANKS)
_DEPTH = 100
_PASSAGES_DEEP = 30
"""A page has a few passages among the best, so that these hold some ten documents."""
_ANSWERED_FROM = 10
_READ = 3


@dataclass(frozen=True, slots=True)
class Indexed:
    """The whole application over a set's documents; `ids` maps them to the store's."""

    store: ChunkStore
    retriever: HybridRetriever
    answer: Callable[[Question], Reply]
    ids: Mapping[str, str]


Opener = Callable[[Sequence[SetDocument]], AbstractContextManager[Indexed]]
"""Indexes documents and gives the application over them, until the block ends."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What came of one question.

    `present` tells whether an answer was indexed. `ranks` holds the scores of each system's ranking, `choice` those of
    the sentences that would be answered with, `cited` whether a citation stands at the gold; all are empty or None
    where the question or its set has nothing to say of them. `top` tells of each system whether the one sentence that
    it holds for the best, in the documents that answer, stands at the gold. `exact` tells whether every quote stands
    where it says.
    """

    asked: Asked
    present: bool
    answered: bool
    confidence: float
    milliseconds: float
    yardstick_ms: float
    ranks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    top: Mapping[str, float] = field(default_factory=dict)
    choice: Mapping[str, float] = field(default_factory=dict)
    cited: bool | None = None
    exact: bool | None = None


def sample(
    questions: Sequence[Asked], limit: int | None, *, split: Split | None = None, about: str | None = None
) -> list[Asked]:
    """At most `limit` first questions, as many follow-ups, and of each as many without an answer, by hash of ids.

    With `split` only those of this half, with `about` only those whose answer is in a document of which this text is
    part of the id.
    """
    kinds: dict[tuple[bool, bool], list[Asked]] = {}
    for asked in sorted(questions, key=lambda one: hashlib.sha256(one.id.encode()).digest()):
        wanted = about is None or any(about in document for document in asked.gold_documents)
        if wanted and (split is None or asked.split is split):
            kinds.setdefault((bool(asked.history), asked.answerable), []).append(asked)
    return [asked for kind in sorted(kinds) for asked in islice(kinds[kind], limit)]


def halves(found: RetrievalSet) -> dict[str, Split]:
    """The half of each document that a question has for its gold."""
    return {document: asked.split for asked in found.questions for document in asked.gold_documents}


def measure(
    found: RetrievalSet,
    questions: Sequence[Asked],
    indexed: Indexed,
    *,
    as_of: date,
    tell: Callable[[], None] = lambda: None,
) -> list[Observed]:
    """Ask every question; those whose documents are not `indexed` have no answer there.

    A document that ingest refused was lost in reading: what it answers counts as not found.
    """
    places = Places(found, indexed.store, indexed.ids)
    if places.unread:
        log.warning("bench.documents_not_read", set=found.name, documents=places.unread)
    yardsticks = _Yardsticks(indexed.store)
    observed = []
    with watched(indexed.retriever) as queries:
        for asked in questions:
            observed.append(_Question(asked, indexed, places, yardsticks, queries, as_of).observe())
            tell()
    return observed


@contextmanager
def watched(retriever: HybridRetriever) -> Iterator[list[Query]]:
    """The queries that `retriever` is asked, until the block ends."""
    queries: list[Query] = []
    search = retriever.search

    def watching(query: Query) -> list[Passage]:
        queries.append(query)
        return search(query)

    # A pydantic model takes no attribute of its own by assignment; only this instance is to be watched.
    object.__setattr__(retriever, "search", watching)
    try:
        yield queries
    finally:
        object.__delattr__(retriever, "search")


def search_again(retriever: HybridRetriever, queries: Sequence[Query], *, deep: bool) -> list[Passage]:
    """The passages of the same queries, each once, at least ten; `deep` enough for ten documents where those count."""
    least = _PASSAGES_DEEP if deep else _ANSWERED_FROM
    found = [passage for query in queries for passage in retriever.search(replace(query, k=max(query.k, least)))]
    if len(queries) == 1:
        return found
    best: dict[str, Passage] = {}
    for passage in sorted(found, key=lambda passage: -passage.score):
        best.setdefault(passage.chunk.id, passage)
    return list(best.values())


@dataclass(frozen=True, slots=True)
class _Question:
    asked: Asked
    indexed: Indexed
    places: Places
    yardsticks: _Yardsticks
    queries: list[Query]
    as_of: date

    def observe(self) -> Observed:
        asked = self.asked
        question = Question(asked.question, as_of=self.as_of, history=asked.exchanges)
        self.queries.clear()
        began = time.perf_counter()
        reply = self.indexed.answer(question)
        taken = time.perf_counter() - began
        passages = self._passages(question)
        gold = self.places.of(asked)
        present = self.places.is_indexed(asked)
        wanted = self.places.entries(gold)
        rankings, yardstick = self.yardsticks.rank(asked)
        rankings[OURS] = list(map(at, passages))
        answer = reply if isinstance(reply, Answer) else None
        marked = present and self.places.marks_text
        return Observed(
            asked,
            present=present,
            answered=answer is not None,
            confidence=reply.confidence,
            milliseconds=taken * 1000,
            yardstick_ms=yardstick * 1000,
            ranks={name: self._scores(entries, wanted) for name, entries in rankings.items()} if present else {},
            choice=self._choice(question, passages[:_ANSWERED_FROM], gold) if marked else {},
            top=self._top(question, gold) if marked else {},
            cited=any(is_at(place, gold) for place in _cited(answer)) if answer and marked else None,
            exact=self._exact(answer) if answer else None,
        )

    def _scores(self, entries: Sequence[Place], wanted: Collection[Place]) -> dict[str, float]:
        # Gold that no passage holds was lost in reading: nothing finds it, and one such place would have been first.
        return rank_scores([entry in wanted for entry in self.places.ranked(entries)], max(1, len(wanted)))

    def _passages(self, question: Question) -> list[Passage]:
        """What the chain looked for, looked for again; a question refused unread is looked for by rule."""
        return search_again(self.indexed.retriever, self._asked_for(question), deep=not self.places.marks_text)

    def _asked_for(self, question: Question) -> list[Query]:
        if self.queries:
            return list(self.queries)
        search = contextualise(question)
        return [search.query(question.as_of)]

    def _choice(self, question: Question, passages: Sequence[Passage], gold: Sequence[Place]) -> dict[str, float]:
        drafts = list(write_extractive(contextualise(question), passages))
        at_gold = [
            any(is_at(place, gold) for quote in draft.quotes if (place := _quoted(quote.passage, quote.text, passages)))
            for draft in drafts
        ]
        said = " ".join(draft.text for draft in drafts)
        scores = {"token_f1": token_f1(said, self.places.text(self.asked)), "overlap": float(any(at_gold[:_READ]))}
        return scores | {"first": float(at_gold[:1] == [True]), "words": float(len(said.split()))}

    def _top(self, question: Question, gold: Sequence[Place]) -> dict[str, float]:
        """Of the documents that answer alone, so that choosing is judged apart from finding."""
        documents = {place.document_id for place in gold}
        deep = search_again(self.indexed.retriever, self._asked_for(question), deep=True)
        passages = [passage for passage in deep if passage.chunk.document_id in documents][:_ANSWERED_FROM]
        search = contextualise(question)
        chosen = {
            OURS: likeliest(search, passages),
            WORDS: wordiest(question.text, passages),
            VECTORS: nearest(passages),
        }
        return {name: float(place is not None and is_at(place, gold)) for name, place in chosen.items()}

    def _exact(self, answer: Answer) -> bool:
        texts = {c.document_id: self.indexed.store.get_version(c.document_id).canonical_text for c in answer.citations}
        return all(texts[c.document_id][c.start : c.end] == c.quote for c in answer.citations)


class _Yardsticks:
    """Plain BM25 and plain vectors over the same passages, and the two by equal ranks."""

    def __init__(self, store: ChunkStore) -> None:
        self._keyword = store.keyword
        self._embeddings = store.embeddings
        versions = [document.version_id for document in store.documents() if document.version_id]
        self._places: dict[str, Place] = {}
        vectors: dict[str, Vector] = {}
        for version in versions:
            vectors |= store.vectors_of(version)
            for live in store.chunks_of(version):
                self._places[live.chunk.id] = Place(live.chunk.document_id, live.chunk.start, live.chunk.end)
        self._ids = sorted(vectors)
        empty = np.empty((0, store.embeddings.dimension), dtype=np.float32)
        self._matrix = np.stack([vectors[chunk_id] for chunk_id in self._ids]) if vectors else empty

    def rank(self, asked: Asked) -> tuple[dict[str, list[Place]], float]:
        """Each yardstick's ranking; and how many seconds embedding and exact search took, for the bare question.

        A follow-up is put after everything the asker said before it.
        """
        began = time.perf_counter()
        bare = self._nearest(asked.question)
        taken = time.perf_counter() - began
        text = " ".join([*asked.history[::2], asked.question])
        near = bare if not asked.history else self._nearest(text)
        words = [chunk_id for chunk_id, _ in self._keyword.query(self._keyword.weigh(text), _DEPTH)]
        ranked = {WORDS: words, VECTORS: near, RANKS: equal_ranks(words, near)}
        return {name: [self._places[chunk_id] for chunk_id in ids] for name, ids in ranked.items()}, taken

    def _nearest(self, text: str) -> list[str]:
        cosines = self._matrix @ self._embeddings.embed_query_vector(_fitting(text, self._embeddings))
        best = np.argsort(-cosines, kind="stable")[:_DEPTH]
        return [self._ids[at] for at in best]


def _fitting(text: str, embeddings: PassageEmbeddings) -> str:
    """The end of a text that is longer than the encoder's window."""
    words = text.split()
    while len(words) > 1 and embeddings.count_tokens(" ".join(words)) > embeddings.max_tokens:
        words = words[len(words) // 8 + 1 :]
    return " ".join(words)


def _cited(answer: Answer) -> Iterator[Place]:
    return (Place(citation.document_id, citation.start, citation.end) for citation in answer.citations)


def _quoted(number: int | None, text: str, passages: Sequence[Passage]) -> Place | None:
    """Where a draft's quote stands; None for one that does not say in which passage, or is not in it."""
    if number is None or (start := passages[number - 1].chunk.text.find(text)) < 0:
        return None
    chunk = passages[number - 1].chunk
    return Place(chunk.document_id, chunk.start + start, chunk.start + start + len(text))
