"""The events of one reply, once it is decided what to do: an approved answer, a written one, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import date

import structlog

from chains.approved import KnownAnswer, whole_answer
from chains.compose import ReplyComposer
from chains.confidence import after_reading
from chains.drafts import DraftSentence, Unanswerable
from chains.events import Event, Settled, Status
from chains.extractive import write_extractive
from chains.finding import PASSAGES, Finder
from chains.generative import GenerativeWriter
from chains.grounding import ground
from chains.languages import readable
from chains.prices import FEES, asks_price_of
from chains.turn import Turn
from chains.wanted import lacks_figure
from core.errors import ModelUnavailable
from core.types import Abstention, AbstentionReason, AnswerMode, Caution, CautionCode, Passage

__all__ = ["ReplyWriter"]

log = structlog.get_logger(__name__)

_WRITING = "Writing, and checking every sentence against its quote…"
_READING = "Reading what comes nearest to your question…"
_Written = tuple[AnswerMode, tuple[Caution, ...]]


class ReplyWriter:
    """Writes with a `writer` where there is one, else from the documents' own sentences; checks every sentence."""

    def __init__(self, finder: Finder, writer: GenerativeWriter | None, today: Callable[[], date]) -> None:
        self._finder = finder
        self._writer = writer
        self._today = today

    def may_read(self, turn: Turn, refused: Abstention) -> bool:
        """Whether the model should read passages that are too unsure to be answered from without one."""
        if self._writer is None or turn.model is None or refused.reason is not AbstentionReason.NOT_COVERED:
            return False
        return refused.confidence >= self._writer.reads_from

    def serve(self, known: KnownAnswer, passages: Sequence[Passage]) -> Iterator[Event]:
        """An answer to the very question, word for word, and what other passages say against it."""
        composer = ReplyComposer((*known.passages, *passages[:PASSAGES]))
        for sentence in whole_answer(known.passages):
            yield composer.add(sentence)
        yield from composer.add_disagreements()
        yield Settled(composer.answer(mode=known.mode, confidence=known.likeness, today=self._today()))

    def answer(
        self, turn: Turn, passages: Sequence[Passage], *, sure: float, refused: Abstention | None
    ) -> Iterator[Event]:
        """What is written from `passages`; `refused` is the reply where only a model could have answered from them."""
        composer = ReplyComposer(passages)
        mode, cautions = AnswerMode.EXTRACTIVE, tuple[Caution, ...]()
        if self._writer is not None:
            yield Status(_WRITING if refused is None else _READING)
            written = yield from self._generate(self._writer, turn, passages, composer)
            if written is None:
                sure = after_reading(sure, answered=False)
                yield from self.refuse(turn, passages, turn.uncovered(passages, sure))
                return
            mode, cautions = written
        else:
            yield Status("Checking every quote…")
        if turn.cancelled():
            return
        if len(composer):
            sure = after_reading(sure, answered=True) if mode is AnswerMode.GENERATIVE else sure
        elif refused is not None:
            yield from self.refuse(turn, passages, refused)
            return
        else:
            mode = AnswerMode.EXTRACTIVE
            composer = yield from self._extract(turn, passages)
        if not len(composer):
            yield Settled(turn.uncovered(passages, sure))
            return
        yield from composer.add_disagreements()
        yield Settled(composer.answer(mode=mode, confidence=sure, today=self._today(), cautions=cautions))

    def refuse(self, turn: Turn, passages: Sequence[Passage], refused: Abstention) -> Iterator[Event]:
        """The refusal, or where the fees stand: the country's list has what a permit costs, whatever its page says."""
        uncovered = refused.reason is AbstentionReason.NOT_COVERED and bool(passages)
        if uncovered and asks_price_of(turn.search.text, passages[0]):
            composer, told = self._where_fees_stand(turn, passages)
            if told:
                answer = composer.answer(mode=AnswerMode.EXTRACTIVE, confidence=refused.confidence, today=self._today())
                yield from (Status("Checking every quote…"), *told, Settled(answer))
                return
        yield Settled(refused)

    def _extract(self, turn: Turn, passages: Sequence[Passage]) -> Generator[Event, None, ReplyComposer]:
        """An answer in the documents' own sentences; else where the fees stand, if a price is asked for."""
        own = readable(passages, turn.language)
        composer = ReplyComposer(own)
        if turn.language == "en":
            drafts = write_extractive(turn.search, own)
            if not lacks_figure(turn.search.text, [draft.text for draft in drafts]):
                yield from _checked(drafts, own, composer)
        else:
            # An English encoder cannot weigh the sentences of another language against each other: the best one whole.
            for sentence in whole_answer(own[:1]):
                yield composer.add(sentence)
        if not len(composer):
            composer, told = self._where_fees_stand(turn, passages)
            yield from told
        return composer

    def _where_fees_stand(self, turn: Turn, passages: Sequence[Passage]) -> tuple[ReplyComposer, list[Event]]:
        """What names the list of fees, where a price is asked for in English; nothing where there is none."""
        fees = self._finder.fees(turn, passages) if turn.language == "en" else []
        composer = ReplyComposer(fees)
        drafts = write_extractive(turn.search.alone(FEES), fees) if fees else []
        return composer, list(_checked(drafts, fees, composer))

    @staticmethod
    def _generate(
        writer: GenerativeWriter, turn: Turn, passages: Sequence[Passage], composer: ReplyComposer
    ) -> Generator[Event, None, _Written | None]:
        """Write with the model; gives the mode and cautions, or None when the model found no answer in the passages."""
        try:
            drafts = writer.write(turn.question, passages, cancelled=turn.cancelled)
            yield from _checked(drafts, passages, composer)
        except Unanswerable:
            return None
        except ModelUnavailable as error:
            log.warning("answer.model_unavailable", error=str(error), sentences=len(composer))
            return AnswerMode.GENERATIVE, (_model_caution(partial=len(composer) > 0),)
        return AnswerMode.GENERATIVE, ()


def _checked(drafts: Iterable[DraftSentence], passages: Sequence[Passage], composer: ReplyComposer) -> Iterator[Event]:
    for grounded in ground(drafts, passages):
        yield composer.add(grounded)


def _model_caution(*, partial: bool) -> Caution:
    if partial:
        text = "The language model stopped early. Every sentence shown was checked, but some may be missing."
    else:
        text = "The language model did not answer, so this was put together from the documents' own sentences."
    return Caution(CautionCode.MODEL_UNAVAILABLE, text)
