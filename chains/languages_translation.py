"""What can be told of a translated sentence unread: figures, codes, addresses, countries, a "not" and a "must"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale

from chains.countries import countries_in
from chains.grounding.reasons import UnsupportedReason
from chains.languages import SPOKEN, fold, wording
from core.jurisdictions import SCHENGEN
from core.languages import detect

__all__ = ["QUESTION_MARKS", "asks_the_same", "carries", "count", "figures", "is_translation", "mistranslated"]

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,4}-?\d{1,5}[A-Z]?(?![A-Za-z0-9])")
"""Beside letters of other scripts too, which take no space."""
_ADDRESS = re.compile(
    r"https?://[^\s()<>]+|\b[\w.-]+\.(?:ca|gov|uk|au|eu|nz|de|org|com)\b(?:/[^\s()<>]*)?|\S+@\S+\.\w+"
)
_NUMBERED_MONTH = re.compile(r"(?<!\d)(\d{1,2})月|\bngày \d{1,2} tháng (1[0-2]|[1-9])\b", re.IGNORECASE)
_WORD_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
}
QUESTION_MARKS = ("?", "？", "؟")  # noqa: RUF001
_ASKING_NOT = re.compile(r"\bkhông(?=\s*(?:\?|nếu\b|khi\b))", re.IGNORECASE)
"""A Vietnamese question ends in "not", which denies nothing."""
_THOUSANDS = 3
_FEW_WORDS = 3
_REPEATED = 0.5
"""French and Spanish share a few words with English in most sentences, and half of them in hardly any."""
_ACCENTS_TELL = frozenset(("tr", "vi"))
"""Without its accents "đừng" (do not) reads as "dùng" (use); elsewhere people who leave them out are understood."""


def is_translation(text: str, original: str, language: str) -> bool:
    """Whether a sentence is in `language`, as far as its words tell, and no copy of the original."""
    said, there = _words(text), _words(original)
    return detect(text) == language and len(said) >= _FEW_WORDS and len(said & there) < _REPEATED * len(said)


def asks_the_same(said: str, original: str, language: str) -> bool:
    """Whether a question in `language` may stand for an English one, as far as its words tell.

    It is a question and no copy, has the same figures and codes, names no other country and denies alike. What else it
    says is not compared, a country that it leaves out neither, since most languages bend its name: whoever asks it is
    answered what the English one is answered, and reads that beside it.
    """
    ours, theirs = _all_words(said), _all_words(original)
    if not said.endswith(QUESTION_MARKS) or detect(said) != language or len(ours & theirs) >= _REPEATED * len(ours):
        return False
    told = _ASKING_NOT.sub("", said) if language == "vi" else said
    return mistranslated(told, original, language=language, written_in="en") in (None, UnsupportedReason.MODALITY)


def _all_words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def _words(text: str) -> set[str]:
    """Distinct words written small; of a script without small letters or spaces each sign is one."""
    spaced = set(re.findall(r"[^\W\d_]+", text))
    return {word for word in spaced if not word[:1].isupper()} | {sign for sign in text if "\u3040" <= sign <= "\u9fff"}


def mistranslated(
    claim: str, original: str, *, language: str, written_in: str, context: str = "", jurisdiction: str = ""
) -> UnsupportedReason | None:
    """In what a sentence of `language` is seen to differ from its original of `written_in`; None when in nothing.

    Compared are by value its figures, dates, codes, addresses and countries, added and left out, and whether it denies,
    obliges or allows alike. Its other words are not, nor are figures that one of them writes as a word.
    """
    ours, theirs = figures(claim, language), figures(original, written_in)
    if ours - theirs or _digits(original) - _digits(claim):
        return UnsupportedReason.FIGURE
    if _codes(claim) - _codes(f"{original} {context}") or _codes(original) - _codes(claim):
        return UnsupportedReason.FIGURE
    if _countries(claim) - _countries(f"{original} {context}") - {jurisdiction}:
        return UnsupportedReason.COUNTRY
    return _polarity(claim, original, language, written_in) or _modality(claim, original, language, written_in)


def _digits(text: str) -> set[str]:
    plain = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in _ADDRESS.sub(" ", text))
    return {_value(match.group()) for match in _NUMBER.finditer(_CODE.sub(" ", plain))}


def figures(text: str, language: str) -> set[str]:
    """The values of numbers in any digits and, of dates, the months; English number words count as numbers."""
    plain = _CODE.sub(" ", _ADDRESS.sub(" ", text))
    numbered = {f"month {int(found[1] or found[2])}" for found in _NUMBERED_MONTH.finditer(plain)}
    values = _digits(_NUMBERED_MONTH.sub(" ", text)) | numbered
    if language == "en":
        values |= {_WORD_NUMBERS[word] for word in re.findall(r"[a-z]+", plain.lower()) if word in _WORD_NUMBERS}
    folded = fold(plain).lower()
    return values | {f"month {number}" for number, name in _months(language) if re.search(name, folded)}


def _value(number: str) -> str:
    """One spelling for 1,365.00 and 1 365 and 1.365: groups of three are thousands, zeros after the point go."""
    parts = re.split(r"[.,\u00a0\u202f ]", number)
    whole = parts.pop(0)
    while parts and len(parts[0]) == _THOUSANDS:
        whole += parts.pop(0)
    fraction = "".join(parts).rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


@lru_cache(maxsize=len(SPOKEN))
def _months(language: str) -> tuple[tuple[int, str], ...]:
    """Months beside a day or a year: "may" is a verb too."""
    named = []
    for number, name in Locale(language).months["format"]["wide"].items():
        folded = re.escape(fold(name).lower()) + r"(?!\d)"  # "tháng 1" is no part of "tháng 11"
        named.append((number, rf"\d(?:st|nd|rd|th|er|\.)?\s?(?:de )?{folded}|{folded} (?:de )?\d"))
    return tuple(named)


def _codes(text: str) -> set[str]:
    addresses = {match.group().rstrip(".,;:").lower() for match in _ADDRESS.finditer(text)}
    return addresses | {match.group().replace("-", "") for match in _CODE.finditer(_ADDRESS.sub(" ", text))}


def _countries(text: str) -> set[str]:
    """Those named in words that are not written small: Togo is a common word in Ukrainian.

    Codes are held against each other by themselves: "B2" is a level of a language or a visa of the United States.
    """
    found = countries_in(" ".join(word for word in _CODE.sub(" ", text).split() if not word[:1].islower()))
    return {code for code in found.named if code != SCHENGEN}


def _polarity(claim: str, source: str, language: str, written_in: str) -> UnsupportedReason | None:
    denies, denied = carries("negation", claim, language), carries("negation", source, written_in)
    if denies == denied:
        return None
    # "Only", "unless" and "refuse" are said with a "not" in some languages and without one in others.
    return None if denies and carries("exception", source, written_in) else UnsupportedReason.POLARITY


def _modality(claim: str, source: str, language: str, written_in: str) -> UnsupportedReason | None:
    mine = {sign for sign in ("obligation", "permission") if carries(sign, claim, language)}
    theirs = {sign for sign in ("obligation", "permission") if carries(sign, source, written_in)}
    return UnsupportedReason.MODALITY if mine and theirs and not mine & theirs else None


def carries(sign: str, text: str, language: str) -> bool:
    """Whether a text in `language` has a word of a `sign`: negation, obligation, permission or exception."""
    return bool(count(sign, text, language))


def count(sign: str, text: str, language: str) -> int:
    """How many such words it has."""
    pattern = wording(language).signs.get(sign)
    if pattern is None:
        return 0
    return sum(1 for _ in pattern.finditer(text.lower() if language in _ACCENTS_TELL else fold(text)))
