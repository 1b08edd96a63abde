"""Verified sentences become a reply: citations numbered, cautions and next steps said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chains.cautions import disagreement_caution, official_pages, replacement_caution, source_cautions
from chains.citing import cited
from chains.disagreement import disagreements
from chains.events import Verified
from chains.grounding import GroundedSentence, LocatedQuote
from core.languages import base_language
from core.types import Answer, AnswerMode, Caution, Citation, Passage, Sentence

__all__ = ["ReplyComposer"]


class ReplyComposer:
    """Collects the sentences of one answer; the same quote keeps one number however often it is used.

    `replaced` counts those in which a source's sentence stands for a writer's; what is said beside the sentences is in
    the reader's `language`.
    """

    def __init__(self, passages: Sequence[Passage], language: str = "en") -> None:
        self._passages = passages
        self._language = language
        self._sentences: list[Sentence] = []
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._used: dict[int, Passage] = {}
        self.replaced = 0
        self._told: list[GroundedSentence] = []
        self._disagreeing: dict[frozenset[tuple[str, int]], Caution] = {}

    def __len__(self) -> int:
        return len(self._sentences)

    def add(self, grounded: GroundedSentence) -> Verified:
        """Take one sentence that rests on at least one quote."""
        known = len(self._citations)
        ids = tuple(dict.fromkeys(self._cite(quote).id for quote in grounded.quotes))
        sentence = Sentence(grounded.text, ids)
        self._sentences.append(sentence)
        self.replaced += grounded.replaced
        self._told.append(grounded)
        quoted = (self._passages[quote.passage_index] for quote in grounded.quotes)
        written_in = frozenset(base_language(passage.meta.language) for passage in quoted)
        return Verified(len(self._sentences) - 1, sentence, tuple(self._citations.values())[known:], written_in)

    def add_disagreements(self) -> Iterator[Verified]:
        """Put to the sentences so far what current documents of the same country say against them."""
        for found in disagreements(tuple(self._told), self._passages):
            ours, theirs = self._told[found.shown].quotes[-1], found.other.quotes[-1]
            places = frozenset((self._passages[at.passage_index].chunk.version_id, at.start) for at in (ours, theirs))
            if places in self._disagreeing:
                continue
            documents = self._passages[ours.passage_index], self._passages[theirs.passage_index]
            self._disagreeing[places] = disagreement_caution(
                found.said, documents[0], found.instead, documents[1], self._language
            )
            if not any(theirs in sentence.quotes for sentence in self._told):
                yield self.add(found.other)

    def answer(self, *, mode: AnswerMode, confidence: float, today: date, cautions: Sequence[Caution] = ()) -> Answer:
        """The reply so far, with what its reader has to know about its sources as of `today`."""
        return Answer(
            sentences=tuple(self._sentences),
            citations=tuple(self._citations.values()),
            confidence=confidence,
            mode=mode,
            warnings=(
                *cautions,
                *self._replacement_caution(mode),
                *self._disagreeing.values(),
                *source_cautions(list(self._used.values()), today, self._language),
            ),
            next_steps=official_pages(list(self._used.values()), self._language),
        )

    def _cite(self, quote: LocatedQuote) -> Citation:
        passage = self._passages[quote.passage_index]
        self._used.setdefault(quote.passage_index, passage)
        key = (passage.chunk.version_id, quote.start, quote.end)
        if key not in self._citations:
            self._citations[key] = cited(len(self._citations) + 1, passage, quote.start, quote.end)
        return self._citations[key]

    def _replacement_caution(self, mode: AnswerMode) -> tuple[Caution, ...]:
        if not self.replaced or mode is not AnswerMode.GENERATIVE:
            return ()
        return (replacement_caution(self._language),)
