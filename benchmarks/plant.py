"""Lies and faithful rewrites planted into true sentences by rules that know nothing of the verifier's lists."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

__all__ = ["LIES", "REWRITES"]

Planter = Callable[[str, random.Random], str | None]

_MONTHS = "January February March April May June July August September October November December".split()
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_COUNTRIES = {
    "Canada": "Australia", "Canadian": "Australian", "Australia": "Canada", "Australian": "Canadian",
    "United Kingdom": "United States", "United States": "United Kingdom", "UK": "US", "US": "UK",
    "Schengen": "Canadian", "Quebec": "Ontario", "British": "American", "American": "British",
}  # fmt: skip
_UNITS = {
    "days": "weeks", "weeks": "months", "months": "years", "years": "months", "hours": "days", "month": "year",
    "day": "week", "week": "day", "year": "month", "hour": "day",
}  # fmt: skip
_CURRENCIES = {"CAD": "USD", "USD": "AUD", "AUD": "USD", "£": "$", "€": "£", "$": "£", "GBP": "USD", "EUR": "GBP", "CA$": "US$", "AU$": "US$", "euros": "pounds", "dollars": "euros", "pounds": "euros"}  # fmt: skip


def _swap(table: Mapping[str, str]) -> Planter:
    """Replace one of the table's phrases by the other, keeping a capital."""

    def plant(text: str, chance: random.Random) -> str | None:
        places = [(match, other) for phrase, other in table.items() for match in _find(phrase, text)]
        if not places:
            return None
        match, other = chance.choice(places)
        if match.group()[:1].isupper():
            other = other[:1].upper() + other[1:]
        if other.split()[-1] in text[max(0, match.start() - 15) : match.end() + 15].lower():
            return None  # "a shorter or shorter stay" is nonsense, not a lie
        return text[: match.start()] + other + text[match.end() :]

    return plant


def _find(phrase: str, text: str) -> list[re.Match[str]]:
    left = r"(?<!\w)" if phrase[0].isalnum() else ""
    right = r"(?!\w)" if phrase[-1].isalnum() else ""
    flags = 0 if phrase.isupper() or phrase[:1].isupper() else re.IGNORECASE
    return list(re.finditer(left + re.escape(phrase) + right, text, flags))


def invented_figure(text: str, chance: random.Random) -> str | None:
    places = list(re.finditer(r"(?<![\w.-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w-])", text))
    places += re.finditer(rf"\b(?:{'|'.join(_WORDS[2:])})\b(?=[ -](?:day|week|month|year|hour|point))", text)
    places = [match for match in places if not _in_date(match, text)]
    if not places:
        return None
    match = chance.choice(places)
    old = match.group()
    value = _WORDS.index(old) if old in _WORDS else float(old.replace(",", ""))
    new = f"{value * chance.choice((2, 3, 5)) + chance.choice((1, 7)):g}"
    return text[: match.start()] + new + text[match.end() :]


def _in_date(match: re.Match[str], text: str) -> bool:
    months = "|".join(_MONTHS)
    return bool(
        re.match(rf" (?:{months})", text[match.end() :])
        or re.search(rf"(?:{months}) (?:\d+, )?$", text[: match.start()])
    )


def added_figure(text: str, chance: random.Random) -> str | None:
    extra = chance.choice(
        (" within 30 days", " for $550", " after 5 years", " with 75% of the points", " using form I-129")
    )
    return None if extra in text else re.sub(r"\.?$", f"{extra}.", text, count=1)


def changed_date(text: str, chance: random.Random) -> str | None:
    date = re.search(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b(?: (\d{{4}}))?", text)
    month_year = re.search(rf"\b({'|'.join(_MONTHS)}) (\d{{4}})", text)
    if date:
        day, month, year = date.groups()
        options = [(str(int(day) % 28 + 1), month, year), (day, _MONTHS[_MONTHS.index(month) - 1], year)]
        options += [(day, month, str(int(year) - 1))] if year else []
        return text[: date.start()] + " ".join(filter(None, chance.choice(options))) + text[date.end() :]
    if month_year:
        return text.replace(month_year.group(), f"{month_year[1]} {int(month_year[2]) + 1}", 1)
    year_only = re.search(r"\b20\d\d\b", text)
    return text.replace(year_only.group(), str(int(year_only.group()) + 1), 1) if year_only else None


def changed_code(text: str, chance: random.Random) -> str | None:
    codes = list(
        re.finditer(
            r"\b[A-Z]{1,4}-\d{1,4}[A-Z]?\b|\bIMM ?\d{4}\b|\b(?:subclass|form|section) \d+\b|\b[A-Z]\d[A-Z]?\b", text
        )
    )
    if not codes:
        return None
    match = chance.choice(codes)
    new = re.sub(r"\d+", lambda digits: str(int(digits.group()) + chance.choice((1, 5, 10))), match.group(), count=1)
    return text[: match.start()] + new + text[match.end() :]


def dropped_not(text: str, chance: random.Random) -> str | None:
    places = list(re.finditer(r"\b(?:can)not\b|(?<=\w) not\b(?! only)|\bno (?=\w)|\bnever ", text))
    if not places:
        return None
    match = chance.choice(places)
    new = {"cannot": "can", "no ": "a ", "never ": ""}.get(match.group(), "")
    return text[: match.start()] + new + text[match.end() :]


def added_not(text: str, chance: random.Random) -> str | None:
    places = list(re.finditer(r"\b(can|must|may|should|will|is|are|was|has|have|do|does)\b(?! not|not)", text))
    places = [match for match in places if not text[match.end() :].startswith((" to ", "n't"))]
    if not places:
        return None
    match = chance.choice(places)
    return text[: match.end()] + " not" + text[match.end() :]


def may_to_must(text: str, chance: random.Random) -> str | None:
    return _swap({"may": "must", "can": "must", "might": "will", "could": "must", "is allowed to": "is required to", "should": "must", "are allowed to": "have to"})(text, chance)  # fmt: skip


def must_to_may(text: str, chance: random.Random) -> str | None:
    if re.search(r"\b(?:may|might|will|would|could)\b[a-z ]{1,12}\b(?:have|need) to\b", text):
        return None
    return _swap({"must": "may", "have to": "can", "need to": "may", "has to": "can", "required to": "allowed to", "must not": "do not have to", "do not need to": "must not", "should": "can"})(text, chance)  # fmt: skip


def other_actor(text: str, chance: random.Random) -> str | None:
    match = re.search(
        r"(?:^|(?<=, )|(?<=and ))(you|a visitor|students?|applicants?|the officer|an officer|your (?:employer|spouse|sponsor|school|partner)|"
        r"the (?:employer|sponsor|student|applicant|worker)|most people)(?= (?:also |usually |normally |then )?(?:can|must|may|should|need|needs|have|do|will|is|are|pay|pays|apply)\b)",
        text,
        re.IGNORECASE,
    )
    if not match:
        return None
    others = [
        "your employer",
        "your lawyer",
        "the embassy",
        "your spouse",
        "your sponsor",
        "your landlord",
        "your school",
    ]
    other = chance.choice([name for name in others if name.split()[-1] not in match.group().lower()])
    new = other[0].upper() + other[1:] if match.start() == 0 else other
    return text[: match.start()] + new + text[match.end() :]


_CONDITION = r"(?:if|unless|only if|as long as|provided that|until|before|except|when|while|without|during|after)"


def dropped_condition(text: str, chance: random.Random) -> str | None:
    leading = re.match(rf"{_CONDITION}\b[^,]*, (?=(?:you|the|a|an|your|it|they|most|there)\b)", text, re.IGNORECASE)
    if leading:
        rest = text[leading.end() :]
        return rest[0].upper() + rest[1:]
    trailing = re.search(rf",? {_CONDITION} [^,.;:]+\.$", text)
    if trailing and len(text[: trailing.start()].split()) > 3 and text[: trailing.start()].split()[-1] not in _DANGLING:
        return text[: trailing.start()] + "."
    return None


_DANGLING = frozenset("depends on about even and or but know shown not".split())


def added_condition(text: str, chance: random.Random) -> str | None:
    if not text.endswith(".") or ":" in text:
        return None
    extra = chance.choice(("if your employer agrees", "only if you are married", "unless you are under 21", "until your passport ends", "before you pay the fee", "if you have a job offer", "when you arrive", "without an interview"))  # fmt: skip
    return None if extra.split(" ", 1)[1] in text else f"{text[:-1]} {extra}."


def weaker_bound(text: str, chance: random.Random) -> str | None:
    return _swap({"at least": "at most", "up to": "at least", "at most": "at least", "no more than": "at least", "more than": "less than", "less than": "more than", "longer than": "shorter than", "or less": "or more", "or more": "or less", "over": "under", "under": "over", "a maximum of": "a minimum of", "within": "after", "or longer": "or shorter", "or older": "or younger", "older than": "younger than", "limited to": "at least"})(text, chance)  # fmt: skip


def dropped_bound(text: str, chance: random.Random) -> str | None:
    new = re.sub(
        r"\b(?:(?<!to )a maximum of|up to|at least|at most|within|more than|less than|about) (?=\d|[a-z]+ (?:day|month|year|week|hour|point))",
        "",
        text,
        count=1,
    )
    return new if new != text else None


def before_to_after(text: str, chance: random.Random) -> str | None:
    return _swap({"before": "after", "after": "before", "until": "after", "by": "after"} if " by 1" in text else {"before": "after", "after": "before", "until": "after"})(text, chance)  # fmt: skip


def changed_unit(text: str, chance: random.Random) -> str | None:
    number = rf"(?:\d+|{'|'.join(_WORDS[1:])})"
    places = [m for unit in _UNITS for m in re.finditer(rf"(?<={' '}|-)(?:business |working )?\b{unit}\b", text) if re.search(rf"\b{number}[ -]$", text[: m.start()])]  # fmt: skip
    if not places:
        return None
    match = chance.choice(places)
    return text[: match.start()] + _UNITS[match.group().split()[-1]] + text[match.end() :]


def stronger_degree(text: str, chance: random.Random) -> str | None:
    return _swap({"most": "all", "usually": "always", "normally": "always", "some": "all", "generally": "always", "often": "always", "sometimes": "always", "many": "all", "only": "also", "certain": "all"})(text, chance)  # fmt: skip


def antonym(text: str, chance: random.Random) -> str | None:
    return _swap({"inside": "outside", "outside": "inside", "temporary": "permanent", "permanent": "temporary", "increase": "decrease", "approved": "refused", "refused": "approved", "accepted": "rejected", "valid": "expired", "eligible": "ineligible", "full-time": "part-time", "free": "costly", "online": "on paper", "start": "stop", "longer": "shorter", "earlier": "later", "first": "last", "public": "private", "married": "unmarried", "same": "different", "single": "multiple"})(text, chance)  # fmt: skip


LIES: Mapping[str, Planter] = {
    "invented figure": invented_figure,
    "added figure": added_figure,
    "changed date": changed_date,
    "changed currency": _swap(_CURRENCIES),
    "changed unit": changed_unit,
    "changed form code": changed_code,
    "dropped not": dropped_not,
    "added not": added_not,
    "may to must": may_to_must,
    "must to may": must_to_may,
    "other actor": other_actor,
    "dropped condition": dropped_condition,
    "added condition": added_condition,
    "at least to at most": weaker_bound,
    "dropped bound": dropped_bound,
    "before to after": before_to_after,
    "other country": _swap(_COUNTRIES),
    "most to all": stronger_degree,
    "antonym": antonym,
}


def number_form(text: str, chance: random.Random) -> str | None:
    def other(match: re.Match[str]) -> str:
        word = match.group()
        return str(_WORDS.index(word)) if word in _WORDS else _WORDS[int(word)]

    new = re.sub(
        rf"\b(?:{'|'.join(_WORDS[2:])}|[2-9]|1[0-2])\b(?=[ -](?:days?|weeks?|months?|years?|hours?)\b)", other, text
    )
    return new if new != text else None


def date_form(text: str, chance: random.Random) -> str | None:
    new = re.sub(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})", r"\2 \1, \3", text)
    return new if new != text else None


def reordered(text: str, chance: random.Random) -> str | None:
    leading = re.match(r"((?:If|When|Before|After|Unless|Until|Once|While) [^,]+), ([a-z][^,;:]*)\.$", text)
    if leading:
        return f"{leading[2][0].upper()}{leading[2][1:]} {leading[1][0].lower()}{leading[1][1:]}."
    trailing = re.match(
        r"([A-Z][^,;:]*[a-z]) ((?:if|when|before|after|unless|until|once) (?:you|your|the|it|they)\b[^,;:]+)\.$", text
    )
    if trailing and not re.search(r"\b(?:and|or|but|even|only|that|who|not)$", trailing[1]):
        return f"{trailing[2][0].upper()}{trailing[2][1:]}, {trailing[1][0].lower()}{trailing[1][1:]}."
    return None


def shortened(text: str, chance: random.Random) -> str | None:
    new = re.sub(r", such as [^.;:]+(?=\.$)|, for example [^.;:]+(?=\.$)| \([^)]*\)", "", text)
    new = re.sub(r"^([^,;:]+), and (?:you|the|it|a|your|they) (?:[^,;:]+)\.$", r"\1.", new) if new == text else new
    if new != text and not re.match(r"(?:If|When|Before|Once|Since|After)\b", text):
        return new
    return None


def same_modal(text: str, chance: random.Random) -> str | None:
    return _swap({"you must": "you have to", "you can": "you are allowed to", "do not need to": "do not have to", "cannot": "can't", "you must not": "you may not", "do not": "don't", "you need to": "you must"})(text, chance)  # fmt: skip


def reported(text: str, chance: random.Random) -> str | None:
    return (
        f"According to the document, {text[0].lower()}{text[1:]}"
        if re.match(r"(?:You|A|An|The|Most|If|Some)\b", text)
        else None
    )


def filler(text: str, chance: random.Random) -> str | None:
    return f"Yes, {text[0].lower()}{text[1:]}" if re.match(r"You (?:can|may)\b(?! ?not)", text) else None


def country_form(text: str, chance: random.Random) -> str | None:
    if re.search(r"\b(?:in|for) Canada\b", text) and "Canadian" not in text:
        return None
    new = re.sub(r"\ba Canadian ([a-z]+ (?:permit|visa))\b", r"a \1 for Canada", text)
    new = re.sub(r"\bUnited Kingdom\b", "UK", new)
    return new if new != text else None


def for_you(text: str, chance: random.Random) -> str | None:
    new = re.sub(
        r"\bprogram\b",
        "programme",
        re.sub(
            r"\bobtain\b", "get", re.sub(r"\breceive\b", "get", re.sub(r"\bapply\b", "submit an application", text))
        ),
    )
    return new if new != text else None


REWRITES: Mapping[str, Planter] = {
    "number words": number_form,
    "date form": date_form,
    "clauses reordered": reordered,
    "shortened": shortened,
    "same modal": same_modal,
    "reported": reported,
    "yes in front": filler,
    "country form": country_form,
    "plain synonym": for_you,
}
