"""Pure: the words of a question beside those of a passage: what its headings hold, what stands together, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.tokenise import FUNCTION_WORDS, cached_terms

if TYPE_CHECKING:
    from core.types import Chunk
    from retrieval.records import LiveChunk

__all__ = ["Said", "Token", "Wording", "said_in"]

Token = tuple[str, ...]
"""A word of a question as its stems, one for each language of the documents."""


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
    def counted(self) -> tuple[Token, ...]:
        """The tokens that count: function words do not. The rest of this class knows them by their places in here."""
        return tuple(token for token in self.rarity if FUNCTION_WORDS.isdisjoint(token))

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The share of each token in the whole, 1 together."""
        return _shares([self.rarity[token] for token in self.counted])

    @cached_property
    def own(self) -> tuple[float, ...]:
        """The same of the question's own tokens alone; what only older turns hold has none."""
        own = set(self.tokens)
        return _shares([self.rarity[token] if token in own else 0.0 for token in self.counted])

    @cached_property
    def meant(self) -> dict[str, int]:
        """The token that a passage's term is a stem of."""
        return {stem: at for at, token in enumerate(self.counted) for stem in token}

    @cached_property
    def pairs(self) -> dict[tuple[int, int], float]:
        """The question's neighbouring tokens, those that do not count left out, and their shares."""
        places = {token: at for at, token in enumerate(self.counted)}
        neighbours = dict.fromkeys(pairwise([places[token] for token in self.tokens if token in places]))
        rare = [self.rarity[self.counted[one]] + self.rarity[self.counted[other]] for one, other in neighbours]
        return dict(zip(neighbours, _shares(rare), strict=True))

    @cached_property
    def codes(self) -> frozenset[int]:
        return frozenset(at for at, token in enumerate(self.counted) if any(letter.isdigit() for letter in token[0]))


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a passage say to a question: three features, and the tokens that it and its headings `held`,
    by their places in `Wording.counted`.

    `coverage` is the share of the question's own tokens, by rarity, that the passage, its headings and title hold.
    """

    heading: float
    phrase: float
    code: float
    coverage: float
    held: frozenset[int]


def said_in(wording: Wording, live: LiveChunk) -> Said:
    """Read a passage for the words of a question."""
    meant, pairs, language = wording.meant, wording.pairs, live.meta.language
    chunk, title = live.chunk, live.meta.title
    above: set[int] = set()
    for name in (*chunk.section, chunk.question or ""):
        if name != title:
            above.update([meant[term] for term in cached_terms(name, language) if term in meant])
    held: set[int] = set()
    together: set[tuple[int, int]] = set()
    for text in _sentences(chunk) if meant else ():
        known = [meant[term] for term in cached_terms(text, language) if term in meant]
        held.update(known)
        if len(known) > 1 and pairs:
            together.update([pair for pair in pairwise(known) if pair in pairs])
    codes = len(wording.codes & held) / len(wording.codes) if wording.codes else 0.0
    held |= above
    covered = held.union([meant[term] for term in cached_terms(title, language) if term in meant])
    weights, own = wording.weights, wording.own
    return Said(
        heading=sum([weights[token] for token in above]),
        phrase=sum([pairs[pair] for pair in together]),
        code=codes,
        coverage=sum([own[token] for token in covered]),
        held=frozenset(held),
    )


def _shares(rarity: Sequence[float]) -> tuple[float, ...]:
    total = sum(rarity)
    return tuple([rare / total if total else 0.0 for rare in rarity])


def _sentences(chunk: Chunk) -> list[str]:
    """The texts of a passage's sentences; its whole text where none may be quoted."""
    if not chunk.sentences:
        return [chunk.text]
    return [chunk.text[start - chunk.start : end - chunk.start] for start, end in chunk.sentences]
