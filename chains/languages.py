"""The asker's language: what it is, what things are called in it, and what is said in it when there is no answer."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.lists import format_list

from core.jurisdictions import SCHENGEN
from core.languages import SMALL_WORDS, base_language, detect
from core.types import GENERAL_JURISDICTION, AbstentionReason, Passage, Question
from retrieval.tokenise import FUNCTION_WORDS

__all__ = [
    "SPOKEN",
    "PersonWords",
    "Wording",
    "asked_in",
    "fold",
    "language_names",
    "listed",
    "locale_of",
    "place_name",
    "readable",
    "wording",
]

SPOKEN = ("en", "ar", "de", "es", "fa", "fr", "hi", "pt", "ru", "tr", "uk", "vi", "zh")
"""Languages in which refusals are worded; a person who asks in another one reads English."""

_LOCALES = {"en": Locale("en", "GB"), "zh": Locale("zh", script="Hans")}
# CLDR's names come without their article.
_ARTICLES = {("en", "US"): "the United States", ("en", "GB"): "the United Kingdom"}
_SMALL_CHANGE = 2
"""A message of fewer letters ("ok", "482?") does not say which language a conversation is in."""
_FEW_WORDS = 10
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:'[^\W\d_]+)?(?![\w-])")
"""Codes with figures, as "e-2", are in no language."""
_SHORTENED = re.compile(r"(?:'(?:s|m|ve|re|d|ll)|n't)$")


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Patterns of a clause that asks for a human: politeness, a `request` for `who`, and what may follow it.

    A sentence that holds `unless` is about somebody elsewhere, or about a rule.
    """

    who: str
    opening: str
    request: tuple[str, ...]
    closing: str
    unless: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said in one language: `phrases` by name, each refusal's title, text and steps, and patterns.

    `titles` are by reason, and one for not being sure; `headings` are those of a refusal's parts.
    `questions` tell what is refused for what it asks, `person` that a human is wanted; `signs` tell a negation, an
    obligation, a permission in a sentence.
    """

    language: str
    phrases: Mapping[str, str]
    refusals: Mapping[AbstentionReason, tuple[str, tuple[str, ...]]]
    titles: Mapping[str, str]
    headings: Mapping[str, str]
    questions: Mapping[AbstentionReason, tuple[re.Pattern[str], ...]]
    person: PersonWords
    signs: Mapping[str, re.Pattern[str]]


def asked_in(question: Question, *, is_english: Callable[[Sequence[str]], bool] = lambda words: False) -> str:
    """The language of a question; where it is too short to tell, of the latest turn that tells; else English.

    A few words in a row ("eta canada validity") have no small words to tell it by: they are English where `is_english`
    says so of them, unless the conversation is in the other language.
    """
    found = [language for text in _turns(question) if (language := _told_by(text))]
    if not found:
        return "en"
    if found[0] not in found[1:] and _told_by(question.text) and is_english(_keywords(question.text, found[0])):
        return "en"
    return found[0]


def _turns(question: Question) -> Iterator[str]:
    """What the person said, the latest first."""
    yield question.text
    yield from (exchange.question for exchange in reversed(question.history))


def _told_by(text: str) -> str | None:
    return detect(text) if sum(letter.isalpha() for letter in text) >= _SMALL_CHANGE else None


def _keywords(text: str, language: str) -> list[str]:
    """The words of a few in a row but English small ones; none where they are many or one is small in `language`."""
    words = [_SHORTENED.sub("", word) for word in _WORD.findall(text.lower().replace("\u2019", "'"))]
    own = SMALL_WORDS.get(language, frozenset()) - SMALL_WORDS["en"]
    if language == "en" or len(words) > _FEW_WORDS or not own.isdisjoint(words):
        return []
    return [word for word in words if word not in SMALL_WORDS["en"] | FUNCTION_WORDS]


def readable(passages: Sequence[Passage], language: str) -> list[Passage]:
    """The passages of documents in that language, in their order: only they can be quoted to a person as an answer."""
    return [passage for passage in passages if base_language(passage.meta.language) == language]


@lru_cache(maxsize=len(SPOKEN))
def wording(language: str) -> Wording:
    """What is said in a language, or in English where nothing is written down for it."""
    language = language if language in SPOKEN else "en"
    told = json.loads(files("chains").joinpath("wordings", f"{language}.json").read_text("utf-8"))
    return Wording(
        language,
        {name: text for name, text in told.items() if isinstance(text, str)},
        {AbstentionReason(reason): (said["text"], tuple(said["steps"])) for reason, said in told["refusals"].items()},
        told["titles"],
        told["headings"],
        {
            AbstentionReason(reason): tuple(re.compile(fold(pattern), re.IGNORECASE) for pattern in patterns)
            for reason, patterns in told["questions"].items()
        },
        _person(**told["person"]),
        {
            sign: re.compile(pattern if language in ("tr", "vi") else fold(pattern), re.IGNORECASE)
            for sign, pattern in told["signs"].items()
        },
    )


def _person(request: Sequence[str], **patterns: str) -> PersonWords:
    return PersonWords(request=tuple(request), **patterns)


def place_name(code: str, language: str = "en") -> str:
    """A country's name as it stands within a sentence or a list of that language; the code itself when unknown."""
    language = language if language in SPOKEN else "en"
    if code == SCHENGEN:
        return wording(language).phrases["schengen"]
    if code == GENERAL_JURISDICTION:
        return wording(language).phrases["everywhere"]
    return _ARTICLES.get((language, code)) or str(locale_of(language).territories.get(code, code))


def language_names(codes: Collection[str], language: str = "en") -> str:
    """Languages by their names in one language, as a list that reads like a sentence's."""
    language = language if language in SPOKEN else "en"
    known = locale_of(language).languages
    names = [str(known.get(code, code)) for code in dict.fromkeys(map(base_language, codes))]
    # CLDR writes names of languages as headings; Vietnamese alone has them in capitals there and small in sentences.
    return listed([name[:1].lower() + name[1:] for name in names] if language == "vi" else names, language)


def listed(names: Sequence[str], language: str = "en", *, either: bool = False) -> str:
    """Names with the language's own commas and its "and", or its "or" where one of them is meant."""
    written = str(format_list(list(names), style="or" if either else "standard", locale=locale_of(language)))
    return written.replace(
        "\u200f", ""
    )  # CLDR marks the direction of Persian commas, which needs no mark in a sentence


def fold(text: str) -> str:
    """Text as question patterns compare it: without accents and vowel signs, one form for each Arabic letter."""
    marked = unicodedata.normalize("NFKD", text.translate(_ONE_FORM))
    return unicodedata.normalize("NFC", _MARKS.sub("", marked))


_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u093c]")
_ONE_FORM = str.maketrans(
    {
        "’": "'", "đ": "d", "Đ": "d", "ı": "i", "İ": "i", "\u200c": " ", "\u200d": "",
        "\u0629": "\u0647", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u06c0": "\u0647",
    }
)  # fmt: skip


def locale_of(language: str) -> Locale:
    """How dates and lists are written in a language, or in English where nothing is written down for it."""
    language = language if language in SPOKEN else "en"
    return _LOCALES.get(language) or Locale(language)
