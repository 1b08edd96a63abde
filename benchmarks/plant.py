"""Lies planted into true sentences by rules that know nothing of the verifier's lists."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

__all__ = ["LIES", "MONTHS", "WORDS", "Planter", "swap"]

Planter = Callable[[str, random.Random], str | None]

MONTHS = "January February March April May June July August September October November December".split()
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_COUNTRIES = """
    Canada > Australia | Canadian > Australian | Australia > Canada | Australian > Canadian
    United Kingdom > United States | United States > United Kingdom | UK > US | US > UK
    Schengen > Canadian | Quebec > Ontario | British > American | American > British
"""
_CURRENCIES = """
    CAD > USD | USD > AUD | AUD > USD | £ > $ | € > £ | $ > £ | GBP > USD | EUR > GBP | CA$ > US$ | AU$ > US$
    euros > pounds | dollars > euros | pounds > euros
"""
_UNITS = """
    days > weeks | weeks > months | months > years | years > months | hours > days
    month > year | day > week | week > day | year > month | hour > day
"""
_BOUNDS = """
    at least > at most | up to > at least | at most > at least | no more than > at least | more than > less than
    less than > more than | longer than > shorter than | or less > or more | or more > or less | over > under
    under > over | a maximum of > a minimum of | within > after | or longer > or shorter | or older > or younger
    older than > younger than | limited to > at least
"""
_STRONGER = """
    most > all | usually > always | normally > always | some > all | generally > always | often > always
    sometimes > always | many > all | only > also | certain > all
"""
_ANTONYMS = """
    inside > outside | outside > inside | temporary > permanent | permanent > temporary | increase > decrease
    approved > refused | refused > approved | accepted > rejected | valid > expired | eligible > ineligible
    full-time > part-time | free > costly | online > on paper | start > stop | longer > shorter | earlier > later
    first > last | public > private | married > unmarried | same > different | single > multiple
"""
_OBLIGING = """
    may > must | can > must | might > will | could > must | is allowed to > is required to | should > must
    are allowed to > have to
"""
_ALLOWING = """
    must > may | have to > can | need to > may | has to > can | required to > allowed to
    must not > do not have to | do not need to > must not | should > can
"""
_ACTORS = ("your employer", "your lawyer", "the embassy", "your spouse", "your sponsor", "your landlord", "your school")
_EXTRA_CONDITIONS = (
    "if your employer agrees", "only if you are married", "unless you are under 21", "until your passport ends",
    "before you pay the fee", "if you have a job offer", "when you arrive", "without an interview",
)  # fmt: skip


def _table(rows: str) -> dict[str, str]:
    """Read rows of "phrase > other", separated by bars and line ends."""
    pairs = (pair.split(">") for pair in re.split(r"[|\n]", rows) if pair.strip())
    return {phrase.strip(): other.strip() for phrase, other in pairs}


def swap(rows: str) -> Planter:
    """Replace one of the phrases of "phrase > other | …" by the other, keeping a capital."""
    table = _table(rows)

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
    places += re.finditer(rf"\b(?:{'|'.join(WORDS[2:])})\b(?=[ -](?:day|week|month|year|hour|point))", text)
    places = [match for match in places if not _in_date(match, text)]
    if not places:
        return None
    match = chance.choice(places)
    old = match.group()
    value = WORDS.index(old) if old in WORDS else float(old.replace(",", ""))
    new = f"{value * chance.choice((2, 3, 5)) + chance.choice((1, 7)):g}"
    return text[: match.start()] + new + text[match.end() :]


def _in_date(match: re.Match[str], text: str) -> bool:
    months = "|".join(MONTHS)
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
    date = re.search(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b(?: (\d{{4}}))?", text)
    month_year = re.search(rf"\b({'|'.join(MONTHS)}) (\d{{4}})", text)
    if date:
        day, month, year = date.groups()
        options = [(str(int(day) % 28 + 1), month, year), (day, MONTHS[MONTHS.index(month) - 1], year)]
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


def must_to_may(text: str, chance: random.Random) -> str | None:
    if re.search(r"\b(?:may|might|will|would|could)\b[a-z ]{1,12}\b(?:have|need) to\b", text):
        return None  # "may still can" is nonsense, not a lie
    lie = swap(_ALLOWING)(text, chance)
    # "May not" is another way to say "must not".
    return lie if lie and lie.count("may not") == text.count("may not") else None


def other_actor(text: str, chance: random.Random) -> str | None:
    match = re.search(
        r"(?:^|(?<=, )|(?<=and ))(you|a visitor|students?|applicants?|the officer|an officer|most people"
        r"|your (?:employer|spouse|sponsor|school|partner)|the (?:employer|sponsor|student|applicant|worker))"
        r"(?= (?:also |usually |normally |then )?"
        r"(?:can|must|may|should|need|needs|have|do|will|is|are|pay|pays|apply)\b)",
        text,
        re.IGNORECASE,
    )
    if not match:
        return None
    other = chance.choice([name for name in _ACTORS if name.split()[-1] not in match.group().lower()])
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
    extra = chance.choice(_EXTRA_CONDITIONS)
    if not text.endswith(".") or ":" in text or extra.split(" ", 1)[1] in text:
        return None
    return f"{text[:-1]} {extra}."


def dropped_bound(text: str, chance: random.Random) -> str | None:
    bound = r"(?:(?<!to )a maximum of|up to|at least|at most|within|more than|less than|about)"
    new = re.sub(rf"\b{bound} (?=\d|[a-z]+ (?:day|month|year|week|hour|point))", "", text, count=1)
    return new if new != text else None


def changed_unit(text: str, chance: random.Random) -> str | None:
    units = _table(_UNITS)
    number = rf"(?:\d+|{'|'.join(WORDS[1:])})"
    places = list(re.finditer(rf"\b{number}[ -](?:business |working )?({'|'.join(units)})\b", text))
    if not places:
        return None
    match = chance.choice(places)
    return text[: match.start(1)] + units[match[1]] + text[match.end(1) :]


LIES: Mapping[str, Planter] = {
    "invented figure": invented_figure,
    "added figure": added_figure,
    "changed date": changed_date,
    "changed currency": swap(_CURRENCIES),
    "changed unit": changed_unit,
    "changed form code": changed_code,
    "dropped not": dropped_not,
    "added not": added_not,
    "may to must": swap(_OBLIGING),
    "must to may": must_to_may,
    "other actor": other_actor,
    "dropped condition": dropped_condition,
    "added condition": added_condition,
    "at least to at most": swap(_BOUNDS),
    "dropped bound": dropped_bound,
    "before to after": swap("before > after | after > before | until > after"),
    "other country": swap(_COUNTRIES),
    "most to all": swap(_STRONGER),
    "antonym": swap(_ANTONYMS),
}
