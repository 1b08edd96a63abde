"""Questions made of an approved one by rule: the same in other words, and others in one detail. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chains.countries import countries_in

__all__ = ["Detail", "NearMiss", "near_misses", "other_words"]


class Detail(StrEnum):
    """What is changed; each turns a question into another person's."""

    COUNTRY = "country"
    NATIONALITY = "nationality"
    FORM = "form"
    AMOUNT = "amount"
    DATE = "date"
    NEGATION = "negation"
    PLACE = "inside or outside"
    ORDER = "before or after"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question that must not be answered with another's approved answer."""

    detail: Detail
    text: str


_COUNTRIES = {
    "Canada": "CA", "Australia": "AU", "Germany": "DE", "New Zealand": "NZ", "Norway": "NO", "Portugal": "PT",
    "Japan": "JP", "Brazil": "BR",
}  # fmt: skip
_CODE = re.compile(r"\b(?:[A-Z]{1,4}[- ]?\d{2,4}[A-Z]?|subclass \d{3}|[A-Z]-\d)\b")
_MONEY_OR_NUMBER = re.compile(r"(?<![\w-])(?:[$£€]\s?)?\d{1,3}(?:,\d{3})*(?![\w-])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SWAPS: tuple[tuple[Detail, str, str], ...] = (
    (Detail.PLACE, "outside", "inside"), (Detail.PLACE, "inside", "outside"), (Detail.PLACE, "abroad", "at home"),
    (Detail.ORDER, "before", "after"), (Detail.ORDER, "after", "before"), (Detail.ORDER, "until", "after"),
    (Detail.PERSON, "wife", "brother"), (Detail.PERSON, "husband", "mother"), (Detail.PERSON, "spouse", "parent"),
    (Detail.PERSON, "child", "spouse"), (Detail.PERSON, "children", "parents"), (Detail.PERSON, "parents", "children"),
    (Detail.PERSON, "family", "employer"), (Detail.PERSON, "student", "visitor"), (Detail.PERSON, "visitor", "worker"),
    (Detail.NEGATION, "with", "without"), (Detail.NEGATION, "without", "with"), (Detail.NEGATION, "can", "can't"),
    (Detail.NEGATION, "must", "must not"), (Detail.NEGATION, "have to", "not have to"),
    (Detail.NEGATION, "need", "not need"), (Detail.NEGATION, "should", "should not"),
)  # fmt: skip
_ADDED: tuple[tuple[Detail, str], ...] = (
    (Detail.NATIONALITY, "as a citizen of India"), (Detail.NATIONALITY, "if I am a Nigerian citizen"),
    (Detail.DATE, "in 2019"), (Detail.PLACE, "from outside the country"), (Detail.PLACE, "from inside the country"),
    (Detail.ORDER, "after my permit has expired"), (Detail.ORDER, "before I arrive"),
    (Detail.AMOUNT, "for more than 90 days"), (Detail.FORM, "with the form I-485"),
    (Detail.NEGATION, "without a passport"), (Detail.PERSON, "for my brother"),
)  # fmt: skip

_REWORDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^how (?:do|can) i (.+)$", ("How can I {0}", "How do I {0}", "How could I {0}", "How may I {0}")),
    (r"^(?:can|may) i (.+)$", ("May I {0}", "Can I {0}", "Am I allowed to {0}", "Is it possible to {0}")),
    (r"^how much does (.+) cost$", ("What is the price of {0}", "What does {0} cost", "How much is {0}")),
    (r"^how long does (.+) take$", ("How much time does {0} take", "What is the processing time for {0}")),
    (r"^do i (?:need|have) to (.+)$", ("Must I {0}", "Do I have to {0}", "Am I required to {0}")),
    (r"^do i need (.+)$", ("Is {0} required", "Must I have {0}")),
    (r"^(?:who|which people) can (.+)$", ("Who may {0}", "Who is allowed to {0}")),
    (r"^when (?:can|may) i (.+)$", ("When may I {0}", "When can I {0}")),
    (r"^where (?:do|can) i (.+)$", ("Where can I {0}", "Where do I {0}")),
    (r"^what documents do i need (.+)$", ("Which documents do I need {0}", "What documents are required {0}")),
    (r"^what (is|are) (.+)$", ("What's {1}", "Could you explain what {1} {0}")),
)
_SYNONYMS = (
    ("get", "obtain"), ("job", "work"), ("documents", "papers"), ("spouse", "husband or wife"), ("children", "kids"),
    ("fee", "charge"), ("apply for", "request"), ("change", "switch"), ("extend", "prolong"), ("proof", "evidence"),
    ("bring", "take"), ("start", "begin"), ("allowed", "permitted"), ("study", "attend school"), ("help", "assist"),
)  # fmt: skip
_WRAPPED = (
    "Hello, could you please tell me: {0}? Thank you!", "I would like to know: {0}?", "Hi! {0}? Thanks", "{0}",
)  # fmt: skip


def near_misses(question: str, *, country: str = "") -> list[NearMiss]:
    """Every question that the rules make of this one by changing or adding one decisive detail.

    `country` is the code of the country whose rules the question is about: naming that one changes nothing.
    """
    plain = question.strip().rstrip("?？ ")
    found: dict[str, NearMiss] = {}
    for miss in (*_changed(plain, country), *_swapped(plain), *_added(plain)):
        if miss.text.casefold() != question.strip().casefold():
            found.setdefault(miss.text, miss)
    return list(found.values())


def other_words(question: str) -> list[str]:
    """The same question as other people would type it: another construction, a greeting, no capitals."""
    plain = question.strip().rstrip("?？ ")
    found = [text for text in _reworded(plain) if text.casefold() != plain.casefold()]
    lowered = plain[:1].lower() + plain[1:]
    wrapped = [pattern.format(plain if "! {" in pattern else lowered) for pattern in _WRAPPED]
    return list(dict.fromkeys([*(f"{text}?" for text in found), *wrapped]))


def _reworded(plain: str) -> Iterator[str]:
    for pattern, wordings in _REWORDED:
        if match := re.match(pattern, plain, re.IGNORECASE):
            yield from (wording.format(*match.groups()) for wording in wordings)
    for word, other in _SYNONYMS:
        changed = re.sub(rf"\b{word}\b", other, plain, flags=re.IGNORECASE)
        if changed != plain:
            yield changed


def _changed(plain: str, country: str) -> Iterator[NearMiss]:
    for match in _CODE.finditer(plain):
        other = re.sub(r"\d", lambda digit: str((int(digit.group()) + 3) % 10), match.group())
        yield NearMiss(Detail.FORM, _with(plain, match, other))
    for match in _YEAR.finditer(plain):
        yield NearMiss(Detail.DATE, _with(plain, match, str(int(match.group()) - 4)))
    for match in _MONEY_OR_NUMBER.finditer(_CODE.sub(lambda code: "x" * len(code.group()), plain)):
        if not _YEAR.fullmatch(match.group()):
            other = re.sub(r"[1-9]", lambda digit: str(int(digit.group()) % 9 + 1), match.group(), count=1)
            yield NearMiss(Detail.AMOUNT, _with(plain, match, other))
    yield from _other_countries(plain, country)


def _other_countries(plain: str, country: str) -> Iterator[NearMiss]:
    named = [name for name in _COUNTRIES if re.search(rf"\b{name}\b", plain)]
    others = [name for name, code in _COUNTRIES.items() if name not in named and code != country][:2]
    for other in others:
        if named:
            yield NearMiss(Detail.COUNTRY, re.sub(rf"\b{named[0]}\b", other, plain) + "?")
        elif not countries_in(plain).wanted:
            yield NearMiss(Detail.COUNTRY, f"{plain} in {other}?")


def _swapped(plain: str) -> Iterator[NearMiss]:
    for detail, word, other in _SWAPS:
        if match := re.search(rf"\b{word}\b(?!['’]t| not)", plain, re.IGNORECASE):
            kept = other.capitalize() if match.group()[0].isupper() else other
            yield NearMiss(detail, _with(plain, match, kept))


def _added(plain: str) -> Iterator[NearMiss]:
    for detail, more in _ADDED:
        said = more.casefold().split()
        if detail is Detail.PLACE and re.search(r"\b(?:in|out)side\b|\babroad\b", plain, re.IGNORECASE):
            continue
        if not any(word in plain.casefold() for word in said[-2:]):
            yield NearMiss(detail, f"{plain} {more}?")


def _with(plain: str, match: re.Match[str], other: str) -> str:
    return f"{plain[: match.start()]}{other}{plain[match.end() :]}?"
