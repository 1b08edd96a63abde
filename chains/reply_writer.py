"""The events of one reply, once it is decided what to do: an approved answer, a written one, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from chains.approved import KnownAnswer, whole_answer
from chains.cautions import partial_caution, silent_caution, unread_caution
from chains.compose import ReplyComposer
from chains.confidence import after_reading
from chains.drafts import DraftSentence, Unanswerable
from chains.events import Doing, Event, Settled, Status
from chains.extractive import write_extractive
from chains.finding import PASSAGES, Finder
from chains.generative import GenerativeWriter
from chains.grounding import ground
from chains.languages import readable
from chains.languages_confidence import confidence_by_words
from chains.prices import FEES, asks_price_of
from chains.turn import Turn
from chains.wanted import lacks_figure
from core.errors import ModelUnavailable
from core.types import Abstention, AbstentionReason, AnswerMode, Caution, CautionCode, Passage

__all__ = ["ReplyWriter", "without_silences"]

log = structlog.get_logger(__name__)


_SILENCE = re.compile(
    r"\b(?:no|none of the) passages?\b|\bpassages?\b[^.]{0,40}\b(?:do(?:es)? not|don['’]t|doesn['’]t|did not|no)\b"
    r"|^(?:unfortunately,? |but |however,? )?(?:the|these|my)(?: \w+)? (?:documents|sources|texts)"
    r" (?:do not|don['’]t)(?: \w+)? (?:say|state|tell|mention|cover|answer|explain|address|specify|describe)\b"
    r"|^it is not (?:stated|said|mentioned|specified|clear from)\b",
    re.IGNORECASE,
)
"""How a model says that its passages hold no answer; papers that an officer asks for may not say something either."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What a model wrote, as far as it passed the check, whether it `says_none` is there, and what failed.

    `is_plain`: it told of no silence of the documents beside what it wrote.
    """

    composer: ReplyComposer
    says_none: bool = False
    is_plain: bool = True
    cautions: tuple[Caution, ...] = ()

    @property
    def is_its_own(self) -> bool:
        """Whether a sentence of it stands as the model wrote it."""
        return len(self.composer) > self.composer.replaced


class ReplyWriter:
    """Writes with a `writer` where there is one, else from the documents' own sentences; checks every sentence."""

    def __init__(self, finder: Finder, writer: GenerativeWriter | None, today: Callable[[], date]) -> None:
        self._finder = finder
        self._writer = writer
        self._today = today

    def may_read(self, turn: Turn, refused: Abstention) -> bool:
        """Whether the model should read passages that are too unsure to be answered from without one."""
        return turn.model is not None and self._would_read(refused)

    def _would_read(self, refused: Abstention, *, knows_how_sure: bool = True) -> bool:
        """Whether a model that is not left alone would read; without it nobody knows what another language asks."""
        if self._writer is None or refused.reason is not AbstentionReason.NOT_COVERED:
            return False
        return not knows_how_sure or 0 < refused.confidence >= self._writer.reads_from

    def serve(self, turn: Turn, known: KnownAnswer, passages: Sequence[Passage]) -> Iterator[Event]:
        """An answer to the very question, word for word, and what other passages say against it."""
        composer = ReplyComposer((*known.passages, *passages[:PASSAGES]), turn.language)
        for sentence in whole_answer(known.passages):
            yield composer.add(sentence)
        yield from composer.add_disagreements()
        yield Settled(composer.answer(mode=known.mode, confidence=known.likeness, today=self._today()))

    def answer(
        self, turn: Turn, passages: Sequence[Passage], *, sure: float, refused: Abstention | None
    ) -> Iterator[Event]:
        """What is written from `passages`; `refused` is the reply where only a model could have answered from them."""
        if self._writer is None:
            yield Status(Doing.CHECKING)
            yield from self._put_together(turn, passages, sure=sure)
        elif refused is None:
            yield Status(Doing.WRITING)
            yield from self._write(self._writer, turn, passages, sure=sure)
        else:
            yield Status(Doing.READING)
            yield from self._read(self._writer, turn, passages, refused, sure=sure)

    def refuse(
        self, turn: Turn, passages: Sequence[Passage], refused: Abstention, *, sure: float | None = None
    ) -> Iterator[Event]:
        """The refusal, or where the fees stand: the country's list has what a permit costs, whatever its page says.

        `sure` is the confidence of the second, where that of the refusal is less since a model found no price.
        """
        if turn.model is None and self._would_read(refused, knows_how_sure=turn.language == "en"):
            refused = _told(refused, turn.language)
        uncovered = refused.reason is AbstentionReason.NOT_COVERED and bool(passages)
        if uncovered and asks_price_of(turn.search.text, passages[0]):
            composer, told = self._where_fees_stand(turn, passages)
            if told:
                confidence = refused.confidence if sure is None else sure
                unread = tuple(said for said in refused.warnings if said.code is CautionCode.MODEL_UNAVAILABLE)
                answer = composer.answer(
                    mode=AnswerMode.EXTRACTIVE, confidence=confidence, today=self._today(), cautions=unread
                )
                yield from (Status(Doing.CHECKING), *told, Settled(answer))
                return
        yield Settled(refused)

    def _write(
        self, writer: GenerativeWriter, turn: Turn, passages: Sequence[Passage], *, sure: float
    ) -> Iterator[Event]:
        """The model's answer sentence by sentence; where it fails, that of the documents' own sentences."""
        written = yield from self._generate(writer, turn, passages)
        if turn.cancelled():
            return
        if len(written.composer):
            yield from self._conclude(written, sure=sure)
        elif written.says_none:
            yield from self._refuse_unanswered(turn, passages, sure=sure)
        else:
            yield from self._put_together(turn, passages, sure=sure, cautions=written.cautions)

    def _read(
        self, writer: GenerativeWriter, turn: Turn, passages: Sequence[Passage], refused: Abstention, *, sure: float
    ) -> Iterator[Event]:
        """The model's answer once it is whole, since it may end by saying that there is none; else the refusal.

        So is what broke off, and what speaks of something else after it said that the documents are silent.
        """
        shown, written = _held_back(self._generate(writer, turn, passages))
        if turn.cancelled():
            return
        if written.says_none:
            yield from self._refuse_unanswered(turn, passages, sure=sure)
        elif written.is_its_own and written.is_plain and not written.cautions:
            yield from shown
            yield from self._conclude(written, sure=sure)
        else:
            yield from self.refuse(turn, passages, _told(refused, turn.language) if written.cautions else refused)

    def _conclude(self, written: _Written, *, sure: float) -> Iterator[Event]:
        """The end of an answer that a model wrote; its having answered counts where it wrote it whole and by itself."""
        if written.is_its_own and written.is_plain and not (written.cautions or written.says_none):
            sure = after_reading(sure, answered=True)
        yield from written.composer.add_disagreements()
        yield Settled(
            written.composer.answer(
                mode=AnswerMode.GENERATIVE, confidence=sure, today=self._today(), cautions=written.cautions
            )
        )

    def _refuse_unanswered(self, turn: Turn, passages: Sequence[Passage], *, sure: float) -> Iterator[Event]:
        """What a model found no answer in is refused, and less likely to hold one."""
        less = after_reading(sure, answered=False)
        yield from self.refuse(turn, passages, turn.uncovered(passages, less), sure=sure)

    def _put_together(
        self, turn: Turn, passages: Sequence[Passage], *, sure: float, cautions: tuple[Caution, ...] = ()
    ) -> Iterator[Event]:
        """An answer in the documents' own sentences, those of the asker's language, or where the fees stand."""
        own = readable(passages, turn.language)
        if self._writer is not None and turn.language != "en":
            # How sure it was, was told of English documents that the model would have read.
            trust = confidence_by_words(turn.question.text, own, turn.language)
            if trust.sure < (trust.needed or 0.0):
                refused = turn.uncovered(own, trust.sure)
                yield Settled(_told(refused, turn.language) if cautions else refused)
                return
            sure = trust.sure
        composer = yield from self._extract(turn, own, passages)
        if not len(composer):
            refused = turn.uncovered(passages, sure)
            yield Settled(_told(refused, turn.language) if cautions else refused)
            return
        yield from composer.add_disagreements()
        mode = AnswerMode.EXTRACTIVE
        yield Settled(composer.answer(mode=mode, confidence=sure, today=self._today(), cautions=cautions))

    def _extract(
        self, turn: Turn, own: Sequence[Passage], passages: Sequence[Passage]
    ) -> Generator[Event, None, ReplyComposer]:
        """What `own` passages state; else where the fees stand, if a price is asked for."""
        composer = ReplyComposer(own, turn.language)
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
        """What names the list of fees, where a price is looked for in English; nothing where there is none."""
        fees = self._finder.fees(turn, passages) if turn.is_english else []
        composer = ReplyComposer(fees, turn.language)
        drafts = write_extractive(turn.search.alone(FEES), fees) if fees else []
        return composer, list(_checked(drafts, fees, composer))

    @staticmethod
    def _generate(
        writer: GenerativeWriter, turn: Turn, passages: Sequence[Passage]
    ) -> Generator[Event, None, _Written]:
        """Write with the model; each event is a sentence that passed the check."""
        composer, silences = ReplyComposer(passages, turn.language), list[DraftSentence]()
        try:
            drafts = writer.write(turn.question, passages, cancelled=turn.cancelled)
            yield from _checked(without_silences(drafts, silences), passages, composer)
        except Unanswerable:
            return _Written(composer, says_none=True)
        except ModelUnavailable as error:
            log.warning("answer.model_unavailable", error=str(error), sentences=len(composer))
            broke_off = partial_caution if len(composer) else silent_caution
            return _Written(composer, cautions=(broke_off(turn.language),))
        return _Written(composer, says_none=bool(silences) and not len(composer), is_plain=not silences)


def _told(refused: Abstention, language: str) -> Abstention:
    """A refusal that says that the model did not answer."""
    return replace(refused, warnings=(*refused.warnings, unread_caution(language)))


def without_silences(drafts: Iterable[DraftSentence], silences: list[DraftSentence]) -> Iterator[DraftSentence]:
    """The drafts but those that tell of the documents that they do not say something, which go to `silences`.

    The check would put what the documents do say in their place.
    """
    for draft in drafts:
        if _SILENCE.search(draft.text):
            silences.append(draft)
        else:
            yield draft


def _held_back(writing: Generator[Event, None, _Written]) -> tuple[list[Event], _Written]:
    """All that a generator yields, and what it gives in the end."""
    events = list[Event]()
    while True:
        try:
            events.append(next(writing))
        except StopIteration as end:
            return events, end.value


def _checked(drafts: Iterable[DraftSentence], passages: Sequence[Passage], composer: ReplyComposer) -> Iterator[Event]:
    for grounded in ground(drafts, passages):
        yield composer.add(grounded)
