"""MAIN FLOW of a check: what is proposed, held against the rules, the documents and what was proposed before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chains.countries import countries_in
from chains.disagreement import disagreements
from chains.grounding import DraftQuote, DraftSentence, GroundedSentence, LocatedQuote, verify
from chains.same_question import difference
from chains.statements import statements_of
from core.errors import InvalidInput
from core.jurisdictions import jurisdiction_of
from core.languages import detect
from core.privacy import mask
from core.types import Chunk, DocumentMeta, Kind, Passage
from ingest.sentences import sentence_spans
from ingest.suspicion import suspicion_of
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.tokenise import content_terms
from training.findings import Findings, Near, Place
from training.listing import Listing
from training.question_vectors import stored, unstored, vector_of
from training.records import Draft, Example, same_words

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["Checker", "Proposal"]

_QUESTION_CHARS, _ANSWER_CHARS, _SOURCE_CHARS = (8, 500), (2, 4000), (0, 500)
_TELLING_WORDS = 5
"""An answer of fewer words ("CAD 150.") does not say which language it is in."""
_PASSAGES = 12
_NEAR = 0.8
"""Cosine of two questions from which an approver sees the other; the same bar as for serving an approved answer."""
_MOST_NEAR = 5
_SHARED = 0.4
"""Share of a sentence's words that a statement must hold to be held against it: below, it is about something else."""
_MASKS = re.compile(r"\[(?:email|token|secret|reference|number)\]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question and its answer as somebody wrote them."""

    question: str
    answer: str
    source: str | None = None
    jurisdiction: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None


class Checker:
    """Reads only; nothing is held open while the documents are searched."""

    def __init__(self, retriever: HybridRetriever, listing: Listing, *, today: Callable[[], date]) -> None:
        self._retriever = retriever
        self._listing = listing
        self._today = today

    def draft(self, proposal: Proposal, *, besides: str | None = None) -> Draft:
        """The proposal with personal data masked and with what was found; raises `InvalidInput` saying what is wrong.

        `besides` is the example that is being corrected, which is not near itself.
        """
        texts = {
            "question": _plain(proposal.question),
            "answer": proposal.answer.strip(),
            "source": _plain(proposal.source or ""),
        }
        _check_lengths(texts)
        _check_orders(texts)
        _check_dates(proposal)
        masked = {name: mask(text) if not text.startswith("http") else text for name, text in texts.items()}
        question, answer = masked["question"], masked["answer"]
        language = _language(question, answer)
        jurisdiction = _jurisdiction(proposal.jurisdiction, question)
        embeddings = self._retriever.store.serving.embeddings
        vector = vector_of(embeddings, question)
        draft = Draft(
            question=question, answer=answer, source=masked["source"] or None, jurisdiction=jurisdiction,
            language=language, effective_from=proposal.effective_from, effective_to=proposal.effective_to,
            embedding=embeddings.identity, vector=stored(vector),
        )  # fmt: skip
        found = self._findings(draft, vector, besides)
        masks = tuple(name for name in texts if _MASKS.search(masked[name]) and masked[name] != texts[name])
        return draft.found(Findings(masks, *found).as_json())

    def recheck(self, example: Example) -> Findings:
        """What is found now for an example as it stands."""
        fields = (example.question, example.answer, example.source, example.jurisdiction)
        again = self.draft(Proposal(*fields, example.effective_from, example.effective_to), besides=example.id)
        masked = Findings.from_json(example.findings).masked
        found = Findings.from_json(again.findings)
        return Findings(masked, found.near, found.supports, found.conflicts, found.unsupported, found.nearest)

    def _findings(
        self, draft: Draft, vector: Vector, besides: str | None
    ) -> tuple[tuple[Near, ...], tuple[Place, ...], tuple[Place, ...], tuple[int, ...], Place | None]:
        as_of = max(self._today(), draft.effective_from or date.min)
        query = Query(draft.question, as_of=as_of, jurisdiction=draft.jurisdiction, k=_PASSAGES)
        passages = [one for one in self._retriever.search(query) if one.kind is Kind.DOCUMENT]
        sentences = [draft.answer[start:end] for start, end in sentence_spans(draft.answer)]
        supports = [place for at, text in enumerate(sentences) for place in _supports(at, text, passages)]
        supported = {place.sentence for place in supports}
        nearest = next((_place(0, one, one.chunk.start, one.chunk.end) for one in passages), None)
        return (
            tuple(self._near(draft, vector, besides)),
            tuple(supports),
            tuple(_conflicts(draft, sentences, passages)),
            tuple(at for at in range(len(sentences)) if at not in supported),
            nearest,
        )

    def _near(self, draft: Draft, vector: Vector, besides: str | None) -> list[Near]:
        found = []
        for example, held in self._listing.question_vectors(draft.embedding or ""):
            likeness = float(unstored(held) @ vector)
            same = _is_same(draft, example)
            if example.id != besides and (same or likeness >= _NEAR):
                differs = same and not same_words(draft.answer, example.answer)
                found.append(Near(example.id, round(likeness, 4), same, differs))
        return sorted(found, key=lambda near: (not near.same, -near.likeness, near.example_id))[:_MOST_NEAR]


def _check_lengths(texts: dict[str, str]) -> None:
    limits = {"question": _QUESTION_CHARS, "answer": _ANSWER_CHARS, "source": _SOURCE_CHARS}
    for name, (least, most) in limits.items():
        if not least <= len(texts[name]) <= most:
            raise InvalidInput(
                f"the {name} has {len(texts[name])} characters; it takes {least} to {most}, so "
                + ("say more" if len(texts[name]) < least else "shorten it or propose it in parts")
            )


def _check_orders(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        if (suspicion := suspicion_of(text)) is not None:
            raise InvalidInput(f"the {name} cannot be taken. {suspicion.sentence} Write it for the person who asks")


def _check_dates(proposal: Proposal) -> None:
    begin, end = proposal.effective_from, proposal.effective_to
    if begin and end and end < begin:
        raise InvalidInput(f"effective_to {end.isoformat()!r} is before effective_from {begin.isoformat()!r}")


def _language(question: str, answer: str) -> str:
    asked = detect(question) or "en"
    told = detect(answer) if len(answer.split()) >= _TELLING_WORDS else asked
    if told is not None and told != asked:
        raise InvalidInput(
            f"the question is in {asked!r} and the answer in {told!r}; write both in the language of those who ask"
        )
    return asked


def _jurisdiction(said: str | None, question: str) -> str | None:
    """The code that was said, else of the one country that the question names."""
    if said:
        if (code := jurisdiction_of(said)) is None:
            raise InvalidInput(f"{said!r} is no country; write its code, as CA")
        return code
    wanted = countries_in(question).wanted
    return wanted[0] if len(wanted) == 1 else None


def _is_same(draft: Draft, example: Example) -> bool:
    if draft.jurisdiction != example.jurisdiction:
        return False
    return difference(draft.question, example.question) is None


def _supports(at: int, text: str, passages: Sequence[Passage]) -> Iterator[Place]:
    """The first place of each document that carries a sentence."""
    seen: set[str] = set()
    for index, passage in enumerate(passages):
        if passage.chunk.document_id in seen:
            continue
        for statement in statements_of(passage.chunk):
            if statement.members or not _share_words(text, statement.terms):
                continue
            quotes = tuple(DraftQuote(index + 1, quote) for quote in statement.quotes)
            verdict = verify(DraftSentence(text, quotes), passages)
            if verdict.supported:
                seen.add(passage.chunk.document_id)
                first, last = verdict.quotes[0], verdict.quotes[-1]
                yield _place(at, passage, min(first.start, last.start), max(first.end, last.end))
                break


def _conflicts(draft: Draft, sentences: Sequence[str], passages: Sequence[Passage]) -> Iterator[Place]:
    """Places of current documents that say otherwise, within each country whose rules may be meant."""
    places = [draft.jurisdiction] if draft.jurisdiction else sorted({one.jurisdiction for one in passages})
    told = [GroundedSentence(text, (LocatedQuote(0, 0, len(text), text),)) for text in sentences]
    for place in places:
        for found in disagreements(told, [_as_passage(draft, place), *passages]):
            quote = found.other.quotes[-1]
            passage = passages[quote.passage_index - 1]
            yield _place(found.shown, passage, quote.start, quote.end, said=found.said, instead=found.instead)


def _as_passage(draft: Draft, place: str) -> Passage:
    chunk = Chunk("proposal", "proposal", "proposal", 0, draft.answer, 0, len(draft.answer), question=draft.question)
    return Passage(chunk, DocumentMeta(draft.question, jurisdiction=place, language=draft.language), 1.0)


def _place(
    at: int, passage: Passage, start: int, end: int, *, said: str | None = None, instead: str | None = None
) -> Place:
    return Place(at, passage.chunk.document_id, passage.chunk.version_id, start, end, said, instead)


def _share_words(text: str, terms: frozenset[str]) -> bool:
    ours = content_terms(text)
    return len(ours & terms) >= max(1, _SHARED * len(ours))


def _plain(text: str) -> str:
    return " ".join(text.split())
