"""How sure an answer is where the encoder cannot read the language: told by the words it shares with the question."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chains.confidence import Confidence
from core.languages import SMALL_WORDS
from core.types import Passage
from retrieval.tokenise import terms

__all__ = ["ANSWER_FROM", "confidence_by_words"]

ANSWER_FROM = 0.3
"""Least confidence for an answer: 166 of 197 questions are answered, and 5 of 76 that no document answers."""
_READ = 3
"""Passages looked at: an answer is composed of the best few."""
_LONG_QUESTION = 8

# Logistic regression of "one of the first three passages is the section that answers", on questions of the eleven
# languages and the same questions with that section taken away; docs/decisions/0017 has the figures by language.
_BIAS, _RARE, _SHARE, _LENGTH = -5.9, 1.6, 5.8, 3.6


def confidence_by_words(question: str, passages: Sequence[Passage], language: str) -> Confidence:
    """How sure passages of that `language`, best first, are to answer; not at all without any."""
    if not passages:
        return Confidence(sure=0.0, topical=0.0, needed=ANSWER_FROM)
    asked = _content(question, language)
    held = [frozenset(terms(_read(passage), language)) for passage in passages]
    rarity = {term: _rarity(sum(term in words for words in held), len(held)) for term in asked}
    everything = sum(rarity.values()) or 1.0
    rare = max(sum(rarity[term] for term in asked if term in words) for words in held[:_READ]) / everything
    share = max(sum(term in words for term in asked) for words in held[:_READ]) / (len(asked) or 1)
    length = min(len(asked), _LONG_QUESTION) / _LONG_QUESTION
    sure = 1.0 / (1.0 + math.exp(-(_BIAS + _RARE * rare + _SHARE * share + _LENGTH * length)))
    return Confidence(sure=sure, topical=1.0, needed=ANSWER_FROM)


def _content(question: str, language: str) -> list[str]:
    """The question's terms without its small words; all of them where nothing else is left."""
    small = {term for word in SMALL_WORDS.get(language, ()) for term in terms(word, language)}
    asked = list(dict.fromkeys(terms(question, language)))
    return [term for term in asked if term not in small] or asked


def _rarity(holding: int, passages: int) -> float:
    return math.log1p((passages - holding + 0.5) / (holding + 0.5))


def _read(passage: Passage) -> str:
    chunk = passage.chunk
    return " ".join((passage.meta.title, *chunk.section, chunk.question or "", chunk.text))
