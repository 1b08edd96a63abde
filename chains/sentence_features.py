"""What speaks for each statement of the passages as an answer, as numbers that a model can weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chains.contextualise import Search
from chains.kinds import kinds_in, other_kind
from chains.statements import Statement, heading_of, statements_of
from chains.synonyms import meant
from chains.wanted import (
    Figure,
    asks_yes_or_no,
    begins_yes_or_no,
    figure_asked,
    holds_figure,
    wants_list,
    without_figure_words,
)
from core.types import Chunk, Passage
from retrieval.tokenise import content_terms

__all__ = ["FEATURES", "Candidate", "candidates_of"]

FEATURES = (
    "cosine", "cosine_lead", "cosine_before", "cosine_after", "passage_lead", "own", "own_lead", "said_lead",
    "said_weight", "window", "heading_lead", "first_passage", "score_share", "opens", "starts_heading", "second",
    "late", "late_brief", "words", "short", "item", "whole_list", "list_asked", "cut", "figure", "no_figure",
    "other_kind", "not_named", "yes_no",
)  # fmt: skip
"""Names, in the order of `Candidate.features`; all lie in [-1, 1]. A "lead" is how far it falls behind the best."""

_POOL = 8
_PASSAGE_FLOOR = 0.5
"""Share of the best passage's score below which a passage offers no sentences."""
_KEPT = 8
"""Questions whose candidates are remembered: who decides whether to answer weighs them, and so does who writes."""
_MANY_WORDS = 60
_FEW_WORDS = 6
_LATE = 10
"""The statement of a passage from which it does not matter how far down it stands."""
_MUCH_SAID = 30.0
"""The sum of rarities by which `said_weight` is measured: two rare words missed say more than two thirds missed."""
_STRANGE = 2.0
"""Weight of a heading's word that was not asked for: like that of a rare one."""
_NAMED = re.compile(r"\b(?!UK\b|US\b|USA\b|EU\b|UAE\b|PR\b)(?:[A-Z]{2,}(?:-?\d+[A-Z]?)?|[A-Z]-?\d{1,4}[A-Z]?|\d{3})\b")
"""Things named by initials or code, as ILR, H-1B or 482: a passage without the name is about another thing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement of the passage at `passage`, and what speaks for it; `section` begins with the version.

    `likeness` is that of its heading and the question, in [0, 1]; `same_question` says that all that was asked stands
    in its headings, so that their "Yes" is an answer.
    """

    passage: int
    section: tuple[str, ...]
    statement: Statement
    likeness: float
    same_question: bool
    features: tuple[float, ...]

    @property
    def order(self) -> tuple[int, int]:
        return self.passage, self.statement.start


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made ready: what its terms weigh, each and together, what it names, the form of its answer."""

    kinds: frozenset[str]
    terms: frozenset[str]
    named: frozenset[str]
    weights: Mapping[str, float]
    weight: float
    figure: Figure | None
    listed: bool
    polar: bool


@dataclass(frozen=True, slots=True)
class _Pool:
    """The best of what was found, by which the rest is measured, and where each section begins among it."""

    score: float
    dense: float
    cosine: float
    likeness: float
    own: float
    said: float
    begins: Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class _Shares:
    """For each statement of a passage what it holds of what is asked, and how much that is.

    `own` is the share that it holds by itself, `said` with what it stands under.
    """

    held: tuple[frozenset[str], ...]
    own: tuple[float, ...]
    said: tuple[float, ...]


def candidates_of(search: Search, passages: Sequence[Passage]) -> tuple[Candidate, ...]:
    """Every statement of the passages that are near enough to the best, by passage and place."""
    best = max((passage.score for passage in passages), default=0.0)
    return _candidates(search, tuple(passages[:_POOL]), _PASSAGE_FLOOR * best)


@lru_cache(maxsize=_KEPT)
def _candidates(search: Search, passages: tuple[Passage, ...], floor: float) -> tuple[Candidate, ...]:
    placed = [(at, passage) for at, passage in enumerate(passages) if passage.score >= floor]
    if not placed:
        return ()
    found = [passage for _, passage in placed]
    asked = _asked(search, found)
    shares = [_shares(passage, asked) for passage in found]
    pool = _pool(found, shares, asked)
    return tuple(
        candidate
        for (at, passage), share in zip(placed, shares, strict=True)
        for candidate in _of_passage(at, passage, share, asked, pool)
    )


def _asked(search: Search, passages: Sequence[Passage]) -> _Asked:
    terms = _terms(search.topic)
    named = meant(content_terms(" ".join(_NAMED.findall(search.topic))))
    figure = figure_asked(search.text) or figure_asked(search.topic)
    weights = _rarity(terms, passages)
    return _Asked(
        kinds_in(search.topic), terms, named, weights, sum(weights.values()), figure, wants_list(search.text),
        asks_yes_or_no(search.text),
    )  # fmt: skip


def _shares(passage: Passage, asked: _Asked) -> _Shares:
    held = tuple([terms.intersection(asked.weights) for terms in _own_terms(passage)])
    above = _above_terms(passage).intersection(asked.weights)
    return _Shares(
        held, tuple([_share(terms, asked) for terms in held]), tuple([_share(terms | above, asked) for terms in held])
    )


def _pool(passages: Sequence[Passage], shares: Sequence[_Shares], asked: _Asked) -> _Pool:
    begins: dict[tuple[str, ...], int] = {}
    for passage in passages:
        section = _section(passage)
        begins[section] = min(begins.get(section, passage.chunk.ordinal), passage.chunk.ordinal)
    return _Pool(
        score=max(passage.score for passage in passages),
        dense=max(passage.dense for passage in passages),
        cosine=max((score for passage in passages for score in passage.sentence_scores), default=0.0),
        likeness=max(_likeness(_heading_terms(passage), asked) for passage in passages),
        own=max((share for one in shares for share in one.own), default=0.0),
        said=max((share for one in shares for share in one.said), default=0.0),
        begins=begins,
    )


def _of_passage(at: int, passage: Passage, shares: _Shares, asked: _Asked, pool: _Pool) -> Iterator[Candidate]:
    statements = statements_of(passage.chunk)
    asked_for = asked.weight / _MUCH_SAID
    cosines = [max([passage.sentence_scores[place] for place in one.scores]) for one in statements]
    heading = _heading_terms(passage)
    asked_above = heading.intersection(asked.weights)
    above = _above_terms(passage)
    likeness = _likeness(heading, asked)
    section = _section(passage)
    begins = pool.begins[section] == passage.chunk.ordinal
    ground = (
        likeness - pool.likeness, float(passage.chunk.ordinal == 0), passage.score / (pool.score or 1.0),
    )  # fmt: skip
    lacks_name = float(bool(asked.named) and not asked.named <= above.union(*_own_terms(passage)))
    same_question = asked.terms <= above
    for place, statement in enumerate(statements):
        beside = shares.held[max(0, place - 1) : place + 2]
        said_lead = shares.said[place] - pool.said
        before = cosines[place - 1] if place else 0.0
        after = cosines[place + 1] if place + 1 < len(cosines) else cosines[place]
        features = (
            cosines[place], cosines[place] - pool.cosine, before - pool.cosine, after - pool.cosine,
            passage.dense - pool.dense, shares.own[place], shares.own[place] - pool.own,
            said_lead, max(-1.0, said_lead * asked_for),
            _share(asked_above.union(*beside), asked), *ground,
            *_place(statement, likeness if begins else 0.0, asked), *_form(statement, likeness, asked), lacks_name,
            float(asked.polar and begins_yes_or_no(statement.text)),
        )  # fmt: skip
        yield Candidate(at, section, statement, likeness, same_question, features)


def _place(statement: Statement, likeness: float, asked: _Asked) -> tuple[float, ...]:
    """Where it stands; `likeness` is the heading's where its section begins with this passage, else 0."""
    late = min(statement.place, _LATE) / _LATE
    return (
        float(statement.opens), likeness * (statement.place == 0), float(statement.place == 1), late,
        late / max(1, len(asked.terms)),
    )  # fmt: skip


def _form(statement: Statement, likeness: float, asked: _Asked) -> tuple[float, ...]:
    """Its length and shape, and whether the question wants such."""
    whole = bool(statement.members)
    item = not whole and statement.text != statement.quotes[0]
    figure = asked.figure is not None and holds_figure(statement.text, asked.figure)
    return (
        min(statement.words, _MANY_WORDS) / _MANY_WORDS, float(statement.words < _FEW_WORDS), float(item), float(whole),
        likeness * (asked.listed and whole), float(statement.cut), float(figure),
        float(asked.figure is not None and not figure), float(other_kind(statement.text, asked=asked.kinds)),
    )  # fmt: skip


def _section(passage: Passage) -> tuple[str, ...]:
    chunk = passage.chunk
    return (chunk.version_id, *chunk.section, chunk.question or "", str(chunk.unit))


def _rarity(asked: frozenset[str], passages: Sequence[Passage]) -> dict[str, float]:
    """How much each asked term that occurs at all tells these passages apart."""
    found: Counter[str] = Counter()
    for passage in passages:
        own, heading = _own_terms(passage), _heading_terms(passage)
        found.update(heading.intersection(asked).union(*[terms.intersection(asked) for terms in own]))
    return {term: math.log(1 + len(passages) / (count + 0.5)) for term, count in found.items()}


def _heading_terms(passage: Passage) -> frozenset[str]:
    return _terms(heading_of(passage.chunk, passage.meta.title))


def _above_terms(passage: Passage) -> frozenset[str]:
    """The terms of all that a passage stands under: title, headings and question."""
    return _terms(" ".join((passage.meta.title, *passage.chunk.section, passage.chunk.question or "")))


def _own_terms(passage: Passage) -> tuple[frozenset[str], ...]:
    """The terms of each statement of a passage."""
    return _statement_terms(passage.chunk)


@lru_cache(maxsize=4096)
def _statement_terms(chunk: Chunk) -> tuple[frozenset[str], ...]:
    return tuple(meant(statement.terms) for statement in statements_of(chunk))


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    return meant(content_terms(without_figure_words(text)))


def _share(held: frozenset[str], asked: _Asked) -> float:
    """How much of what is asked these of its terms are."""
    return sum([weight for term, weight in asked.weights.items() if term in held]) / asked.weight if held else 0.0


def _likeness(heading: frozenset[str], asked: _Asked) -> float:
    """Dice coefficient of heading and question."""
    weights = asked.weights
    common = sum([weight for term, weight in weights.items() if term in heading])
    every = asked.weight + math.fsum([weights.get(term, _STRANGE) for term in heading])
    return 2 * common / every if every else 0.0
