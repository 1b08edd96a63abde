"""The main flow: contextualise, retrieve, decide, write, verify."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from chains.abstain import confidence, refuse_passages, refuse_question
from chains.compose import ReplyComposer
from chains.contextualise import Search, contextualise
from chains.drafts import DraftSentence, Unanswerable
from chains.events import Event, Settled, Status
from chains.extractive import write_extractive
from chains.generative import GenerativeWriter
from chains.grounding import ground
from chains.refusals import refusal
from core.errors import ModelUnavailable
from core.jurisdictions import places_known_by
from core.types import AbstentionReason, AnswerMode, Caution, CautionCode, Passage, Question, Reply
from retrieval.catalogue import Catalogue
from retrieval.retriever import HybridRetriever, Query

__all__ = ["AnswerChain"]

log = structlog.get_logger(__name__)

_PASSAGES = 10
_PASSAGES_OF_ALL = 24
"""Where no country is named: enough for the best of each country to be among them."""
_COUNTRIES_AT_ONCE = 3


_Written = tuple[AnswerMode, tuple[Caution, ...]]


def _never() -> bool:
    return False


class AnswerChain(Runnable[Question, Reply]):
    """Answers from the retriever's passages only; without a `model` from the documents' own sentences.

    `catalogue` tells what there is on a day, `today` is the day by which a source's review is due; `model` understands
    follow-ups and `writer` writes: both or neither are given.
    """

    def __init__(
        self,
        retriever: HybridRetriever,
        *,
        catalogue: Callable[[date], Catalogue],
        today: Callable[[], date],
        model: BaseChatModel | None = None,
        writer: GenerativeWriter | None = None,
    ) -> None:
        self._retriever = retriever
        self._catalogue = catalogue
        self._today = today
        self._model = model
        self._writer = writer

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Reply:
        """The reply to a question, without the events on the way."""
        *_, last = self.events(input)
        assert isinstance(last, Settled)
        return last.reply

    def events(self, question: Question, *, cancelled: Callable[[], bool] = _never) -> Iterator[Event]:
        """Answer step by step; the last event is `Settled`, unless `cancelled` turned true on the way."""
        catalogue = self._catalogue(question.as_of)
        yield Status(f"Looking through {catalogue.documents} documents…")
        search = contextualise(
            question, self._model if self._writer is not None and self._writer.is_available else None
        )
        abstention = refuse_question(search, catalogue.jurisdictions)
        passages: Sequence[Passage] = ()
        if abstention is None:
            search = search.within(catalogue.jurisdictions)
            places = _places(question, search, catalogue.jurisdictions)
            passages = self._retrieve(question, search, places)
            abstention = refuse_passages(search, passages, catalogue.jurisdictions, chosen_country=bool(places))
            passages = passages[:_PASSAGES]
        if abstention is not None:
            yield Settled(abstention)
            return
        yield from self._answer(question, search, passages, cancelled=cancelled)

    def _retrieve(self, question: Question, search: Search, places: Sequence[str]) -> list[Passage]:
        if not places:
            return self._search(question, search, None, k=_PASSAGES_OF_ALL)
        found = [self._search(question, search, place) for place in places]
        if len(found) == 1:
            return found[0]
        # Several countries were named: each gets its share, the best of each first.
        shares = [passages[: _PASSAGES // len(found)] for passages in found]
        return sorted((passage for share in shares for passage in share), key=lambda passage: -passage.score)

    def _search(self, question: Question, search: Search, place: str | None, *, k: int = _PASSAGES) -> list[Passage]:
        query = Query(
            search.text, as_of=question.as_of, jurisdiction=place,
            audience=question.audience, history=search.history, k=k,
        )  # fmt: skip
        return self._retriever.search(query)

    def _answer(
        self, question: Question, search: Search, passages: Sequence[Passage], *, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        composer = ReplyComposer(passages)
        sure = confidence(passages)
        mode: AnswerMode = AnswerMode.EXTRACTIVE
        cautions: tuple[Caution, ...] = ()
        if self._writer is not None:
            yield Status("Writing, and checking every sentence against its quote…")
            outcome = yield from self._generate(question, passages, composer, cancelled=cancelled)
            if outcome is None:
                yield Settled(refusal(AbstentionReason.NOT_COVERED, covered=(), nearest=passages, sure=sure))
                return
            mode, cautions = outcome
        else:
            yield Status("Checking every quote…")
        if cancelled():
            return
        if not len(composer):
            yield from self._check(write_extractive(search, passages), passages, composer)
            mode = AnswerMode.EXTRACTIVE
        if not len(composer):
            yield Settled(refusal(AbstentionReason.NOT_COVERED, covered=(), nearest=passages, sure=sure))
            return
        yield Settled(composer.answer(mode=mode, confidence=sure, today=self._today(), cautions=cautions))

    def _generate(
        self, question: Question, passages: Sequence[Passage], composer: ReplyComposer, *, cancelled: Callable[[], bool]
    ) -> Generator[Event, None, _Written | None]:
        """Write with the model; gives the mode and cautions, or None when the model found no answer in the passages."""
        assert self._writer is not None
        try:
            drafts = self._writer.write(question, passages, cancelled=cancelled)
            yield from self._check(drafts, passages, composer)
        except Unanswerable:
            return None
        except ModelUnavailable as error:
            log.warning("answer.model_unavailable", error=str(error), sentences=len(composer))
            return AnswerMode.GENERATIVE, (_model_caution(partial=len(composer) > 0),)
        return AnswerMode.GENERATIVE, ()

    @staticmethod
    def _check(
        drafts: Iterable[DraftSentence], passages: Sequence[Passage], composer: ReplyComposer
    ) -> Iterator[Event]:
        for grounded in ground(drafts, passages):
            yield composer.add(grounded)


def _places(question: Question, search: Search, covered: Sequence[str]) -> tuple[str, ...]:
    """The countries whose passages are wanted; one that no document speaks of would only hide the others."""
    if question.jurisdiction:
        return (question.jurisdiction,)
    return places_known_by(search.places, covered)[:_COUNTRIES_AT_ONCE]


def _model_caution(*, partial: bool) -> Caution:
    if partial:
        text = "The language model stopped early. Every sentence shown was checked, but some may be missing."
    else:
        text = "The language model did not answer, so this was put together from the documents' own sentences."
    return Caution(CautionCode.MODEL_UNAVAILABLE, text)
