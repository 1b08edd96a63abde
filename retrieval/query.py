"""What is looked for, and how a conversation becomes the vectors and keywords of one search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from core.models import normalised
from retrieval.ranking import conversation_dense_weight, dense_trust, history_dense_weights, with_history
from retrieval.served import SHIPPED, ServedModel
from retrieval.wording import Wording

if TYPE_CHECKING:
    from core.models import Vector
    from retrieval.keyword import WeightedTerms
    from retrieval.store import Serving

__all__ = ["Asking", "Query", "ReadyQuery"]


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. `history` holds the earlier turns of the conversation, oldest first; the older count less.

    `told` are the earlier messages of the person alone: with `text` they tell what the conversation is about, which
    counts more where `text` `leans` on them.
    `keyword_text` stands in for `text` in the keyword index, where a rewritten question has other words than was asked.
    `model` tells which of the pairs that were trained in may be found.
    """

    text: str
    as_of: date
    keyword_text: str | None = None
    history: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    leans: bool = False
    jurisdiction: str | None = None
    audience: str = "public"
    k: int = 10
    model: ServedModel = SHIPPED


@dataclass(frozen=True, slots=True)
class ReadyQuery:
    """A query made ready: tokens, wording, and vectors.

    Of the question alone, of each earlier turn, of both together by what each counts, of all that the person wrote as
    one text, and of that with the others: what the conversation is about finds a page, the question its sentences.
    """

    question: Vector
    earlier: Sequence[Vector]
    mixed: Vector
    conversation: Vector
    vector: Vector
    tokens: WeightedTerms
    wording: Wording


@dataclass(frozen=True, slots=True)
class Asking:
    """Makes queries ready for one model and one keyword index."""

    serving: Serving

    def ask(self, query: Query) -> ReadyQuery:
        embeddings, keyword = self.serving.embeddings, self.serving.pair.keyword
        question = mixed = self._vector(query.text)
        earlier = [self._vector(turn) for turn in query.history]
        if earlier:
            mixed = _together([question, *earlier], [1.0, *history_dense_weights(len(earlier))])
        vector, conversation = mixed, question
        if query.told:
            conversation = self._vector(" ".join((*query.told, query.text)))
            vector = _together([mixed, conversation], [1.0, conversation_dense_weight(leans=query.leans)])
        own = keyword.weigh(query.keyword_text or query.text)
        tokens = with_history(own, [keyword.weigh(turn) for turn in query.history])
        rarity = {token: weight * keyword.rarity(token) for token, weight in tokens.items()}
        pieces = embeddings.count_tokens(query.text) - embeddings.count_tokens("")
        wording = Wording(tuple(own), rarity, dense_trust(query.text, pieces))
        return ReadyQuery(question, earlier, mixed, conversation, vector, tokens, wording)

    def _vector(self, text: str) -> Vector:
        """A text's vector; one that is longer than the window counts as the mean of its halves."""
        embeddings = self.serving.embeddings
        words = text.split()
        if len(words) < 2 or embeddings.count_tokens(text) <= embeddings.max_tokens:
            return embeddings.embed_query_vector(text)
        middle = len(words) // 2
        halves = [self._vector(" ".join(words[:middle])), self._vector(" ".join(words[middle:]))]
        return normalised(np.mean(halves, axis=0, dtype=np.float32))


def _together(vectors: Sequence[Vector], weights: Sequence[float]) -> Vector:
    return normalised(np.average(vectors, axis=0, weights=weights).astype(np.float32))
