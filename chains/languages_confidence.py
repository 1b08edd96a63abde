"""How sure an answer is where the encoder cannot read the language: told by the words it shares with the question."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from chains.confidence import Confidence, Logistic
from chains.countries import countries_in, without_countries
from chains.statements import heading_of
from core.jurisdictions import UNION, rules_in
from core.languages import SMALL_WORDS
from core.types import Passage
from retrieval.tokenise import terms

__all__ = ["ARTIFACT", "SIGNALS", "VERSION", "answer_from", "confidence_by_words", "word_signals"]

ARTIFACT = Path(__file__).with_name("languages_confidence.json")
VERSION = 1
"""Raise it when a signal comes to mean something else: an artifact of another version is refused."""
SIGNALS = ("shared", "heading", "weight", "count")
"""Of the question's content words the share that the passage holds; of its heading's the share that the question holds,
by rarity; the rarity of all shared words together, and their number, both up to a most."""

_MOST_WEIGHT = 10.0
_MOST_WORDS = 4
# Small words that help to tell a language and yet say what a question is about.
_TELLING = frozenset(("perdí", "perdi"))


def confidence_by_words(question: str, passages: Sequence[Passage], language: str) -> Confidence:
    """How sure the first of passages of that `language` is to answer; not at all without any.

    One that speaks of countries, and not of the one that is asked about, is no answer either.
    """
    if not passages or _speaks_of_others(question, passages[0]):
        return Confidence(sure=0.0, topical=float(bool(passages)), needed=answer_from())
    model, _ = _shipped()
    signals = dict(zip(SIGNALS, word_signals(question, passages, language), strict=True))
    return Confidence(sure=model.probability(signals), topical=1.0, needed=answer_from())


def answer_from() -> float:
    """The least confidence for an answer in such a language."""
    return _shipped()[1]


def word_signals(question: str, passages: Sequence[Passage], language: str) -> tuple[float, ...]:
    """The `SIGNALS` of the first of `passages`; the others say which words are rare."""
    asked = _content(without_countries(question), language) or _content(question, language)
    held = [frozenset(terms(_read(passage), language)) for passage in passages]
    heading = _content(heading_of(passages[0].chunk, ""), language)
    rarity = {term: _rarity(sum(term in words for words in held), len(held)) for term in (*asked, *heading)}
    shared = [term for term in asked if term in held[0]]
    told = sum(rarity[term] for term in set(heading))
    return (
        len(shared) / (len(asked) or 1),
        sum(rarity[term] for term in set(heading) & set(asked)) / (told or 1.0),
        min(sum(rarity[term] for term in shared), _MOST_WEIGHT) / _MOST_WEIGHT,
        min(len(shared), _MOST_WORDS) / _MOST_WORDS,
    )


def _speaks_of_others(question: str, passage: Passage) -> bool:
    asked = countries_in(question)
    wanted = {rule for code in asked.named for rule in rules_in(code)}
    told = countries_in(" ".join((*passage.chunk.section, passage.chunk.text)))
    named = set(told.named)
    if len(wanted) > len(set(asked.named)):  # a member's rules are the union's, too
        wanted.add(UNION)
    return bool(wanted and named) and not wanted & named


def _content(text: str, language: str) -> list[str]:
    """The terms without the language's small words."""
    small = {term for word in SMALL_WORDS.get(language, frozenset()) - _TELLING for term in terms(word, language)}
    return [term for term in dict.fromkeys(terms(text, language)) if term not in small]


def _rarity(holding: int, passages: int) -> float:
    return math.log1p((passages - holding + 0.5) / (holding + 0.5))


def _read(passage: Passage) -> str:
    chunk = passage.chunk
    return " ".join((*chunk.section, chunk.question or "", chunk.text))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Logistic, float]:
    """The regression and the least confidence for an answer; raises `ValueError` for an artifact that does not fit."""
    read: dict[str, Any] = json.loads(ARTIFACT.read_text(encoding="utf-8"))
    weights = {str(name): float(weight) for name, weight in read["weights"].items()}
    if read["version"] != VERSION or weights.keys() - set(SIGNALS):
        raise ValueError(f"{ARTIFACT.name} is not of version {VERSION}; run `python -m evals.fit languages`")
    return Logistic(float(read["bias"]), weights), float(read["answer_from"])
