"""A follow-up and its history become one search."""

from __future__ import annotations

import re
from dataclasses import dataclass

import structlog
from langchain_core.language_models import BaseChatModel

from chains.countries import Countries, countries_in, without_countries
from chains.prompts import rewriting_prompt
from core.types import Question

__all__ = ["Search", "contextualise"]

log = structlog.get_logger(__name__)

_MAX_REWRITE_CHARS = 400
_NEEDS_HISTORY = re.compile(
    r"^\s*(?:and|but|also|so|or|then|what about|how about|what if|why|which one|for how long|how long|how much|when)\b"
    r"|\b(?:it|its|they|them|their|that|this|those|these|there|one|ones|he|she|him|her|same|else|instead)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: the question, the older questions it leans on (oldest first) and the countries it is about."""

    text: str
    history: tuple[str, ...]
    countries: Countries

    @property
    def places(self) -> tuple[str, ...]:
        """The countries whose rules are wanted; where a person is counts when no other country is named."""
        return self.countries.wanted or self.countries.origins

    @property
    def topic(self) -> str:
        """The question with the older one it leans on, since that one names what it is about."""
        return " ".join((*self.history[-1:], self.text))


def contextualise(question: Question, model: BaseChatModel | None = None) -> Search:
    """Understand a question from its conversation: rewritten by a model where there is one, else by rule."""
    if not question.history:
        return Search(question.text, (), countries_in(question.text))
    if model is not None and (rewritten := _rewrite(question, model)):
        return Search(rewritten, (), _inherited(question, countries_in(rewritten)))
    countries = countries_in(question.text)
    earlier = tuple(exchange.question for exchange in question.history) if _leans_on_history(question.text) else ()
    if countries.wanted and countries.wanted != _last_countries(question).wanted:
        # "And for Australia?" keeps its topic; the older country would only pull the wrong rules back in.
        earlier = tuple(without_countries(text) for text in earlier)
    return Search(question.text, earlier, _inherited(question, countries))


def _leans_on_history(text: str) -> bool:
    return len(text.split()) <= _FEW_WORDS or bool(_NEEDS_HISTORY.search(text))


def _inherited(question: Question, countries: Countries) -> Countries:
    return countries if countries.wanted else _last_countries(question)


def _last_countries(question: Question) -> Countries:
    for exchange in reversed(question.history):
        found = countries_in(exchange.question)
        if found.wanted:
            return found
    return Countries()


def _rewrite(question: Question, model: BaseChatModel) -> str | None:
    """The follow-up as a question of its own; None when the model fails, since the rule is a good second best."""
    try:
        reply = model.invoke(rewriting_prompt(question))
    except Exception as error:
        log.warning("contextualise.rewrite_failed", error=f"{type(error).__name__}: {error}")
        return None
    text = reply.text.strip().strip('"')
    return text if 0 < len(text) <= _MAX_REWRITE_CHARS else None
