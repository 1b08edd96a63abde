"""The main flow: contextualise, retrieve, decide, write, verify."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from chains.abstain import missing_country, refuse_passages, refuse_question, rival_kinds, which_country
from chains.approved import known_answer, without_near_misses
from chains.contextualise import contextualise, with_country
from chains.events import Doing, Event, Settled, Status
from chains.finding import PASSAGES, Finder, places_asked_for
from chains.generative import GenerativeWriter
from chains.languages import asked_in
from chains.parts_answer import answer_parts
from chains.person_wanted import person_wanted_in
from chains.refusals import refusal
from chains.reply_writer import ReplyWriter
from chains.suggested import Showing, offered
from chains.translated import can_be_translated, in_askers_language
from chains.translator import Translator
from chains.turn import Turn
from core.types import AbstentionReason, Passage, Question, Reply
from retrieval.catalogue import Catalogue
from retrieval.english import EnglishWords
from retrieval.retriever import HybridRetriever
from retrieval.served import SHIPPED, ServedModel
from retrieval.spelling import Speller

__all__ = ["AnswerChain"]


def _never() -> bool:
    return False


class AnswerChain(Runnable[Question, Reply]):
    """Answers from the retriever's passages only; without a `model` from the documents' own sentences.

    `catalogue` tells what there is on a day, `today` is the day by which a source's review is due; `model` understands
    follow-ups and `writer` writes: both or neither are given. `translator` puts verified sentences into the asker's
    language; without one they stay in the documents'. `served` tells the model version that is current; each question
    is answered by one of them from its beginning to its end.
    """

    def __init__(
        self,
        retriever: HybridRetriever,
        *,
        catalogue: Callable[[date], Catalogue],
        today: Callable[[], date],
        model: BaseChatModel | None = None,
        writer: GenerativeWriter | None = None,
        translator: Translator | None = None,
        served: Callable[[], ServedModel] = lambda: SHIPPED,
    ) -> None:
        self._retriever = retriever
        self._finder = Finder(retriever)
        self._replies = ReplyWriter(self._finder, writer, today)
        self._speller = Speller(retriever.store)
        self._english = EnglishWords(retriever.store)
        self._catalogue = catalogue
        self._today = today
        self._model = model
        self._writer = writer
        self._translator = translator
        self._served = served

    def pinned(self, served: ServedModel) -> AnswerChain:
        """A chain of its own over the same documents that answers by this model version, without a language model."""
        retriever = self._retriever.model_copy()
        return AnswerChain(retriever, catalogue=self._catalogue, today=self._today, served=lambda: served)

    @property
    def retriever(self) -> HybridRetriever:
        """What this chain asks."""
        return self._retriever

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Reply:
        """The reply to a question, without the events on the way."""
        *_, last = self.events(input)
        assert isinstance(last, Settled)
        return last.reply

    def events(self, question: Question, *, cancelled: Callable[[], bool] = _never) -> Iterator[Event]:
        """Answer step by step; the last event is `Settled`, unless `cancelled` turned true on the way."""
        served = self._served()
        for event in self._events(question, served, cancelled):
            if isinstance(event, Settled):
                event = Settled(replace(event.reply, model_version=served.id))
            yield event

    def _events(self, question: Question, served: ServedModel, cancelled: Callable[[], bool]) -> Iterator[Event]:
        catalogue = self._catalogue(question.as_of)
        language = asked_in(question, is_english=self._english.make_up)
        if spoken := person_wanted_in(question.text, language):
            yield Settled(refusal(AbstentionReason.PERSON_WANTED, covered=catalogue.jurisdictions, language=spoken))
            return
        yield Status(Doing.LOOKING, catalogue.documents)
        turn = self._understood(question, language, catalogue, served, cancelled)
        refused = refuse_question(turn.search, catalogue.jurisdictions, language=turn.language)
        if refused is not None and refused.reason is not AbstentionReason.OWN_CASE:
            yield Settled(refused)
            return
        turn = replace(turn, search=turn.search.within(catalogue.jurisdictions))
        places = places_asked_for(question, turn.search, catalogue.jurisdictions)
        passages = self._finder.passages(turn, places)
        known = known_answer(question, turn.search, passages, self._retriever.store, model=served)
        if refused is not None and known is None:
            # Where a document asks the very question, "my visa" is anybody's and its answer a rule.
            yield Settled(refused)
            return
        found, passages = passages, without_near_misses(question, turn.search, passages, self._retriever.store)
        if known is not None:
            yield from self._told(turn, self._replies.serve(turn, known, passages), (*known.passages, *passages))
            return
        if parts := self._finder.parts(turn):
            yield Status(Doing.CHECKING)
            events = list(answer_parts(parts, today=self._today()))
            if events:
                yield from events
                return
        trust = self._finder.trust(turn, passages, places)
        if len(passages) < len(found):
            # What is left stands out the more for what was taken away, which makes it no better an answer.
            trust = min(trust, self._finder.trust(turn, found, places), key=lambda one: one.sure)
        covered = catalogue.jurisdictions
        refused = refuse_passages(
            passages, covered, trust, chosen_country=bool(places), missing=missing_country(turn.search, covered),
            language=turn.language, documents_in=turn.documents_in,
            kinds=tuple(rival_kinds(turn.search, passages).values()), showing=turn.showing,
        )  # fmt: skip
        final = refused
        if refused is not None and self._replies.may_read(turn, refused):
            # A model would choose one of several countries; only who asks can say which.
            final = None if places else which_country(passages, covered, sure=trust.sure, language=turn.language)
        if final is not None:
            yield from self._told(turn, self._replies.refuse(turn, passages, final), passages)
            return
        answered = self._replies.answer(turn, passages[:PASSAGES], sure=trust.sure, refused=refused)
        yield from self._told(turn, answered, passages)

    def _told(self, turn: Turn, events: Iterator[Event], passages: Sequence[Passage]) -> Iterator[Event]:
        """The events of a reply in the asker's language, where there is a model and a way to check what it says."""
        if self._translator is None or turn.model is None or not can_be_translated(passages, turn.language):
            return events

        def near() -> Sequence[str]:
            return offered(passages, "en", showing=turn.showing).questions if turn.search.translated == "en" else ()

        return in_askers_language(events, turn.language, self._translator, questions=near, cancelled=turn.cancelled)

    def _understood(
        self,
        question: Question,
        language: str,
        catalogue: Catalogue,
        served: ServedModel,
        cancelled: Callable[[], bool],
    ) -> Turn:
        model = self._model if self._writer is not None and self._writer.is_available else None
        # A model reads every language; it searches in the one that most documents are in.
        into = next((spoken for spoken in catalogue.languages[:1] if spoken != language), None)
        read = question
        if model is None and language == "en":
            read = replace(question, text=self._speller.correct(question.text))
        search = contextualise(read, model, into=into)
        if (search.translated or language) == "en":
            search = with_country(search, question.jurisdiction)
        told = search.text if search.translated else question.text
        showing = Showing(told, search.text, self._today(), self._is_whole)
        return Turn(question, search, language, catalogue, model, served, showing, cancelled)

    def _is_whole(self, passage: Passage) -> bool:
        """Whether a passage is all that stands under its question."""
        unit = passage.chunk.unit
        return unit is not None and len(self._retriever.store.pair_of(passage.chunk.version_id, unit)) == 1
