"""The breakages that the gate has to catch, from the question on its way in to the reply on its way out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, false, null, select, true

import chains.answer
import chains.approved
import chains.compose
import chains.finding
import chains.reply_writer
import retrieval.reader
import retrieval.tokenise
from chains.citing import cited
from chains.contextualise import Search, contextualise
from chains.countries import Countries
from chains.drafts import DraftQuote, DraftSentence
from chains.extractive import write_extractive
from chains.grounding.quotes import locate
from chains.grounding.verifier import GroundedSentence
from core.types import Abstention, AbstentionReason, Answer, Passage, Reply
from evals.breaking import (
    Broken,
    answers,
    asking,
    reading_otherwise,
    reordered,
    replying,
    searching,
    tokenising_otherwise,
)
from evals.regressions import Breakage, Subject
from evals.replacing import replaced
from retrieval.keyword import KeywordIndex
from retrieval.query import Query
from retrieval.tables import ChunkRow
from retrieval.vectors import VectorIndex

__all__ = ["BREAKAGES"]

_SURE = 0.9
_FEW_WORDS = 4
_FIGURE = re.compile(r"\d+")


def _draws() -> random.Random:
    return random.Random(20261121)  # noqa: S311 - the same draws in every run


def _ranking_reversed(subject: Subject) -> Broken:
    return searching(subject, after=lambda passages: reordered(passages, range(len(passages) - 1, -1, -1)))


def _ranking_by_lot(subject: Subject) -> Broken:
    draws = _draws()
    return searching(
        subject, after=lambda passages: reordered(passages, draws.sample(range(len(passages)), len(passages)))
    )


def _keywords_ignored(_: Subject) -> Broken:
    return replaced((KeywordIndex, "query", lambda *_, **__: []))


def _vectors_ignored(_: Subject) -> Broken:
    return replaced((VectorIndex, "query", lambda *_, **__: []))


def _embeddings_shuffled(subject: Subject) -> Broken:
    embeddings: Any = subject.store.embeddings
    embed = embeddings.embed_query_vector
    order = np.random.default_rng(20261121).permutation(embeddings.dimension)
    return replaced((embeddings, "embed_query_vector", lambda text: embed(text)[order]))


def _stemmer_off(_: Subject) -> Broken:
    return tokenising_otherwise((retrieval.tokenise, "_stem", lambda word, _: f"{word}s"))


def _form_codes_dropped(_: Subject) -> Broken:
    tokens = retrieval.tokenise._tokens

    def without_digits(text: str) -> list[tuple[str, bool]]:
        return [pair for pair in tokens(text) if not any(letter.isdigit() for letter in pair[0])]

    return tokenising_otherwise((retrieval.tokenise, "_tokens", without_digits))


def _history_ignored(subject: Subject) -> Broken:
    return asking(subject, lambda question: replace(question, history=()))


def _question_cut(subject: Subject) -> Broken:
    return asking(subject, lambda question: replace(question, text=" ".join(question.text.split()[:_FEW_WORDS])))


def _date_ignored(subject: Subject) -> Broken:
    today = subject.chain._today()
    return asking(subject, lambda question: replace(question, as_of=today))


def _threshold_up(subject: Subject) -> Broken:
    def refused(answer: Answer) -> Reply:
        if answer.confidence >= _SURE:
            return answer
        return Abstention(AbstentionReason.NOT_COVERED, "No answer.", (), answer.confidence)

    return answers(subject, refused)


def _threshold_down(_: Subject) -> Broken:
    return replaced(*((place, "refuse_passages", lambda *_, **__: None) for place in (chains.answer, chains.finding)))


def _refusal_rules_dropped(_: Subject) -> Broken:
    return replaced((chains.answer, "refuse_question", lambda *_, **__: None))


def _countries_unseen(_: Subject) -> Broken:

    def unseeing(*given: Any, **more: Any) -> Search:
        return replace(contextualise(*given, **more), countries=Countries())

    return replaced((chains.answer, "contextualise", unseeing))


def _jurisdiction_dropped(subject: Subject) -> Broken:
    return searching(subject, before=lambda query: replace(query, jurisdiction=None))


def _wrong_country(subject: Subject) -> Broken:
    def elsewhere(query: Query) -> Query:
        if query.jurisdiction is None:
            return query
        return replace(query, jurisdiction="AU" if query.jurisdiction != "AU" else "CA")

    return searching(subject, before=elsewhere)


def _faq_dropped(subject: Subject) -> Broken:
    return searching(subject, after=lambda found: [passage for passage in found if passage.chunk.question is None])


def _best_lost(subject: Subject) -> Broken:
    return searching(subject, after=lambda passages: passages[1:])


def _date_filter_dropped(subject: Subject) -> Broken:
    def always(_: object) -> ColumnElement[bool]:
        return true()

    return reading_otherwise(subject, (retrieval.reader, "_in_force", always))


def _superseded_visible(subject: Subject) -> Broken:
    def none_is(*_: object) -> Select[Any]:
        return select(null()).where(false())

    return reading_otherwise(subject, (retrieval.reader, "replaced", none_is))


def _suspicious_released(subject: Subject) -> Broken:
    return reading_otherwise(subject, (ChunkRow, "is_held_back", staticmethod(false)))


def _samples_exchanged(subject: Subject) -> Broken:
    def exchanged(passage: Passage) -> Passage:
        told = passage.samples
        if told is None or told.absent is None:
            return passage
        return replace(passage, samples=replace(told, answered=told.absent, absent=told.answered))

    return searching(subject, after=lambda passages: [*map(exchanged, passages)])


def _document_corrupted(subject: Subject) -> Broken:
    """Every e is read as c, in the document with the most passages."""
    victim = max(subject.store.documents(), key=lambda document: document.chunks).id

    def corrupt(passages: list[Passage]) -> list[Passage]:
        return [
            replace(passage, chunk=replace(passage.chunk, text=passage.chunk.text.replace("e", "c")))
            if passage.chunk.document_id == victim
            else passage
            for passage in passages
        ]

    return searching(subject, after=corrupt)


def _sentences_by_lot(_: Subject) -> Broken:
    draws = _draws()

    def write(search: object, passages: Sequence[Passage], *_: object, **__: object) -> list[DraftSentence]:
        spans = [(at, p.chunk.text[s - p.chunk.start : e - p.chunk.start]) for at, p in enumerate(passages, 1)
                 for s, e in p.chunk.sentences]  # fmt: skip
        chosen = draws.sample(spans, min(3, len(spans)))
        return [DraftSentence(text, (DraftQuote(at, text),)) for at, text in chosen]

    return replaced((chains.reply_writer, "write_extractive", write))


def _verifier_skipped(_: Subject) -> Broken:
    """The writer changes every figure, as a language model may, and nothing is held against its quotes."""

    def lie(*given: Any, **more: Any) -> list[DraftSentence]:
        return [
            replace(draft, text=_FIGURE.sub(_next_figure, draft.text)) for draft in write_extractive(*given, **more)
        ]

    def believe(drafts: Sequence[DraftSentence], passages: Sequence[Passage]) -> Iterator[GroundedSentence]:
        for draft in drafts:
            found = tuple(quote for said in draft.quotes if (quote := locate(said, passages)))
            if found:
                yield GroundedSentence(draft.text, found)

    return replaced((chains.reply_writer, "write_extractive", lie), (chains.reply_writer, "ground", believe))


def _next_figure(figure: re.Match[str]) -> str:
    return str(int(figure.group()) + 1)


def _quotes_off_by_one(_: Subject) -> Broken:
    def shifted(*given: Any) -> Any:
        citation = cited(*given)
        return replace(citation, start=citation.start + 1, end=citation.end + 1)

    return replaced((chains.compose, "cited", shifted))


def _wrong_citations(_: Subject) -> Broken:
    """Every quote is ascribed to the passage after its own."""
    cite: Any = chains.compose.ReplyComposer._cite

    def ascribed(composer: Any, quote: Any) -> Any:
        return cite(composer, replace(quote, passage_index=(quote.passage_index + 1) % len(composer._passages)))

    return replaced((chains.compose.ReplyComposer, "_cite", ascribed))


def _one_sentence(subject: Subject) -> Broken:
    def first(answer: Answer) -> Reply:
        return replace(answer, sentences=answer.sentences[:1])

    return answers(subject, first)


def _last_words_lost(subject: Subject) -> Broken:
    def cut(answer: Answer) -> Reply:
        kept = tuple(replace(one, text=one.text[: len(one.text) // 2]) for one in answer.sentences)
        return replace(answer, sentences=kept)

    return answers(subject, cut)


def _confidence_flat(subject: Subject) -> Broken:
    return replying(subject, lambda reply: replace(reply, confidence=0.5))


def _near_misses_served(_: Subject) -> Broken:
    return replaced((chains.approved, "difference", lambda *_, **__: None))


def _stale_answers_served(subject: Subject) -> Broken:
    return replaced((subject.store, "rests_on_current", lambda *_, **__: True))


BREAKAGES: tuple[Breakage, ...] = (
    Breakage("question-cut", "only the first words of a question are looked at", _question_cut),
    Breakage("history-ignored", "a follow-up is taken for a question of its own", _history_ignored),
    Breakage("date-ignored", "every question is asked as of today", _date_ignored),
    Breakage("countries-unseen", "countries in a question are not noticed", _countries_unseen),
    Breakage("refusal-rules-dropped", "unlawful, own case and prediction are answered", _refusal_rules_dropped),
    Breakage("ranking-reversed", "the worst passage comes first", _ranking_reversed),
    Breakage("ranking-by-lot", "fusion is broken: passages come in any order", _ranking_by_lot),
    Breakage("best-passage-lost", "the first passage of every search is lost", _best_lost),
    Breakage("keywords-ignored", "the keyword index finds nothing", _keywords_ignored),
    Breakage("vectors-ignored", "the vector index finds nothing", _vectors_ignored),
    Breakage("embeddings-shuffled", "questions are embedded by another model", _embeddings_shuffled),
    Breakage("stemmer-off", "questions are stemmed otherwise than passages", _stemmer_off),
    Breakage("form-codes-dropped", "form codes and figures of a question are dropped", _form_codes_dropped),
    Breakage("date-filter-dropped", "rules that are not in force are seen", _date_filter_dropped),
    Breakage("superseded-visible", "documents that were replaced are seen", _superseded_visible),
    Breakage("suspicious-released", "text that gives orders is seen", _suspicious_released),
    Breakage("jurisdiction-dropped", "passages of every country are found", _jurisdiction_dropped),
    Breakage("wrong-country", "passages of another country are found", _wrong_country),
    Breakage("faq-dropped", "pairs of question and answer are not found", _faq_dropped),
    Breakage("document-corrupted", "the text of one document is garbled", _document_corrupted),
    Breakage("threshold-up", "only what is surest is answered", _threshold_up),
    Breakage("threshold-down", "everything is answered", _threshold_down),
    Breakage("samples-exchanged", "sample questions with an answer are taken for those without", _samples_exchanged),
    Breakage("sentences-by-lot", "sentences of the passages are chosen at random", _sentences_by_lot),
    Breakage("verifier-skipped", "the writer's figures are wrong and nothing checks them", _verifier_skipped),
    Breakage("quotes-off-by-one", "every quote stands one character later than said", _quotes_off_by_one),
    Breakage("wrong-citations", "quotes are ascribed to another passage", _wrong_citations),
    Breakage("one-sentence", "an answer ends after its first sentence", _one_sentence),
    Breakage("words-lost", "every sentence is cut in half", _last_words_lost),
    Breakage("confidence-flat", "every reply is equally sure", _confidence_flat),
    Breakage("near-misses-served", "approved answers are served for like questions", _near_misses_served),
    Breakage("stale-answers-served", "approved answers outlive what they rest on", _stale_answers_served),
)
