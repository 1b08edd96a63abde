"""What can be told of a translated sentence unread: figures, codes, addresses, countries, a "not" and a "must"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from babel import Locale

from chains.countries import countries_in
from chains.grounding.reasons import UnsupportedReason
from chains.languages import SPOKEN, fold, wording
from core.jurisdictions import SCHENGEN
from core.languages import detect

__all__ = ["is_translation", "mistranslated"]

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_CODE = re.compile(r"\b[A-Z]{1,4}-?\d{1,5}[A-Z]?\b")
_ADDRESS = re.compile(
    r"https?://[^\s()<>]+|\b[\w.-]+\.(?:ca|gov|uk|au|eu|nz|de|org|com)\b(?:/[^\s()<>]*)?|\S+@\S+\.\w+"
)
_WORD_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
}
_THOUSANDS = 3
_FEW_WORDS = 3
_REPEATED = 0.5
"""French and Spanish share a few words with English in most sentences, and half of them in hardly any."""
_ACCENTS_TELL = frozenset(("tr", "vi"))
"""Without its accents "đừng" (do not) reads as "dùng" (use); elsewhere people who leave them out are understood."""


def is_translation(text: str, sources: Sequence[str], written_in: Collection[str]) -> bool:
    """Whether a sentence is in another language than its sources, which share one, and both can be compared.

    One that repeats its sources' words is none, whatever it looks like: it has to bear the stricter check.
    """
    language = detect(text)
    if len(written_in) != 1 or language not in SPOKEN or language in written_in or not set(written_in) <= set(SPOKEN):
        return False
    said, there = _words(text), _words(" ".join(sources))
    return len(said) >= _FEW_WORDS and len(said & there) < _REPEATED * len(said)


def _words(text: str) -> set[str]:
    """Distinct words written small; of a script without small letters or spaces each sign is one."""
    spaced = set(re.findall(r"[^\W\d_]+", text))
    return {word for word in spaced if not word[:1].isupper()} | {sign for sign in text if "\u3040" <= sign <= "\u9fff"}


def mistranslated(
    claim: str, sources: Sequence[str], *, language: str, written_in: str, context: str = "", jurisdiction: str = ""
) -> UnsupportedReason | None:
    """In what a sentence of `language` is seen to go beyond source sentences of `written_in`; None when in nothing.

    Compared are by value its figures, dates, codes, addresses and countries, and whether it denies, obliges or allows
    as its sources do. Not compared are its other words and figures written as words: a reader must see the source's
    own sentence beside it.
    """
    source = " ".join(sources)
    if _figures(claim, language) - _figures(source, written_in):
        return UnsupportedReason.FIGURE
    if _codes(claim) - _codes(f"{source} {context}"):
        return UnsupportedReason.FIGURE
    named = _countries(claim) - _countries(f"{source} {context}") - {jurisdiction}
    if named:
        return UnsupportedReason.COUNTRY
    return _polarity(claim, source, language, written_in) or _modality(claim, source, language, written_in)


def _figures(text: str, language: str) -> set[str]:
    """The values of numbers in any digits and, of dates, the months; English number words count as numbers."""
    plain = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in _ADDRESS.sub(" ", text))
    plain = _CODE.sub(" ", plain)
    values = {_value(match.group()) for match in _NUMBER.finditer(plain)}
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
        folded = re.escape(fold(name).lower())
        named.append((number, rf"\d(?:st|nd|rd|th|er|\.)?\s?(?:de )?{folded}|{folded} (?:de )?\d"))
    return tuple(named)


def _codes(text: str) -> set[str]:
    addresses = {match.group().rstrip(".,;:").lower() for match in _ADDRESS.finditer(text)}
    return addresses | {match.group().replace("-", "") for match in _CODE.finditer(_ADDRESS.sub(" ", text))}


def _countries(text: str) -> set[str]:
    """Those named in words that are not written small: Togo is a common word in Ukrainian."""
    found = countries_in(" ".join(word for word in text.split() if not word[:1].islower()))
    return {code for code in (*found.wanted, *found.origins) if code != SCHENGEN}


def _polarity(claim: str, source: str, language: str, written_in: str) -> UnsupportedReason | None:
    denies, denied = _has("negation", claim, language), _has("negation", source, written_in)
    if denies == denied:
        return None
    # "Only", "unless" and "refuse" are said with a "not" in some languages and without one in others.
    return None if denies and _has("exception", source, written_in) else UnsupportedReason.POLARITY


def _modality(claim: str, source: str, language: str, written_in: str) -> UnsupportedReason | None:
    mine = {sign for sign in ("obligation", "permission") if _has(sign, claim, language)}
    theirs = {sign for sign in ("obligation", "permission") if _has(sign, source, written_in)}
    return UnsupportedReason.MODALITY if mine and theirs and not mine & theirs else None


def _has(sign: str, text: str, language: str) -> bool:
    pattern = wording(language).signs.get(sign)
    return pattern is not None and bool(pattern.search(text.lower() if language in _ACCENTS_TELL else fold(text)))
