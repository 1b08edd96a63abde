"""Pure: the words of a question beside those of a passage: what its headings hold, what stands together, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from retrieval.tokenise import FUNCTION_WORDS, cached_terms

if TYPE_CHECKING:
    from core.types import Chunk
    from retrieval.records import LiveChunk

__all__ = ["Said", "Token", "Wording", "said_in"]

Token = tuple[str, ...]
"""A word of a question as its stems, one for each language of the documents."""

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Wording:
    """A question's `tokens`, each with its stems by language, in order, and the `rarity` of every token that counts.

    The rarity of a token of an older turn, which the question lacks, is lessened by how little that turn counts.
    `trust` is how far the encoder can read the question.
    """

    tokens: Sequence[Token]
    rarity: Mapping[Token, float]
    trust: float = 1.0

    @cached_property
    def weights(self) -> dict[Token, float]:
        """The share of each token in the whole, 1 together; function words have none."""
        return _shares({token: rare for token, rare in self.rarity.items() if FUNCTION_WORDS.isdisjoint(token)})

    @cached_property
    def own(self) -> dict[Token, float]:
        """The same of the question's own tokens alone."""
        return _shares({token: self.rarity[token] for token in self.tokens if token in self.weights})

    @cached_property
    def meant(self) -> dict[str, Token]:
        """The token that a passage's term is a stem of."""
        return {stem: token for token in self.weights for stem in token}

    @cached_property
    def pairs(self) -> dict[tuple[Token, Token], float]:
        """The question's neighbouring tokens, function words left out, and their shares."""
        meaning = [token for token in self.tokens if token in self.weights]
        return _shares({pair: self.rarity[pair[0]] + self.rarity[pair[1]] for pair in pairwise(meaning)})

    @cached_property
    def codes(self) -> frozenset[Token]:
        return frozenset(token for token in self.weights if any(letter.isdigit() for letter in token[0]))


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a passage say to a question: three features, and the tokens that it and its headings hold.

    `coverage` is the share of the question's own tokens, by rarity, that the passage, its headings and title hold.
    """

    heading: float
    phrase: float
    code: float
    coverage: float
    held: frozenset[Token]


def said_in(wording: Wording, live: LiveChunk) -> Said:
    """Read a passage for the words of a question."""
    meant, pairs, language = wording.meant, wording.pairs, live.meta.language
    chunk, title = live.chunk, live.meta.title
    names = (*(name for name in chunk.section if name != title), chunk.question or "")
    above = {meant[term] for name in names for term in cached_terms(name, language) if term in meant}
    held: set[Token] = set()
    together: set[tuple[Token, Token]] = set()
    for text in _sentences(chunk) if meant else ():
        known = [meant[term] for term in cached_terms(text, language) if term in meant]
        held.update(known)
        if len(known) > 1 and pairs:
            together.update([pair for pair in pairwise(known) if pair in pairs])
    codes = len(wording.codes & held) / len(wording.codes) if wording.codes else 0.0
    held |= above
    titled = {meant[term] for term in cached_terms(title, language) if term in meant}
    return Said(
        heading=sum([wording.weights[token] for token in above]),
        phrase=sum([pairs[pair] for pair in together]),
        code=codes,
        coverage=sum([wording.own[token] for token in held | titled if token in wording.own]),
        held=frozenset(held),
    )


def _shares(rarity: Mapping[_Key, float]) -> dict[_Key, float]:
    total = sum(rarity.values())
    return {key: rare / total for key, rare in rarity.items()} if total else {}


def _sentences(chunk: Chunk) -> list[str]:
    """The texts of a passage's sentences; its whole text where none may be quoted."""
    if not chunk.sentences:
        return [chunk.text]
    return [chunk.text[start - chunk.start : end - chunk.start] for start, end in chunk.sentences]
