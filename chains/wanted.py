"""What form of answer a question wants: a figure of some kind, a list, and whether a sentence has that form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

__all__ = [
    "YES_NO",
    "Figure",
    "asks_how_much",
    "asks_yes_or_no",
    "begins_yes_or_no",
    "figure_asked",
    "figure_needed",
    "holds_figure",
    "lacks_figure",
    "tells_price",
    "wants_list",
    "without_figure_words",
]


class Figure(StrEnum):
    """What "how many", "how long", "how much" and "when" want to read."""

    TIME = "time"
    COUNT = "count"
    MONEY = "money"
    PRICE = "price"
    DATE = "date"
    AGE = "age"


_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|sixty"
    r"|ninety|hundred|half)"
)
_UNIT = r"(?:minute|hour|day|week|fortnight|month|year)s?"
_DAYS = r"(?:day|week|month|year)s?"
_SUM = r"(?:dollars?|euros?|pounds?|francs?|kroner|millions?|thousands?)"
_TIME = rf"\b{_NUMBER}(?:[ -](?:and a half|calendar|business|working|academic|consecutive))?[ -]{_UNIT}\b"
_NAMED_SUM = r"(?:interest|pension|rent|tax|tuition)"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

_ASKED: tuple[tuple[re.Pattern[str], Figure], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), figure)
    for pattern, figure in (
        (r"\b(?:what|which|at what) age\b|\bhow old\b|\bage limit\b|\b(?:minimum|maximum) age\b", Figure.AGE),
        (
            rf"\bhow (?:long|soon|early|late|often|quickly|fast)\b|\bhow (?:many|much) (?:more )?(?:time|{_UNIT})\b"
            rf"|\b(?:processing|waiting) time\b|\b(?:max|maximum|minimum|number of) {_UNIT}\b"
            r"|\b(?:deadline|time limit)\b|\bfor how long\b|\bhow far in advance\b",
            Figure.TIME,
        ),
        (
            rf"\bhow (?:many|much) {_SUM}\b"
            r"|\bhow much (?:money|income|savings?|funds?)\b|\bhow much\W*$|\b(?:salary|income|amount)\b"
            r"|\bhow much (?:does|do|will|would) (?!.*\bcost\b)"
            rf"|\bhow much {_NAMED_SUM}\b",
            Figure.MONEY,
        ),
        (
            r"\bhow much (?:is|are|does|do|will|would|it|to pay)\b"
            r"|\bwhat (?:do|must|will|would) (?:i|we) (?:have to |need to )?pay\b"
            r"|\b(?:fees?|costs?|price)\b(?!.*\b(?:back|refund\w*|returned)\b)",
            Figure.PRICE,
        ),
        (
            r"\bhow many\b|\bhow much\b|\bwhat (?:is the )?(?:score|number)\b|\bpass(?:ing)? (?:score|mark)\b",
            Figure.COUNT,
        ),
        (
            r"\bwhen\b(?! i\b| you\b| my\b)|\b(?:what|which|from what) date\b|\bsince when\b|\bby when\b"
            r"|\b(?:from|until|since|by|on|before|after) (?:which|what) (?:day|month|year)\b",
            Figure.DATE,
        ),
    )
)

_HELD: dict[Figure, re.Pattern[str]] = {
    Figure.TIME: re.compile(_TIME, re.IGNORECASE),
    Figure.COUNT: re.compile(rf"\b{_NUMBER}\b(?! {_UNIT} \d)|\bno (?:fixed|limit|maximum|minimum)\b|%", re.IGNORECASE),
    Figure.MONEY: re.compile(
        r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:dollars|euros?|pounds|percent|per cent|%|CAD|USD|AUD|EUR|GBP)(?!\w)"
        r"|\b(?:fee list|fee schedule|free|fees?|amount|costs?|income)\b",
        re.IGNORECASE,
    ),
    # A sum alone may be what one earns or has to show.
    Figure.PRICE: re.compile(
        r"\b(?:free|fees?|prices?|charge[ds]?|pays?|paid|payment|(?<!living )(?<!living-)costs?|(?:is|are) [$€£]?\d)\b",
        re.IGNORECASE,
    ),
    Figure.DATE: re.compile(
        rf"{_TIME}|\b(?:{_MONTHS})\b|\b(?:19|20)\d\d\b|\b(?:before|after|as soon as|at once|until|within)\b",
        re.IGNORECASE,
    ),
    Figure.AGE: re.compile(
        r"\b(?:aged?|under|over|between)\s+\d|\b\d{1,2} (?:or (?:over|older)|to \d|years)", re.IGNORECASE
    ),
}  # fmt: skip

_WANTS_LIST = re.compile(
    r"\bhow (?:can|do|could|should|would|to|does)\b|\bwhat (?:should|must|can|do|are|documents?|papers?|proof|forms?)\b"
    r"|\b(?:which|what) (?:documents?|papers?|forms?|ways?|steps?|options?|rules|requirements?|conditions?)\b"
    r"|\b(?:who (?:can|may|is|needs?|has to|must))\b|\b(?:requirements?|options|steps|documents needed|eligibility)\b",
    re.IGNORECASE,
)

_WHERE = re.compile(r"\b(?:where|which (?:page|site|website)|how (?:can|do) i (?:see|check|find))\b", re.IGNORECASE)
_OF_ITS_OWN = re.compile(rf"\bhow m(?:any|uch) (hour|minute|{_NAMED_SUM})s?\b", re.IGNORECASE)
"""Days, weeks and months stand for one another in rules, hours of work do not; nor does another sum for a tax."""
_WAITED = re.compile(
    rf"\bhow (?:long|much time|many {_DAYS})\b"
    r"(?![^?.]*\b(?:while|during|course|lessons?|can i|may i|to appeal)\b)[^?.]*"
    r"\b(?:(?:does|do|will|would|is|are|did)\b[^?.]*\b(?:takes?|taking)(?! (?:me|us|him|her|you|them|on)\b)"
    r"|(?:does|do|will|would|did)\b[^?.]*\bneeds? (?:until|to decide)|do (?:i|we) wait|processing"
    r"|until [^?.]* (?:gives?|decides?|answers?))\b"
    r"|\b(?:processing|waiting) times?\b",
    re.IGNORECASE,
)
"""Asks how long one waits, which is no other span of time: not how long a permit is valid, nor until when to appeal."""
_WAITING_TOLD = re.compile(
    r"\b(?:takes?|taking|took|wait\w*|process\w*|decid\w+|decisions?|answer\w*|arriv\w+|ready|hear back"
    r"|time ?frames?)\b",
    re.IGNORECASE,
)
_COST = r"\b(?:fees?|prices?|charge[ds]?|pays?|paid|payment|(?<!living )(?<!living-)costs?)\b"
_HOW_MUCH = re.compile(
    r"\bhow much\b|\bwhat (?:is|are|does|do|will|would|must)\b.*\b(?:fees?|prices?|costs?|pay)\b"
    r"|^(?:the )?(?:fees?|prices?|costs?)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:back|again|refund\w*|return\w*)\b", re.IGNORECASE)
_MONEY = rf"(?:[$€£¥]\s?\d|\b\d[\d.,]*(?![\d.,]*[ -]?{_UNIT}\b)\b)"
_EARNED = re.compile(r"\bhow much (?:must|should|can) (?:\w+ ){1,3}(?:earn|have|make|save|show)\b", re.IGNORECASE)
_PAID = re.compile(
    r"\bhow much (?:money )?(?:does|do|did|will|would|must|should|can)\b[^?.]*\b(?:charges?|pays?|invest|deposit)\b",
    re.IGNORECASE,
)
_SUM_TOLD = re.compile(_MONEY)
_PLACE = r"(?:lists?|schedules?|tables?|pages?|tools?|finder|calculator|estimator|websites?|sites?|https?)"
_PRICE_TOLD = re.compile(
    rf"{_COST}.*{_MONEY}|{_MONEY}.*{_COST}"
    rf"|{_COST}.*\b(?:is|are|stands?|shown|listed|found|published)\b.*\b{_PLACE}\b"
    rf"|{_COST}.*\b{_PLACE}\b.*\b(?:shows?|lists?|has|have|tells?)\b|\b{_PLACE}\b.*\b(?:shows?|has|tells?)\b.*{_COST}"
    r"|\b(?:is|are|was|were|usually|normally|mostly) free\b|\bfree of charge\b"
    r"|\b(?:no|without a|not pay a) (?:\w+ ){0,2}fee\b"
    rf"|\b(?:fee|price) {_PLACE}\b|{_COST} (?:\w+ )?(?:depends?|changes?|differs?|var(?:y|ies))\b",
    re.IGNORECASE,
)
"""A sum, none, where the sum stands, or what it depends on: that there is something to pay does not say how much."""
_FIGURE_WORDS = re.compile(
    rf"\bhow (?:many|much|long|soon|early|late|often|old)\b(?: (?:more )?(?:time|money|{_UNIT})\b)?", re.IGNORECASE
)

YES_NO = re.compile(r"(?:Usually |In most cases,? |Generally |Normally )?(?:yes|no)(?:,|:|;) (?=\w)", re.IGNORECASE)
"""How an answer begins that says first whether it is so."""
_AUXILIARY = r"(?:please )?(?:can|may|could|do|does|did|is|are|am|will|would|should|must|have|has)(?:n['’]t)?"
_POLAR = re.compile(
    rf"(?:^|[.;:?!] ){_AUXILIARY} \w|(?:, |\b(?:and|but|so) ){_AUXILIARY}"
    r" (?:i|we|you|he|she|they|it|my|our|a|an|the|people|there)\b",
    re.IGNORECASE,
)
_TOLD_POLITELY = re.compile(
    r"\b(?:know|ask|tell|say|show|explain|advise|clarify|help|find out|understand)\b[^.?!]*?"
    r"\b(?:how|what|which|when|where|who|whom|whose|why|the (?:fees?|cost|price|requirements|process|steps))\b",
    re.IGNORECASE,
)
"""What is asked for behind a polite frame: "May I know how long …" is no question that yes answers."""


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no answers `question`, whatever politeness it is wrapped in."""
    return _POLAR.search(question) is not None and _TOLD_POLITELY.search(question) is None


def begins_yes_or_no(text: str) -> bool:
    """Whether `text` first says whether it is so."""
    return YES_NO.match(text) is not None


def wants_list(question: str) -> bool:
    """Whether steps, ways, conditions or documents answer `question` better than one sentence."""
    return _WANTS_LIST.search(question) is not None and figure_asked(question) is None


def figure_asked(question: str) -> Figure | None:
    """The kind of figure an answer to `question` holds; None when it asks for none."""
    return next((figure for pattern, figure in _ASKED if pattern.search(question)), None)


def figure_needed(question: str) -> Figure | None:
    """The kind of figure without which nothing answers `question`; who asks where one is found needs none."""
    return None if _WHERE.search(question) else figure_asked(question)


def holds_figure(text: str, figure: Figure) -> bool:
    """Whether `text` holds a figure of that kind."""
    return _HELD[figure].search(text) is not None


def lacks_figure(question: str, said: Sequence[str]) -> bool:
    """Whether `question` asks for a figure that no sentence of `said` holds: then they speak of something else.

    A deadline may be a day as well as a span of time, and so may how old a paper can be.
    """
    figure = figure_needed(question)
    if figure is None:
        return False
    if (own := _OF_ITS_OWN.search(question)) and not any(own[1].casefold() in text.casefold() for text in said):
        return True
    if _WAITED.search(question) and not any(map(_WAITING_TOLD.search, said)):
        return True
    if _EARNED.search(question):
        return not any(map(_SUM_TOLD.search, said))
    if _PAID.search(question) and not _BACK.search(question):
        return not any(_SUM_TOLD.search(text) or tells_price(text) for text in said)
    if asks_how_much(question):
        return not any(map(tells_price, said))
    kinds = {Figure.TIME: (figure, Figure.DATE), Figure.AGE: (figure, Figure.TIME)}.get(figure, (figure,))
    return not any(holds_figure(text, kind) for text in said for kind in kinds)


def asks_how_much(question: str) -> bool:
    """Whether `question` asks for the price itself, not who pays it, where, or whether it is returned."""
    return figure_asked(question) is Figure.PRICE and bool(_HOW_MUCH.search(question)) and not _BACK.search(question)


def tells_price(text: str) -> bool:
    """Whether `text` says what something costs, that it is free, where its price stands or what that depends on."""
    return _PRICE_TOLD.search(text) is not None


def without_figure_words(question: str) -> str:
    """The question without "how many days" and the like, which tell the form of the answer and not its subject."""
    return _FIGURE_WORDS.sub(" ", question)
