"""The figures in a sentence by what they mean: dates, amounts, durations, codes, addresses, and how they bound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from chains.grounding.bounds import Bound, bound_of
from chains.grounding.numerals import NUMBER, ORDINAL, number, ordinal

__all__ = ["Value", "ValueKind", "agrees", "figures", "same_value"]


class ValueKind(StrEnum):
    """What a figure measures; figures of two kinds are never the same value."""

    ADDRESS = "address"
    PHONE = "phone"
    DATE = "date"
    CODE = "code"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    RATE = "rate"
    AGE = "age"
    ORDINAL = "ordinal"
    TIME = "time"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure at `start:end` of its text. `key` is equal for equal values; `unit` a currency or a unit of time.

    `whole` takes in the words of its bound, as in "at least 30 days".
    """

    kind: ValueKind
    key: str
    unit: str
    bound: Bound
    start: int
    end: int
    whole: tuple[int, int]


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
_UNIT = (
    r"(?:(?:business|working|calendar|school|consecutive)[\s-]+)?"
    r"(?:second|minute|hour|day|night|week|fortnight|month|year)s?\b"
)
# A bare dollar sign is the dollar of the country whose rules the passage tells.
DOLLARS = {"CA": "CAD", "US": "USD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
_CURRENCIES = {
    r"ca\$|c\$|can\$|cad\s?\$?|canadian dollars?": "CAD",
    r"us\$|usd\s?\$?|(?:u\.?s\.?|american) dollars?": "USD",
    r"au\$|a\$|aud\s?\$?|australian dollars?": "AUD",
    r"nz\$|nzd\s?\$?|new zealand dollars?": "NZD",
    r"s\$|sgd\s?\$?": "SGD",
    r"hk\$|hkd\s?\$?": "HKD",
    r"\$|dollars?": "$",
    r"£|gbp|pounds?(?: sterling)?": "GBP",
    r"€|eur\b|euros?": "EUR",
    r"¥|jpy|yen": "JPY",
    r"cny|rmb|yuan": "CNY",
    r"₹|inr|rupees?|rs\.?": "INR",
    r"chf|swiss francs?": "CHF",
    r"pesos?|mxn": "MXN",
}
_CURRENCY = "|".join(_CURRENCIES)
_MANY = rf"{NUMBER}(?:(?:\s*,\s*{NUMBER})*\s*,?\s*(?:or|and|to|-|–)\s*{NUMBER})?"  # noqa: RUF001

# Tried in this order on what is not yet taken, so that a date is never read as three numbers.
_PATTERNS: tuple[tuple[ValueKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE if kind is not ValueKind.CODE else 0))
    for kind, pattern in (
        (ValueKind.ADDRESS, r"https?://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        (ValueKind.ADDRESS, r"\b(?:[a-z0-9-]+\.)+(?:gov|com|org|net|ca|uk|au|eu|edu|info|int)\b(?:/[^\s<>\"')\]]*)?"),
        (ValueKind.DATE, rf"\b{_DAY}(?:\s+day)?(?:\s+of)?\s+{_MONTH},?(?:\s+(?P<y1>{_YEAR}))?(?!\w)"),
        (ValueKind.DATE, rf"\b{_MONTH}\s+{_DAY}(?!\d)(?:,?\s+(?P<y2>{_YEAR}))?(?!\w)"),
        (ValueKind.DATE, rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b"),
        (ValueKind.DATE, rf"\b{_YEAR}[-/]\d{{1,2}}[-/]\d{{1,2}}\b|\b\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}\b"),
        (ValueKind.TIME, r"\b\d{1,2}:\d{2}(?:\s?[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?|\b(?:noon|midnight)\b"),
        (ValueKind.PHONE, r"(?<!\w)\+?\(?\d{1,4}\)?(?:[\s.-]\(?\d{2,5}\)?){2,5}(?!\w)(?!\s?(?:%|dollars))"),
        (ValueKind.CODE, r"\b(?:[A-Z]{1,4}-?\d{1,5}[A-Z]{0,2}|[A-Z]{1,5}-\d{1,5}[A-Za-z]{0,3}|\d{1,3}-?[A-Z]{1,3})\b"),
        (ValueKind.CODE, r"\b(?:IMM|DS|BSF|FORM|CIT)\s\d{1,5}[A-Z]?\b"),
        (
            ValueKind.CODE,
            r"\b(?:[Ss]ubclass|[Ff]orm|[Ss]ection|[Aa]rticle|[Rr]ule|[Pp]art|[Cc]lass|[Tt]ier|[Ss]chedule|[Aa]ppendix|"
            r"[Aa]nnex|[Ss]tream|[Cc]ategory|[Cc]lause|[Pp]aragraph|[Cc]hapter|[Ll]evel|NOC|TEER|CLB|CRS|Level)"
            r"\s(?:[A-Z]{0,3}\d[\w.()-]*\w|\d|[A-Z]{1,2})\b",
        ),
        (ValueKind.MONEY, rf"(?<!\w)(?:{_CURRENCY})\s?{NUMBER}|{NUMBER}\s?(?:{_CURRENCY})(?!\w)"),
        (ValueKind.PERCENT, rf"{NUMBER}\s?(?:%|per\s?cent\b|percentage points?\b)"),
        (
            ValueKind.AGE,
            rf"{NUMBER}[\s-]+years?[\s-]+(?:old|of age)\b"
            rf"|\b(?:aged?|ages)\s+(?:of\s+)?(?:at least |over |under )?{_MANY}",
        ),
        (ValueKind.DURATION, rf"{_MANY}[\s-]+{_UNIT}"),
        (
            ValueKind.RATE,
            r"\b(?:a|an|per|each|every)\s+(?:hour|day|week|month|year)\b|\b(?:hour|dai|week|month|year|annual)ly\b|\bannual\b",
        ),
        (ValueKind.ORDINAL, ORDINAL),
        (ValueKind.NUMBER, NUMBER),
    )
)


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Value, ...]:
    """Every figure of a text in reading order, each piece of text read once."""
    taken = list(text)
    found: list[Value] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer("".join(taken)):
            found.extend(_read(kind, match.group(), match.start(), text))
            taken[match.start() : match.end()] = "\0" * (match.end() - match.start())
    return tuple(sorted(found, key=lambda value: value.start))


def agrees(claimed: Value, given: Value, *, jurisdiction: str = "") -> bool:
    """Whether a source's figure carries a claimed one: the same value, bounding in the same direction."""
    return same_value(claimed, given, jurisdiction=jurisdiction) and claimed.bound == given.bound


def same_value(claimed: Value, given: Value, *, jurisdiction: str = "") -> bool:
    """Whether two figures are one value; a source may say more (a full date for a year), never less."""
    if claimed.kind is ValueKind.DATE or given.kind is ValueKind.DATE:
        return _same_date(claimed, given)
    if {claimed.kind, given.kind} == {ValueKind.DURATION, ValueKind.RATE}:
        rate, duration = (claimed, given) if claimed.kind is ValueKind.RATE else (given, claimed)
        return duration.key == _duration("1", rate.unit)[0]
    if claimed.kind is ValueKind.PHONE and given.kind is ValueKind.PHONE:
        longer, shorter = sorted((claimed.key, given.key), key=len, reverse=True)
        return longer.endswith(shorter.lstrip("0"))
    if claimed.kind is ValueKind.MONEY and given.kind is ValueKind.MONEY:
        return claimed.key == given.key and _same_currency(claimed.unit, given.unit, jurisdiction)
    if {claimed.kind, given.kind} == {ValueKind.AGE, ValueKind.NUMBER}:
        return claimed.key == given.key
    if ValueKind.AGE in (claimed.kind, given.kind) and ValueKind.DURATION in (claimed.kind, given.kind):
        years, other = (claimed, given) if claimed.kind is ValueKind.AGE else (given, claimed)
        return other.key == f"{_plain(Decimal(years.key) * 12)} month"
    return claimed.kind is given.kind and claimed.key == given.key


def _same_date(claimed: Value, given: Value) -> bool:
    if claimed.kind is ValueKind.NUMBER:  # a year alone
        return re.fullmatch(_YEAR, claimed.key) is not None and given.key.startswith(claimed.key)
    if claimed.kind is not given.kind:
        return False
    wanted, had = claimed.key.split("-"), given.key.split("-")
    return len(wanted) == len(had) and all(part in ("?", full) for part, full in zip(wanted, had, strict=True))


def _same_currency(claimed: str, given: str, jurisdiction: str) -> bool:
    if claimed == "$":
        return given == "$" or given.endswith("D")
    if given == "$":
        local = DOLLARS.get(jurisdiction)
        return claimed == local if local else claimed.endswith("D")
    return claimed == given


def _read(kind: ValueKind, found: str, start: int, text: str) -> Iterator[Value]:
    end = start + len(found)
    bound, whole = bound_of(text, start, end)
    for key, unit in _keys(kind, found):
        if kind is ValueKind.ADDRESS or (kind is ValueKind.CODE and key[0].isalpha()):
            bound, whole = Bound.EXACT, (start, end)  # a name: "under section 214" is no bound
        yield Value(kind, key, unit, bound, start, end, whole)


def _keys(kind: ValueKind, found: str) -> Sequence[tuple[str, str]]:
    """What the text means, as (key, unit); several for "two, five or ten years"."""
    match kind:
        case ValueKind.ADDRESS:
            return [(re.sub(r"^(?:https?://)?(?:www\.)?", "", found.lower()).rstrip("/.,;:"), "")]
        case ValueKind.PHONE:
            return [(re.sub(r"\D", "", found), "")]
        case ValueKind.DATE:
            return [(_date_key(found.lower()), "")]
        case ValueKind.TIME | ValueKind.CODE:
            return [(re.sub(r"^FORM(?=[A-Z]+\d)", "", re.sub(r"[\s.-]", "", found.upper())), "")]
        case ValueKind.MONEY:
            return [(key, _currency(found.lower())) for key in _numbers(found)]
        case ValueKind.DURATION:
            match_unit = re.search(_UNIT + r"$", found.lower())
            assert match_unit
            return [_duration(key, match_unit.group()) for key in _numbers(found[: match_unit.start()])]
        case ValueKind.RATE:
            return [_rate(found.lower())]
        case ValueKind.ORDINAL:
            return [(str(ordinal(found)), "")]
        case ValueKind.NUMBER:
            # "one" alone is nearly always a pronoun or an article.
            return [] if found.lower() == "one" else [(key, "") for key in _numbers(found)]
        case _:
            return [(key, "") for key in _numbers(found)]


def _currency(found: str) -> str:
    return next(name for pattern, name in _CURRENCIES.items() if re.search(rf"(?<![a-z])(?:{pattern})", found))


def _rate(found: str) -> tuple[str, str]:
    word = found.split()[-1].removesuffix("ly")
    unit = {"dai": "day", "annual": "year"}.get(word, word)
    return unit, unit


def _numbers(text: str) -> list[str]:
    values = (number(match.group()) for match in re.finditer(NUMBER, text, re.IGNORECASE))
    return [_plain(value) for value in values if value is not None]


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _duration(amount: str, unit: str) -> tuple[str, str]:
    """Years as months and weeks as days, the exact conversions; "5 business days" stays what it is."""
    parts = re.split(r"[\s-]+", unit)
    base = parts[-1].removesuffix("s")
    if len(parts) == 1:
        factor, base = {"year": (12, "month"), "week": (7, "day"), "fortnight": (14, "day")}.get(base, (1, base))
        if base in ("month", "day"):
            total = Decimal(amount) * factor
            return f"{_plain(total)} {base}", "year" if amount == "1" and factor == 12 else base
    return f"{amount} {' '.join([*parts[:-1], base])}", base


def _date_key(found: str) -> str:
    """ISO year-month-day, "?" for what is not said; a date in figures whose order is open stays as written."""
    if iso := re.fullmatch(rf"({_YEAR})[-/](\d{{1,2}})[-/](\d{{1,2}})", found):
        return f"{iso[1]}-{int(iso[2]):02d}-{int(iso[3]):02d}"
    month = re.search(_MONTH, found)
    if not month:
        return re.sub(r"[-/.]", ".", found)
    year = re.search(rf"\b{_YEAR}\b", found)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", found)
    index = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month.group().rstrip(".")[:3]))
    return f"{year.group() if year else '?'}-{index:02d}-{f'{int(day[1]):02d}' if day else '?'}"
