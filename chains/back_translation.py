"""Whether an English sentence that came back from a translation still says what its original said."""

from __future__ import annotations

import re
from functools import lru_cache

from chains.countries import countries_in
from chains.grounding.reasons import UnsupportedReason
from chains.grounding.support import unsupported
from chains.grounding.wording import COUNTRIES, content_words, stem
from chains.languages_translation import count

__all__ = ["keeps_the_meaning"]

_SHARED = 0.6
"""Least share of words in common of a sentence and what came back: synonyms for the others, not another matter."""
_SIGNS = ("negation", "obligation", "permission", "exception")

_ONE_NAME = {
    "immediately|right away|straight away|at once": "forthwith",
    "everyday": "daily",
    "someone": "somebody",
    "anyone": "anybody",
    "everyone": "everybody",
    "usually|generally": "normally",
    "refunded|paid back|given back": "returned",
    "denied|rejected": "refused",
    "on (?:your|their|his|her|my|our|its) own|by (?:your|them|him|her|my|our|it)sel(?:f|ves)": "alone",
    "on time": "in time",
    "on the same day": "the day",
    "deadlines?": "time limit",
    "evidence": "proof",
    "genuine": "real",
    "sooner": "earlier",
}
"""What another language says with one word, and the words in which it may come back."""
_FRONTED = re.compile(r"((?:If|When|Unless|Before|After|Until|Once) [^,.]+), ([^.]+?)([.!]?)")
"""A condition before what it is a condition of."""
_AMERICAN_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2}), (\d{4})\b"
)
_MARKERS = re.compile(
    r"\b(?:before|after|until|unless|if|except|without|only|while|during|since|off|on or|once)\b", re.IGNORECASE
)
"""What says when and on what condition: as often in the one as in the other."""
_OPPOSITES = """
    inside outside, permanent temporary, enter leave, arrive leave, arrive depart, arrival departure, start end,
    begin end, open close, approve refuse, grant refuse, accept refuse, approval refusal, employer employee,
    employer worker, landlord tenant, parent child, mother father, husband wife, son daughter, brother sister,
    adult child, valid expired, valid invalid, legal illegal, lawful unlawful, eligible ineligible, more less,
    more fewer, longer shorter, older younger, minimum maximum, earlier later, early late, first last, free paid,
    public private, single multiple, single married, married divorced, married unmarried, paper online,
    include exclude, allow forbid, increase decrease, increase reduce, raise lower, buy sell, gain lose, keep lose,
    always never, always sometimes, often rarely, easy difficult, easy hard, high low, higher lower,
    long short, strong weak, optional mandatory, voluntary mandatory, immigrant nonimmigrant, regular irregular,
    skilled unskilled, national foreign, citizen foreigner, sponsor applicant, full part, day week, day month,
    day year, return keep, cancel renew, cancel order, extend cancel, spouse child, partner child, work study,
    city country, week month, week year, month year, hour day, minute hour
"""


def keeps_the_meaning(back: str, original: str, *, context: str = "", jurisdiction: str = "") -> bool:
    """Whether an English sentence that came back from a translation carries no more and no less than its original.

    Each is held against the other as a claim against its source, in one order and with one name for what other
    languages do not tell apart. Other words for the same thing are let through where enough of them are shared, none is
    the opposite of another or another country, and both deny, oblige and allow as often and on as many conditions;
    figures are told apart before.
    """
    back, original = _plain(back), _plain(original)
    for claim, source in ((back, original), (original, back)):
        reason = unsupported(claim, [source], context=context, jurisdiction=jurisdiction)
        if reason is not None and not (reason is UnsupportedReason.WORDS and _says_alike(back, original)):
            return False
    return True


def _plain(sentence: str) -> str:
    """The sentence with its condition at its end, and with one word for those that mean the same."""
    for others, name in _ONE_NAME.items():
        sentence = re.sub(rf"\b(?:{others})\b", name, sentence)
    sentence = _AMERICAN_DATE.sub(r"\2 \1 \3", sentence)
    if fronted := _FRONTED.fullmatch(sentence):
        condition, rest, end = fronted.groups()
        return f"{rest[:1].upper()}{rest[1:]} {condition[:1].lower()}{condition[1:]}{end}"
    return sentence


def _says_alike(back: str, original: str) -> bool:
    ours, theirs = frozenset(content_words(back)), frozenset(content_words(original))
    if len(ours & theirs) < _SHARED * max(len(ours), len(theirs)):
        return False
    if set(countries_in(back).named) != set(countries_in(original).named) or (ours ^ theirs) & COUNTRIES:
        return False
    if any(_opposites().get(word, frozenset()) & (theirs - ours) for word in ours - theirs):
        return False
    if sorted(map(str.lower, _MARKERS.findall(back))) != sorted(map(str.lower, _MARKERS.findall(original))):
        return False
    return all(count(sign, back, "en") == count(sign, original, "en") for sign in _SIGNS)


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    """Each word's opposites, all by their stems."""
    found: dict[str, frozenset[str]] = {}
    for pair in _OPPOSITES.split(","):
        one, other = map(stem, pair.split())
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found
