"""The writer with a language model: sentences with quotes, as they stream, under limits, retries and a breaker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
import tenacity
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable

from chains.drafts import DraftSentence, Unanswerable
from chains.prompts import writing_prompt
from chains.pump import Limits, TooSlow, timed
from chains.replies import ReplyReader
from core.breaker import Breaker
from core.chat_model import model_error, speaks_openai
from core.errors import ModelUnavailable
from core.gen_ai import ModelCall
from core.types import Passage, Question

__all__ = ["GenerativeWriter"]

log = structlog.get_logger(__name__)

ATTEMPTS = 3
"""Two more tries get over a dropped connection or a busy second and cost a person about a second."""
_BACKOFF = tenacity.wait_exponential_jitter(multiplier=0.2, max=4.0, jitter=0.3)
_LOOK_S = 0.05

_Begun = tuple[DraftSentence | None, Iterator[DraftSentence]]


class GenerativeWriter:
    """Asks `model` for an answer from passages only. What it yields is unchecked: `chains.grounding.ground` comes next.

    `timeout_s` bounds a whole answer with all attempts, `stall_s` the silence between two pieces of it. It is asked
    where passages are at least `reads_from` sure to answer: it says itself where they do not.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        breaker: Breaker,
        timeout_s: float = 40.0,
        stall_s: float = 12.0,
        reads_from: float = 0.0,
    ) -> None:
        self._named = model
        self._plain: Runnable[Any, BaseMessage] = model
        self._model: Runnable[Any, BaseMessage] = model
        if speaks_openai(model):
            self._model = model.bind(response_format={"type": "json_object"})
        self._breaker = breaker
        self._timeout_s = timeout_s
        self._stall_s = stall_s
        self.reads_from = reads_from

    @property
    def is_available(self) -> bool:
        """Whether the model would be asked now, or is left alone after failures."""
        return not self._breaker.is_open

    def write(
        self, question: Question, passages: Sequence[Passage], *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[DraftSentence]:
        """Each sentence when its object is complete; ModelUnavailable, `partial` after a sentence, or Unanswerable."""
        ask = _Ask(writing_prompt(question, passages), time.monotonic() + self._timeout_s, cancelled)
        first, rest = self._begin(ask)
        if first is None:
            return
        yield first
        try:
            yield from rest
        except ModelUnavailable as error:
            self._note(error)
            raise ModelUnavailable(str(error), partial=True, transient=error.transient) from error

    def _begin(self, ask: _Ask) -> _Begun:
        """The first sentence and the rest; up to there an attempt may be repeated, since nothing was shown yet."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_worth_another_try),
            stop=lambda state: state.attempt_number >= ATTEMPTS or ask.is_too_late(state),
            wait=_wait,
            sleep=ask.sleep,
            reraise=True,
        )
        return retrying(self._attempt, ask)

    def _attempt(self, ask: _Ask) -> _Begun:
        if ask.cancelled():
            return None, iter(())
        if rest_s := self._breaker.admit():
            message = f"The language model failed too often and is left alone for {rest_s:.0f} s"
            raise ModelUnavailable(message, transient=False)
        drafts = self._drafts(ask)
        try:
            first = next(drafts, None)
        except Unanswerable:
            self._breaker.succeeded()
            raise
        except ModelUnavailable as error:
            self._note(error)
            raise
        self._breaker.succeeded()
        return first, drafts

    def _drafts(self, ask: _Ask) -> Iterator[DraftSentence]:
        reader = ReplyReader()
        limits = Limits(first_s=2 * self._stall_s, stall_s=self._stall_s, whole_s=ask.left_s)
        model, call = self._model, ModelCall(self._named, "write")
        try:
            pieces = timed(lambda: call.stream(lambda: model.stream(ask.messages)), limits, cancelled=ask.cancelled)
            for piece in pieces:
                yield from reader.feed(piece.text)
        except ModelUnavailable as error:
            call.end(error)
            raise
        except Exception as error:  # every provider has its own tree of errors
            call.end(error)
            if not reader.is_whole:
                raise self._translated(error) from error
        finally:
            call.end()
        if not ask.cancelled() and reader.finish():
            raise Unanswerable

    def _translated(self, error: Exception) -> ModelUnavailable:
        translated = model_error(error)
        if "response_format" in str(error) and self._model is not self._plain:
            # Some servers that speak the OpenAI protocol refuse the option; the prompt asks for JSON anyway.
            self._model = self._plain
            translated.transient = True
        return translated

    def _note(self, error: ModelUnavailable) -> None:
        """Count a failure that says something of the service, not of this one question."""
        log.warning("model.failed", error=str(error), transient=error.transient)
        if error.transient:
            self._breaker.failed()


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question on its way: what is sent, the moment by which all must be over, and whether somebody still waits."""

    messages: list[BaseMessage]
    deadline: float
    cancelled: Callable[[], bool]

    @property
    def left_s(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def is_too_late(self, state: tenacity.RetryCallState) -> bool:
        """Whether the pause before the next attempt would use up the time."""
        return state.upcoming_sleep >= self.left_s

    def sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.cancelled():
            time.sleep(min(_LOOK_S, left))


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, ModelUnavailable) and error.transient and not isinstance(error, TooSlow)


def _wait(state: tenacity.RetryCallState) -> float:
    """Seconds to pause: growing with jitter, or as long as the server asked for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_BACKOFF(state), float(getattr(error, "retry_after_s", None) or 0))
