"""An answer that a person approved, or a pair of question and answer, served whole where the question is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.contextualise import Search
from chains.countries import without_countries
from chains.grounding import GroundedSentence, LocatedQuote
from chains.same_question import TURNING_POINTS, Difference, difference, is_of_another
from core.types import GENERAL_JURISDICTION, AnswerMode, Chunk, Kind, Passage, Question
from retrieval.records import View
from retrieval.served import SHIPPED, ServedModel
from retrieval.tokenise import content_terms

if TYPE_CHECKING:
    from core.models import PassageEmbeddings
    from retrieval.store import ChunkStore

__all__ = ["KnownAnswer", "known_answer", "without_near_misses", "whole_answer"]

_ALIKE = 0.8
"""Least cosine of the two questions, whose words have agreed by then. Of 40 pairs that
ask the same (tests/unit/chains/question_pairs.py) the least is .88; near misses reach .997: a second lock only."""
_WORTH_A_LOOK = 0.45
"""Share of words in common that each of those pairs has; most questions share fewer with every pair found."""
_MAX_WORDS = 180
"""A pair of an ordinary document that is longer is a chapter under a question; what a person approved is never cut."""


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """The passages that hold one answer, in reading order, and who stands for it; `likeness` is a cosine."""

    passages: tuple[Passage, ...]
    mode: AnswerMode
    likeness: float


def known_answer(
    question: Question,
    search: Search,
    passages: Sequence[Passage],
    store: ChunkStore,
    *,
    model: ServedModel = SHIPPED,
) -> KnownAnswer | None:
    """The answer to the very question that was asked, an approved one before others; None when there is none.

    An approved answer is left out when a document that it cites is no longer current on the day asked about.
    """
    if search.leans:
        return None  # what it leans on is in no question that stands alone
    view = View(as_of=question.as_of, audience=question.audience, pairs=model.pairs)
    for passage in _pairs(passages):
        if not _share_words(search.text, passage.chunk.question or "") or _difference(question, search, passage):
            continue
        likeness = _likeness(search.text, passage.chunk.question or "", store.serving.embeddings)
        approved = passage.kind is Kind.APPROVED
        if likeness < _ALIKE or (approved and not store.rests_on_current(passage.chunk.version_id, view)):
            continue
        whole = _whole_pair(passage, passages, view, store)
        if whole and (approved or _words(whole) <= _MAX_WORDS):
            return KnownAnswer(whole, AnswerMode.APPROVED if approved else AnswerMode.EXTRACTIVE, likeness)
    return None


def without_near_misses(
    question: Question, search: Search, passages: Sequence[Passage], store: ChunkStore
) -> list[Passage]:
    """The passages without answers to another person's question, and without approved ones that rest on old sources.

    What was approved for one question would be quoted for its opposite: "Yes, and you must" says nothing of whom. The
    pairs of ordinary tables are held to less: their answers are rules as well, and only those to another figure or
    another kind of visa are left out. A section under a question says more than its answer, and stays.
    """
    view = View(as_of=question.as_of, audience=question.audience)

    def is_ours(passage: Passage) -> bool:
        known = passage.chunk.question or ""
        if passage.kind is not Kind.APPROVED:
            return search.leans or known in passage.chunk.section or not is_of_another(search.text, known)
        fits = search.leans or _difference(question, search, passage) not in TURNING_POINTS
        return fits and store.rests_on_current(passage.chunk.version_id, view)

    return [passage for passage in passages if is_ours(passage)]


def whole_answer(passages: Sequence[Passage]) -> Iterator[GroundedSentence]:
    """Every word of the answer in the passages of one pair, sentence by sentence, each its own quote."""
    for index, passage in enumerate(passages):
        chunk = passage.chunk
        for start, end in _spans(chunk):
            text = chunk.text[start - chunk.start : end - chunk.start]
            yield GroundedSentence(text, (LocatedQuote(index, start, end, text),))


def _difference(question: Question, search: Search, passage: Passage) -> Difference | None:
    place = question.jurisdiction or (search.countries.wanted[0] if len(search.countries.wanted) == 1 else None)
    rules = None if passage.jurisdiction == GENERAL_JURISDICTION else passage.jurisdiction
    return difference(search.text, passage.chunk.question or "", place=place, known_place=rules)


def _share_words(asked: str, known: str) -> bool:
    """Whether a closer look can find them the same: it costs a hundred times as much."""
    ours, theirs = content_terms(asked), content_terms(known)
    return len(ours & theirs) >= _WORTH_A_LOOK * min(len(ours), len(theirs))


def _pairs(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage of each pair, approved ones first."""
    found: dict[tuple[str, int | None], Passage] = {}
    for passage in passages:
        if passage.chunk.question is not None and passage.chunk.unit is not None:
            found.setdefault((passage.chunk.version_id, passage.chunk.unit), passage)
    return sorted(found.values(), key=lambda passage: passage.kind is not Kind.APPROVED)


def _whole_pair(found: Passage, passages: Sequence[Passage], view: View, store: ChunkStore) -> tuple[Passage, ...]:
    """All passages of the pair that `found` belongs to; none when one of them may not be seen."""
    assert found.chunk.unit is not None
    ours = store.pair_of(found.chunk.version_id, found.chunk.unit)
    ids = [item.chunk.id for item in ours]
    if len(store.visible(ids, view)) < len(ids):
        return ()
    known = {passage.chunk.id: passage for passage in passages}
    return tuple(
        known.get(item.chunk.id) or Passage(item.chunk, item.meta, found.score, kind=item.kind) for item in ours
    )


def _spans(chunk: Chunk) -> Iterator[tuple[int, int]]:
    """Where the answer's sentences stand: what lies between two of them, as the mark of an item, goes with the later.

    The question itself is left out.
    """
    begin = chunk.start
    if chunk.question and chunk.text.startswith(chunk.question):
        begin += len(chunk.question)
    outer = [span for span in chunk.sentences if not any(_holds(other, span) for other in chunk.sentences)]
    ends = [end for start, end in outer if start >= begin]
    for end in [*ends[:-1], chunk.end]:
        text = chunk.text[begin - chunk.start : end - chunk.start]
        if any(char.isalnum() for char in text):
            yield begin + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
        begin = end


def _holds(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and span[0] <= other[0] and other[1] <= span[1]


def _words(passages: Sequence[Passage]) -> int:
    return sum(len(passage.chunk.text.split()) for passage in passages)


def _likeness(asked: str, known: str, embeddings: PassageEmbeddings) -> float:
    """The cosine of two questions, with or without the countries in them, which agree: one may leave its own unsaid."""
    whole = _cosine(asked, known, embeddings)
    if whole >= _ALIKE:
        return whole
    return max(whole, _cosine(without_countries(asked), without_countries(known), embeddings))


def _cosine(asked: str, known: str, embeddings: PassageEmbeddings) -> float:
    if asked.casefold() == known.casefold():
        return 1.0
    if embeddings.count_tokens(asked) > embeddings.max_tokens or embeddings.count_tokens(known) > embeddings.max_tokens:
        return 0.0
    return float(embeddings.embed_query_vector(asked) @ embeddings.embed_query_vector(known))
