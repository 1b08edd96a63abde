"""Which topic a question belongs to, guessed from what the topics say of themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistance.topics import OTHER, Topic, Topics
from core.languages import detect
from core.models import PassageEmbeddings
from retrieval.tokenise import content_terms

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["Guess", "TopicGuesser"]

_WORDS_COUNT = 0.5
"""What sharing all of a question's words with a topic is worth beside a cosine of 1."""
_FLOOR = 0.25
"""Below it no topic is meant."""
_QUESTION_CHARS = 600  # the encoder's window is short, and the last question stands at the end
_Encoded = tuple[Topics, str, "list[Vector]", list[frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A topic and how well it fits, from 0 to 1."""

    topic: Topic
    score: float


class TopicGuesser:
    """Holds a question against each topic's title and description, by meaning and by words."""

    def __init__(self, embeddings: Callable[[], PassageEmbeddings]) -> None:
        self._embeddings = embeddings
        self._lock = threading.Lock()
        self._encoded: _Encoded | None = None

    def guess(self, question: str, topics: Topics) -> list[Guess]:
        """Every topic, the likeliest first; below the floor, or where nothing tells them apart, it is `other`."""
        text = question.strip()[-_QUESTION_CHARS:]
        _, _, vectors, words = self._encode(topics)
        asked, mine = self._embeddings().embed_query_vector(text), content_terms(text, detect(text) or "en")
        scores = [
            float(np.dot(asked, vector)) + _WORDS_COUNT * len(mine & theirs) / max(len(mine), 1)
            for vector, theirs in zip(vectors, words, strict=True)
        ]
        found = [Guess(topic, min(max(score, 0.0), 1.0)) for topic, score in zip(topics, scores, strict=True)]
        found.sort(key=lambda guess: guess.score, reverse=True)
        if found and found[0].score < _FLOOR:
            found.sort(key=lambda guess: guess.topic.id != OTHER)
        return found

    def _encode(self, topics: Topics) -> _Encoded:
        """Vectors and words of the topics, made anew when these or the model have changed."""
        embeddings = self._embeddings()
        with self._lock:
            known = self._encoded
            if known is None or known[0] is not topics or known[1] != embeddings.identity:
                texts = [f"{topic.title()}. {topic.description}" for topic in topics]
                vectors = [embeddings.embed_query_vector(text[:_QUESTION_CHARS]) for text in texts]
                known = (topics, embeddings.identity, vectors, [content_terms(text) for text in texts])
                self._encoded = known
            return known
