"""Amounts, durations, ages and shares in a sentence, as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Measure", "measures"]

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_SPELLED = {word: number for number, word in enumerate(_WORDS, start=1)} | _TENS
_NUMBER = rf"(?<![\w.,-])(?:\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(_SPELLED)})"
_DAYS = r"(?:(?:business|working|calendar)[\s-])?"
_CURRENCY = r"(?:CA|C|US|A|AU|NZ)?\$|£|€|CAD|USD|AUD|NZD|EUR|GBP"
_MEASURE = re.compile(
    rf"""
      (?<![A-Za-z])(?P<currency>{_CURRENCY})\s?(?P<money>\d+(?:,\d{{3}})*(?:\.\d+)?)
    | (?P<amount>{_NUMBER})\s?(?P<coin>dollars|euros?|pounds|CAD|USD|AUD|NZD|EUR|GBP)\b
    | (?P<age>{_NUMBER})[\s-]years?[\s-](?:old|of\sage)\b
    | \baged?\s(?:of\s)?(?P<aged>{_NUMBER})\b
    | (?P<count>{_NUMBER})[\s-](?P<unit>{_DAYS}(?:hour|day|week|month|year))s?\b
    | (?P<share>{_NUMBER})\s?(?:%|per\s?cent\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:(?P<least>at least|no less than|more than|over|minimum of|not before)"
    r"|(?P<most>at most|no more than|up to|less than|under|within|maximum of|no longer than|fewer than))"
    r"\s(?:about |the (?:first |last )?)?$",
    re.IGNORECASE,
)
_CURRENCIES = {
    "CA$": "CAD", "C$": "CAD", "US$": "USD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "DOLLAR": "$",
    "£": "GBP", "POUND": "GBP", "€": "EUR", "EURO": "EUR",
}  # fmt: skip
_DOLLARS = {"CA": "CAD", "US": "USD", "AU": "AUD", "NZ": "NZD"}
_IN_DAYS = {"week": ("day", 7)}
_IN_MONTHS = {"year": ("month", 12)}


@dataclass(frozen=True, slots=True)
class Measure:
    """A value at `start:end` of its sentence; `bound` is "least" or "most" where it is a limit, weeks count as days."""

    unit: str
    value: Decimal
    bound: str
    start: int
    end: int


def measures(sentence: str, jurisdiction: str = "") -> Iterator[Measure]:
    """Every measure of a sentence, in reading order; a dollar is that of `jurisdiction` unless it says which."""
    for match in _MEASURE.finditer(sentence):
        unit, value = _read(match, _DOLLARS.get(jurisdiction, "$"))
        bound = _BOUND.search(sentence, 0, match.start())
        yield Measure(unit, value, (bound.lastgroup or "") if bound else "", match.start(), match.end())


def _read(match: re.Match[str], dollar: str) -> tuple[str, Decimal]:
    found = match.groupdict()
    if found["money"] or found["amount"]:
        currency = (found["currency"] or found["coin"]).upper().removesuffix("S")
        return _CURRENCIES.get(currency, currency).replace("$", dollar), _number(found["money"] or found["amount"])
    if found["age"] or found["aged"]:
        return "age", _number(found["age"] or found["aged"])
    if found["share"]:
        return "%", _number(found["share"])
    unit = " ".join(re.split(r"[\s-]", found["unit"].lower()))
    unit, factor = (_IN_DAYS | _IN_MONTHS).get(unit, (unit, 1))
    return unit, _number(found["count"]) * factor


def _number(text: str) -> Decimal:
    spelled = _SPELLED.get(text.lower())
    return Decimal(spelled) if spelled is not None else Decimal(text.replace(",", ""))
