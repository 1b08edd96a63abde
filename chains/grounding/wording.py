"""Words of a sentence in comparable form: lower case, contractions written out, stems, names of countries made one."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

__all__ = ["COUNTRIES", "content_words", "is_content", "normalise", "stem", "words"]

_local = threading.local()

# Words that carry no statement of their own. Negations, modals, conditions and comparisons are not among them: they
# are compared as operators (chains.grounding.clauses), so that none can be dropped or added unseen.
_LIGHT = frozenset(
    """
    a an the this that these those it its they them their theirs he him his she her hers we us our ours i me my mine you
    your yours yourself themselves itself himself herself who whom whose which what how why there here
    be is are am was were been being do does did done doing have has had having get gets got getting
    and or but so also too then thus hence therefore however moreover in on at of to for from by with as into onto
    about than such same own just else per via again each other
    will would shall yes please note means mean called namely regarding concerning s etc eg ie
    """.split()
)

# Words with which a writer reports what a source says; they add nothing that could be wrong.
_REPORTING = frozenset(
    "according say says said state states stated document documents source sources passage passages page".split()
)

# A writer may swap the words of one row for each other: they say the same in rules for people.
_SYNONYMS = (
    "apply application applying",
    "ask request",
    "begin start commence",
    "end finish",
    "big large",
    "buy purchase",
    "cost costs price",
    "give provide supply submit",
    "show prove demonstrate proof evidence",
    "help assist assistance",
    "money funds",
    "obtain receive",
    "choose select",
    "decide decision",
    "refuse refusal deny denial reject rejection",
    "approve approval",
    "valid validity",
    "person people individual anyone someone",
    "use using",
    "travel journey trip",
    "extend extension",
    "exempt exemption",
    "eligible eligibility",
    "inadmissible inadmissibility",
    "fee charge",
    "licence license",
    "program programme",
    "centre center",
    "organisation organization",
    "authorisation authorization",
    "biometrics biometric",
    "website site",
    "accommodation housing",
)

_COUNTRIES = {
    r"united states of america|united states|u\.s\.a\.?|usa|u\.s\.|american|americans": "unitedstates",
    r"united kingdom|great britain|britain|u\.k\.|uk|british": "unitedkingdom",
    r"canadian|canadians": "canada",
    r"australian|australians": "australia",
    r"new zealanders?|new zealand": "newzealand",
    r"european union|eu": "europeanunion",
    r"germans?": "germany",
    r"french": "france",
    r"irish": "ireland",
    r"indian|indians": "india",
    r"mexican|mexicans": "mexico",
    r"chinese": "china",
}
_COUNTRY = re.compile("|".join(rf"(?P<c{i}>\b(?:{names})(?!\w))" for i, names in enumerate(_COUNTRIES)), re.IGNORECASE)
_COUNTRY_NAMES = tuple(_COUNTRIES.values())
_CAPITAL_US = re.compile(r"\bUS\b(?!\s?\$)|(?<=\bthe )U\.?S\b")

_CONTRACTIONS = (
    (re.compile(r"\bcan['’]?t\b|\bcannot\b"), "can not"),
    (re.compile(r"\bwon['’]t\b"), "will not"),
    (re.compile(r"\bshan['’]t\b"), "shall not"),
    (re.compile(r"n['’]t\b"), " not"),
    (re.compile(r"['’]re\b"), " are"),
    (re.compile(r"['’]ll\b"), " will"),
    (re.compile(r"['’]ve\b"), " have"),
    (re.compile(r"\b(it|there|that|what|he|she)['’]s\b"), r"\1 is"),
    (re.compile(r"['’]s?\b"), " "),
)


_APPLYING = re.compile(r"\b(?:submit|make|file|lodge|send|put)s?(?: in)? (?:an |your |the )?applications?\b")
_APPLICANT = re.compile(r"\bapplicant(s?)\b")


def normalise(text: str) -> str:
    """Lower case, contractions written out, one name for each country; punctuation stays."""
    text = unicodedata.normalize("NFKC", text)
    text = _CAPITAL_US.sub("unitedstates", text)
    text = _COUNTRY.sub(lambda match: _COUNTRY_NAMES[int((match.lastgroup or "c0")[1:])], text).lower()
    for pattern, plain in _CONTRACTIONS:
        text = pattern.sub(plain, text)
    # "applicant" would share its stem with "application".
    return _APPLICANT.sub(r"person\1", _APPLYING.sub("apply", text))


def words(text: str) -> list[str]:
    """The words of a normalised text, hyphens and slashes split."""
    return re.findall(r"[^\W_]+", text)


def content_words(text: str) -> list[str]:
    """The stems of the words that state something, in order; figures are left to `chains.grounding.values`."""
    return [stem(word) for word in words(normalise(text)) if is_content(word)]


def is_content(word: str) -> bool:
    return word not in _LIGHT and word not in _REPORTING and len(word) > 1


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem that a word shares with its inflections and its row of synonyms."""
    plain = str(_stemmer().stemWord(word))
    return _synonyms().get(plain, plain)


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, str]:
    stemmed = [[str(_stemmer().stemWord(word)) for word in row.split()] for row in _SYNONYMS]
    return {word: row[0] for row in stemmed for word in row}


def _stemmer() -> Stemmer.Stemmer:
    # A Stemmer may not be shared between threads (its own documentation says so).
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")
    return _local.stemmer


COUNTRIES = frozenset(map(stem, _COUNTRIES.values()))
"""The stems of countries that the documents tell apart; others are ordinary words."""
