"""A question, long or leaning on its history, becomes one search."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog
from langchain_core.language_models import BaseChatModel

from chains.countries import Countries, countries_in, without_countries
from chains.framing import without_frame
from chains.kinds import kinds_in, other_kind
from chains.languages import place_name
from chains.prompts import rewriting_prompt
from chains.telegraphic import written_out
from chains.turning import turns_away
from chains.wishes import as_one_question
from core.jurisdictions import known_by
from core.types import Exchange, Question
from retrieval.query import Query
from retrieval.tokenise import content_terms

__all__ = ["Search", "asking_part", "changes_subject", "contextualise", "with_country"]

log = structlog.get_logger(__name__)

_MAX_REWRITE_CHARS = 400
_MOST_TIMES_LONGER = 4
"""English takes up to some three times the characters of Chinese; a reply that is longer still has something added."""
_NEEDS_HISTORY = re.compile(
    r"^\s*(?:and|but|also|so|or|then|what about|how about|what if|why|which one|for how long|how long|how much|when)\b"
    r"|\b(?:it|its|they|them|their|that|this|those|these|there|one|ones|he|she|him|her|same|else|instead)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?=[a-z-]{0,6}\d)[a-z]{1,5}[ -]?\d{2,5}[a-z]?\b|\bsubclass \d{3}\b|\b\d{3} visas?\b", re.IGNORECASE
)
_NOT_IN_A_NAME = re.compile(r"[\W_]+|visas?|subclass", re.IGNORECASE)
_FEW_WORDS = 5
_FEWEST_TERMS = 3
"""Content terms from which a message says what it is about, so that it may be one that is sent again."""
_SAME_WORDS = 0.8
"""Jaccard overlap of content terms from which two messages are the same."""
_ANSWER_WORDS = 40
"""The beginning of an earlier answer says what it is about; its end would outweigh the question that it answers."""
_MOST_WORDS = 60
"""Longer messages tell a story, and its words outweigh the question's; the encoder's window is about 180 words."""
_ONLY_WHERE_FROM = re.compile(
    r"^\W*(?:i|we)(?:['’]?m|['’]re| am| are)?(?: (?:currently|now))?(?: (?:live|living|reside|residing|come|based))?"
    r" (?:in|from)\s*(?:[,.;:]+|and\b|but\b)\s*(?:and |but )?",
    re.IGNORECASE,
)
"""What is left of "I live in Dubai, …" without the name: it says nothing of what is asked."""
_LONG_RUN = re.compile(r"(\S{100})(?=\S)")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])\s+|\n+")  # noqa: RUF001
_ASKS = re.compile(
    r"[?？؟]\s*$|\b(?:can i|may i|should i|do i|how (?:can|do|long|much|many|should)|what (?:can|should|do|happens)"
    r"|is it (?:possible|ok|allowed)|i (?:want|need|would like) to know|please (?:tell|advise|explain))\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: what is asked, the older turns it leans on (oldest first) and the countries it is about.

    Of each older exchange the answer stands before its question, which says more of what the next one is about; `told`
    holds the questions alone, also where the answers are not leaned on, `heard` the whole answers.

    Of a long message, `text` holds the sentences that ask and those beside them.
    `leans` says that it cannot be understood without its history; else the history only sharpens it. `translated` is
    the language that a model put it into, empty for that of the question.
    """

    text: str
    history: tuple[str, ...]
    countries: Countries
    leans: bool = False
    told: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    translated: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """The countries whose rules are wanted; where a person is counts when no other country is named."""
        return self.countries.wanted or self.countries.origins

    def alone(self, text: str) -> Search:
        """The search for another text, without the conversation."""
        return replace(self, text=text, history=(), leans=False, told=(), heard=())

    def query(self, as_of: date) -> Query:
        """How a retriever is asked for it: for the public, in every country."""
        return Query(self.text, as_of, history=self.history, told=self.told, leans=self.leans)

    def within(self, covered: Collection[str]) -> Search:
        """The search as documents about the countries that are `covered` can answer it.

        Where none speaks of the country that is named, but the words of a covered one's system stand beside it, the
        rules of that one are asked for, and the other is travelled to. Countries that somebody only comes from or goes
        to, and of which no document speaks, are left out of the text, where their names would mislead.

        Where only such a country's rules are asked for, the conversation is left aside: that its subject is covered
        says nothing of them.
        """
        search, countries = self, self.countries
        systems = tuple(code for code in countries.systems if known_by(code, covered) is not None)
        if not any(known_by(place, covered) for place in countries.wanted):
            if systems:
                countries = Countries(systems, (*countries.origins, *countries.wanted))
            elif countries.wanted:
                search = self.alone(self.text)
        strange = frozenset(place for place in countries.origins if known_by(place, covered) is None)
        if not strange:
            return search
        text = _ONLY_WHERE_FROM.sub("", without_countries(self.text, only=strange)) or self.text
        return replace(search, text=text, countries=countries)

    @property
    def topic(self) -> str:
        """The question with the older one it leans on, since that one names what it is about."""
        return " ".join((*self.history[-1:], self.text))


def contextualise(question: Question, model: BaseChatModel | None = None, *, into: str | None = None) -> Search:
    """Understand a question from its conversation: rewritten by a model where there is one, else by rule.

    The model also translates it `into` the language of the documents, where that is another one.
    """
    whole = without_frame(question.text)
    said = asking_part(whole)
    if not question.history and (model is None or into is None):
        return Search(_looked_for(said), (), countries_in(whole))
    if model is not None and into is not None and (taken := _taken_up(question)):
        return Search(taken, (), _inherited(question, countries_in(taken)), translated=into)
    if model is not None and (rewritten := _rewrite(question, model, into)):
        if into is None:
            return Search(rewritten, (), _inherited(question, countries_in(rewritten)))
        whole = without_frame(rewritten)
        return Search(_looked_for(asking_part(whole)), (), _inherited(question, countries_in(whole)), translated=into)
    asked = _looked_for(said)
    countries = countries_in(whole)
    earlier = [] if turns_away(question.text) or _is_repeated(said, question.history) else _earlier(question, said)
    if countries.wanted and countries.wanted != _last_countries(question).wanted:
        # "And for Australia?" keeps its topic; the older country would only pull the wrong rules back in.
        earlier = [Exchange(without_countries(one.question), without_countries(one.answer)) for one in earlier]
    told = tuple(one.question for one in earlier)
    cannot_stand_alone = _leans_on_history(asked)
    # What can be understood alone may be sharpened by what was asked before; what was answered would pull it back.
    history = told if not cannot_stand_alone else tuple(turn for one in earlier for turn in _turns(one))
    heard = tuple(one.answer for one in earlier if one.answer)
    return Search(asked, history, _inherited(question, countries), bool(told) and cannot_stand_alone, told, heard)


def _taken_up(question: Question) -> str | None:
    """What the documents call a question that was offered before and is asked now; None where none is."""
    offered = dict(pair for exchange in question.history for pair in exchange.offered)
    return offered.get(question.text.strip())


def asking_part(message: str) -> str:
    """A short message as it is; of a long one the sentences that ask, filled up with those beside them, in order.

    No run without a space is longer than an encoder's window can take.
    """
    message = _LONG_RUN.sub(r"\1 ", message)
    if len(message.split()) <= _MOST_WORDS:
        return message
    sentences = [part for part in _SENTENCE_END.split(message) if part.strip()]
    asking = [at for at, part in enumerate(sentences) if _ASKS.search(part)] or [len(sentences) - 1]
    # The last question is the one a person ends on; what stands before a question says what it is about.
    near = [at - before for before in (1, 2) for at in reversed(asking)]
    if not any(_names_subject(sentences[at]) for at in asking):
        # "Which day counts as completion?" asks of the visa that was named before.
        named = [at for at in reversed(range(asking[-1])) if _names_subject(sentences[at])]
        near = [*near[: len(asking)], *named, *near[len(asking) :]]
    order = dict.fromkeys([*reversed(asking), *near])
    kept: list[int] = []
    words = 0
    for at in order:
        length = len(sentences[at].split()) if at >= 0 else _MOST_WORDS
        if words + length <= _MOST_WORDS:
            kept.append(at)
            words += length
    return " ".join(sentences[at] for at in sorted(kept)) or " ".join(message.split()[-_MOST_WORDS:])


def _names_subject(sentence: str) -> bool:
    return bool(kinds_in(sentence) or _FORM.search(sentence))


def _is_repeated(said: str, history: Sequence[Exchange]) -> bool:
    """Whether a message that says what it is about was sent before in nearly the same words: it is asked as then."""
    asked = content_terms(said)
    before = (content_terms(without_frame(exchange.question)) for exchange in history)
    return len(asked) >= _FEWEST_TERMS and any(
        len(asked & terms) >= _SAME_WORDS * len(asked | terms) for terms in before
    )


def _turns(exchange: Exchange) -> Iterator[str]:
    """How an answer began, where there was one, and the question, which says more of what the next one is about."""
    if answer := " ".join(exchange.answer.split()[:_ANSWER_WORDS]):
        yield answer
    yield exchange.question


def _earlier(question: Question, asked: str) -> list[Exchange]:
    """The older exchanges that tell what is meant, oldest first; those before a change of subject are left out."""
    newer, kept = asked, list[Exchange]()
    for exchange in reversed(question.history):
        older = asking_part(without_frame(exchange.question))
        if not older.strip():
            continue
        if changes_subject(newer, older):
            break
        kept.append(Exchange(older, exchange.answer))
        if turns_away(exchange.question):
            break
        newer = older
    return kept[::-1]


def changes_subject(newer: str, older: str) -> bool:
    """Whether a message begins anew: it says so, or asks by itself about another country, form or kind of permit."""
    if turns_away(newer):
        return True
    if _leans_on_history(newer):
        return False
    wanted, before = set(countries_in(newer).wanted), set(countries_in(older).wanted)
    if wanted and before and not wanted & before:
        return True
    forms, forms_before = _forms_in(newer), _forms_in(older)
    if forms and forms_before:
        return not forms & forms_before
    return bool(kinds_in(newer)) and other_kind(older, asked=kinds_in(newer))


def _forms_in(text: str) -> frozenset[str]:
    """The form codes and visa subclasses of a text, each in one way of writing."""
    return frozenset(_NOT_IN_A_NAME.sub("", match.group()).casefold() for match in _FORM.finditer(text))


def _leans_on_history(text: str) -> bool:
    return len(text.split()) <= _FEW_WORDS or bool(_NEEDS_HISTORY.search(text))


def _inherited(question: Question, countries: Countries) -> Countries:
    """Those of the question; where it names none whose rules are wanted, the last ones that were asked for.

    Where somebody is from says nothing of what is asked once a conversation has named another country.
    """
    if countries.wanted or not any(countries_in(exchange.question).named for exchange in question.history):
        return countries
    return _last_countries(question)


def _last_countries(question: Question) -> Countries:
    for exchange in reversed(question.history):
        found = countries_in(without_frame(exchange.question))
        if found.wanted:
            return found
    return Countries()


def _looked_for(asked: str) -> str:
    return written_out(as_one_question(asked))


def _rewrite(question: Question, model: BaseChatModel, into: str | None) -> str | None:
    """The follow-up as a question of its own; None when the model fails, since the rule is a good second best."""
    try:
        reply = model.invoke(rewriting_prompt(question, into=into))
    except Exception as error:
        log.warning("contextualise.rewrite_failed", error=f"{type(error).__name__}: {error}")
        return None
    text = reply.text.strip().strip('"')
    most = max(_MAX_REWRITE_CHARS, _MOST_TIMES_LONGER * len(question.text)) if into else _MAX_REWRITE_CHARS
    return text if 0 < len(text) <= most else None


def with_country(search: Search, chosen: str | None) -> Search:
    """An English search that names no country, with the one that was chosen beside it.

    Documents name their country in most sentences; chosen in the box, the question would not.
    """
    if not chosen or search.places:
        return search
    return replace(search, text=f"{search.text} ({place_name(chosen)})")
