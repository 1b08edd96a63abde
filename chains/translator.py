"""Sentences put into another language by the model: one bounded call for all of them, aligned by number."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable

from chains.prompts import translating_prompt
from chains.pump import Limits, timed
from core.breaker import Breaker
from core.chat_model import model_error, speaks_openai
from core.errors import ModelUnavailable

__all__ = ["Translator"]

log = structlog.get_logger(__name__)

MAX_REPLY_CHARS = 40_000
_MOST_TIMES_LONGER = 4
_ROOM_CHARS = 80
"""No language needs four times the letters of another; what is longer has something added."""


class Translator:
    """Asks `model` to translate. What it gives is unchecked, and never needed: the original says it too.

    `timeout_s` bounds one call, `stall_s` the silence between two pieces of it.
    """

    def __init__(self, model: BaseChatModel, *, breaker: Breaker, timeout_s: float, stall_s: float) -> None:
        self._plain: Runnable[Any, BaseMessage] = model
        self._model: Runnable[Any, BaseMessage] = model
        if speaks_openai(model):
            self._model = model.bind(response_format={"type": "json_object"})
        self._breaker = breaker
        self._timeout_s = timeout_s
        self._stall_s = stall_s

    def deadline(self) -> float:
        """The moment by which an answer's calls must be over that begins now."""
        return time.monotonic() + self._timeout_s

    def translate(
        self, sentences: Sequence[str], *, written_in: str, into: str, deadline: float, cancelled: Callable[[], bool]
    ) -> Mapping[int, str]:
        """Translations by the index of their sentence; those that did not come are left out, all when a call fails."""
        if not sentences or cancelled() or self._breaker.admit():
            return {}
        try:
            text = self._ask(translating_prompt(sentences, written_in=written_in, into=into), deadline, cancelled)
            found = {} if cancelled() else _read(text, sentences)
        except ModelUnavailable as error:
            log.warning("translation.failed", error=str(error), transient=error.transient)
            if error.transient:
                self._breaker.failed()
            return {}
        self._breaker.succeeded()
        return found

    def _ask(self, messages: list[BaseMessage], deadline: float, cancelled: Callable[[], bool]) -> str:
        left_s = max(0.0, deadline - time.monotonic())
        limits = Limits(first_s=min(2 * self._stall_s, left_s), stall_s=self._stall_s, whole_s=left_s)
        model, text = self._model, ""
        try:
            for piece in timed(lambda: model.stream(messages), limits, cancelled=cancelled):
                text += piece.text
                if len(text) > MAX_REPLY_CHARS:
                    raise ModelUnavailable(f"The reply is longer than {MAX_REPLY_CHARS} characters", transient=False)
        except ModelUnavailable:
            raise
        except Exception as error:  # every provider has its own tree of errors
            if "response_format" in str(error):
                self._model = self._plain
            raise model_error(error) from error
        return text


def _read(text: str, sentences: Sequence[str]) -> Mapping[int, str]:
    """What the reply says by index from 0; a number that stands there twice cannot be trusted to mean either."""
    try:
        whole, _ = json.JSONDecoder(strict=False).raw_decode(text, max(0, text.find("{")))
    except json.JSONDecodeError as error:
        raise ModelUnavailable(
            f"The translation broke off or is no JSON, after {len(text)} characters", transient=False
        ) from error
    items = whole.get("translations") if isinstance(whole, dict) else None
    if not isinstance(items, list):
        raise ModelUnavailable("The reply is JSON without the translations that were asked for", transient=False)
    given = [pair for item in items if (pair := _pair(item))]
    counts = Counter(number for number, _ in given)
    return {
        number - 1: said
        for number, said in given
        if counts[number] == 1 and 1 <= number <= len(sentences) and _is_of_a_length(said, sentences[number - 1])
    }


def _pair(item: object) -> tuple[int, str] | None:
    if not isinstance(item, dict):
        return None
    number, said = item.get("index"), item.get("text")
    if not isinstance(number, int) or isinstance(number, bool) or not isinstance(said, str) or not said.strip():
        return None
    return number, " ".join(said.split())


def _is_of_a_length(said: str, original: str) -> bool:
    return len(said) <= _MOST_TIMES_LONGER * len(original) + _ROOM_CHARS
