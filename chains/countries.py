"""Which country's rules a question asks for, told apart from the country a person comes from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from babel import Locale

from core.jurisdictions import SCHENGEN

__all__ = ["Countries", "countries_in", "country_name", "listed_together", "without_countries"]

_NAMES = {SCHENGEN: "the Schengen area", "US": "the United States", "GB": "the United Kingdom", "ZZ": "all countries"}

_LANGUAGES = ("en", "fr", "es", "pt", "ar", "fa", "hi", "zh", "vi", "ru", "tr", "uk")

# Names that CLDR does not list, and the adjectives and authorities that stand for a country in everyday English.
_ALIASES = {
    "canadian": "CA", "canadians": "CA", "ircc": "CA", "quebec": "CA", "québec": "CA", "ontario": "CA",
    "british columbia": "CA", "alberta": "CA", "toronto": "CA", "vancouver": "CA", "calgary": "CA", "edmonton": "CA",
    "montreal": "CA", "ottawa": "CA", "winnipeg": "CA",
    "new york": "US", "chicago": "US", "los angeles": "US", "san francisco": "US", "seattle": "US", "miami": "US",
    "america": "US", "american": "US", "americans": "US", "usa": "US",
    "u.s.": "US", "u.s": "US", "u.s.a.": "US", "uscis": "US",
    "the states": "US",
    "uk": "GB", "u.k.": "GB", "u.k": "GB", "britain": "GB", "great britain": "GB", "british": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "london": "GB",
    "manchester": "GB", "edinburgh": "GB", "glasgow": "GB", "ukvi": "GB", "home office": "GB",
    "eu settlement scheme": "GB", "eu settled status": "GB",
    "australian": "AU", "aussie": "AU", "australians": "AU", "home affairs": "AU", "sydney": "AU", "melbourne": "AU",
    "brisbane": "AU", "adelaide": "AU", "canberra": "AU",
    "schengen": SCHENGEN, "european union": SCHENGEN, "europe": SCHENGEN, "eu": SCHENGEN,
    "german": "DE", "deutschland": "DE", "berlin": "DE", "munich": "DE", "frankfurt": "DE", "hamburg": "DE",
    "stuttgart": "DE", "cologne": "DE", "düsseldorf": "DE", "leipzig": "DE",
    "french": "FR", "spanish": "ES", "italian": "IT", "dutch": "NL",
    "nz": "NZ", "n.z.": "NZ", "inz": "NZ", "aotearoa": "NZ", "auckland": "NZ", "wellington": "NZ", "christchurch": "NZ",
    "kiwi": "NZ", "kiwis": "NZ", "paris": "FR", "rome": "IT", "milan": "IT", "madrid": "ES", "barcelona": "ES",
    "lisbon": "PT", "amsterdam": "NL", "brussels": "BE", "vienna": "AT", "zurich": "CH", "prague": "CZ", "athens": "GR",
    "copenhagen": "DK", "stockholm": "SE", "oslo": "NO", "reykjavik": "IS", "dublin": "IE",
    "turkey": "TR", "burma": "MM", "ivory coast": "CI", "cape verde": "CV", "czech republic": "CZ",
    "japanese": "JP", "irish": "IE", "emirates": "AE", "uae": "AE", "dubai": "AE", "korea": "KR",
}  # fmt: skip

_PEOPLE = re.compile(
    r"(?:canadians|americans|australians|kiwis)\b"
    r"|(?:canadian|american|british|australian|aussie|german|french|spanish|italian|dutch|kiwi|japanese|irish)\b(?=\s+"
    r"(?:citizens?|nationals?|persons?|people|m[ae]n|wom[ae]n|husband|wife|spouse|partner|boyfriend|girlfriend|fianc\w+"
    r"|(?:permanent )?residents?|passport|students?|workers?|famil(?:y|ies)|parents?|mother|father|brother|sister"
    r"|marry|work|live|study|go|travel|visit|move|retire|stay|get|apply|enter|come)\b"
    r"(?!\s*(?:cards?|status|class|sponsorship|streams?|applications?|tests?|visas?|permits?|experience|insurance)\b))",
    re.IGNORECASE,
)
"""Words that say whose people somebody is of: beside a country that they want to go to, where they come from. What is
"Canadian" may also be a thing, as fingerprints."""

# Words of one country's immigration system: they say which rules are meant where no country is named.
_ONLY_THERE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE))
    for code, words in (
        (
            "CA",
            r"express entry|pgwp|lmia|crs score|pnp|provincial nominee\w*|super visa|caq|csq|study permits?|imm ?\d{4}",
        ),
        (
            "US",
            r"green ?cards?|h-?1b|h-?4|f-?1|j-?1|esta|daca|k-?1|dv lottery|n-?400|ds-?(?:160|260|2019)"
            r"|(?<!english )(?<!german )(?<!level )b-?[12](?! (?:english|german|level|tests?|exams?|certificates?))"
            r"|opt(?! (?:out|in|for|to)\b)"
            r"|i-?(?:20|94|130|131|485|539|589|601a?|693|751|765|797|864)",
        ),
        (
            "GB",
            r"ilr|indefinite leave(?: to remain)?|brp|gov\.uk|life in the uk|share codes?|skilled worker visas?"
            r"|(?:pre-?)?settled status|nhs|immigration health surcharge|national insurance number|youth mobility",
        ),
        (
            "AU",
            r"(?:subclass|on(?: an?| my| the)?|from(?: an?| my| the)?|my|the) "
            r"(?:417|462|482|485|491|494|820|866)(?! (?:dollars|euros?|pounds|hours|days|people))|subclass \d{3}"
            r"|^(?:417|462|482|485|491|494|820|866)(?= [a-z])"
            r"(?! (?:dollars|euros?|pounds|hours|days|weeks|months|people|points?|crs|score)\b)"
            r"|vevo|immiaccount|skillselect|(?:417|462|482|485|491|189|190|500|600|820|866) visas?"
            r"|bridging visas?|hap id|section 48",
        ),
        ("NZ", r"nzeta|aewv|accredited employer work visas?|skilled migrant category|parent boost|ird number"),
        (
            "DE",
            r"chancenkarte|opportunity cards?|niederlassungserlaubnis|settlement permits?|aufenthaltserlaubnis|bamf"
            r"|ausländerbehörde|foreigners'? (?:authority|office)|fiktionsbescheinigung|duldung|ausbildung|anmeldung"
            r"|einbürgerung|sperrkonto|blocked accounts?|remonstration|integration courses?",
        ),
        (SCHENGEN, r"etias|90/180|(?:eu )?blue cards?"),
    )
)

_ORIGIN_BEFORE = re.compile(
    r"(?:\bfrom|\bborn in|\b(?:citizens?|nationals?) of"
    r"|\b(?:live|lives|living|reside|residing)(?: with(?: \w+){1,3})? in|\b(?:currently|now|am|are|is) in"
    r"|\bleave|\bleaving|\bleft|\bwe are|\b(?:i am|i'm|im|he is|he's|she is|she's)(?: an?)?)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ORIGIN_AFTER = re.compile(
    r"^\s+(?:citizens?|nationals?|passport)\b(?!\s*(?:status|ship|application|test))", re.IGNORECASE
)
_SPOKEN_BEFORE = re.compile(
    r"\b(?:sp[eo]ak\w*|spoke|understand\w*|translat\w+ (?:in)?to|fluent in|written in)\s+"
    r"(?:(?:only|just|mostly|some|good|better|fluent|any|no|little|a (?:little|bit(?: of)?))\s+)*$",
    re.IGNORECASE,
)
"""Before the name of a language, which is no country's."""
_AS_ONE_BEFORE = re.compile(r"\bas\s+an?\s+$", re.IGNORECASE)
"""Before a nationality that somebody has, where another country is asked about: "stay in France as an American"."""
_DESTINATION_BEFORE = re.compile(
    r"(?:\b(?:immigrat\w*|emigrat\w*|migrat\w*|mov\w*|go|going|travel\w*|relocat\w*|com\w+|fly\w*|trip|return\w*)\s+to"
    r"|\b(?:bring|invite|sponsor)(?:\s+[\w']+){1,4}\s+to"
    r"|\b(?:can|may|could)(?:\s+\w+){1,4}\s+live\s+in|\b(?:visit|visiting|enter|entering)"
    r"|\b(?:study\w*|work\w*|retir\w*|settl\w*|to live|job|jobs|marr\w+)\s+in"
    r"|\b(?:visas?|permits?|citizenship|residen\w+|asylum|passport|rules|law)\s+(?:for|to|in|of))\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ACTS_BEFORE = re.compile(r"\b(?:will|would|does|do|did)\s+(?:the\s+)?$", re.IGNORECASE)
"""Before a country that does something: "Does Japan accept …?" asks for its rules."""
_ACCEPTED_BEFORE = re.compile(r"\b(?:accept|recogni[sz]e|honou?r)\b[^.?!]{0,30}$", re.IGNORECASE)
"""Between a country that does something and another, whose papers it takes or does not."""
_DESTINATION_AFTER = re.compile(
    r"^\s+(?:(?:study|student|work|visitor|tourist|family|partner|spouse)\s+)?"
    r"(?:visas?|permits?|citizenship|residen\w+|green card|immigration)\b",
    re.IGNORECASE,
)


_RULES_BEFORE = re.compile(
    r"(?:\b(?:need|get|getting|require|obtain|apply\w*|ask\w*)\b[^.?!]{0,40}"
    r"\b(?:visas?|permits?|citizenship|residen\w+|asylum)\b[^.?!]{0,25}"
    r"|\b(?:citizenship|asylum|rules|laws?)\s+(?:for|in|of))\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What stands before a country whose own rules are asked for, and which is not only travelled to."""

_RELATIVE_BEFORE = re.compile(
    r"\b(?:marr\w+|husband|wife|spouse|partner|fianc\w+|boyfriend|girlfriend|parents?|mother|father|mum|mom|dad|sons?"
    r"|daughters?|child|children|brother|sister)\b(?:\s+\w+){0,3}\s+(?:an? )?$",
    re.IGNORECASE,
)
"""Before a nationality: whoever has such a relative asks for the rules of that country."""

_LISTED = re.compile(
    r"\W*(?:visas?|permits?)?\W*(?:and|or|vs|versus|than|compared (?:to|with)|to|with)?\W*"
    r"(?:(?:in|for|on|to|an?|the) ?)*\W*",
    re.IGNORECASE,
)
_KEPT = 16
"""Texts whose countries are remembered: one question asks for them half a dozen times."""
_FOR_EACH = re.compile(r"\b(?:in|of|for) (?:each|both|all|every)\b|\beach (?:of|country)\b|\bcompar\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Countries:
    """Country codes in a text: `wanted` whose rules are asked for, `origins` where somebody comes from or is.

    `certain` says that a wanted country stands where only a destination can stand ("move to …", "… visa"). `systems`
    are those whose own words stand in the text, or of which a relative is a citizen, where a wanted one may only be
    travelled to or lived in: "to India on OPT", "I married a US citizen in India".
    """

    wanted: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    certain: bool = False
    systems: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """All that the text names, whose rules are wanted first."""
        return (*self.wanted, *self.origins)


def country_name(code: str) -> str:
    """The English name as it stands within a sentence; the code itself when nobody knows it."""
    return _NAMES.get(code) or Locale("en").territories.get(code, code)


def countries_in(text: str) -> Countries:
    """Read the countries a text names, in twelve languages."""
    wanted: dict[str, bool] = {}
    origins: dict[str, None] = {}
    mentions = [_Mention.read(text, *place) for place in _mentions(text) if not _SPOKEN_BEFORE.search(text[: place[1]])]
    for at, one in enumerate(mentions):
        accepted = one.accepted and not one.acts and any(before.acts for before in mentions[:at])
        if accepted or (one.left and not one.is_sure):
            origins[one.code] = None
        else:
            wanted[one.code] = wanted.get(one.code, False) or one.is_sure
    certain = any(wanted.values())
    people = {
        one.code for one in mentions if (one.as_one or (one.people and certain)) and not wanted.get(one.code, True)
    }
    if wanted.keys() - people:
        origins |= dict.fromkeys(code for code in wanted if code in people)
        wanted = {code: sure for code, sure in wanted.items() if code not in people}
    origins = {code: None for code in origins if code not in wanted}
    spoken_of = tuple(code for code, words in _ONLY_THERE if words.search(text))
    if not wanted:
        return Countries(spoken_of, tuple(code for code in origins if code not in spoken_of))
    relatives = (one.code for one in mentions if one.relative)
    systems = () if any(one.rules for one in mentions) else tuple(dict.fromkeys((*spoken_of, *relatives)))
    return Countries(tuple(wanted), tuple(origins), any(wanted.values()), systems)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A country where it is named, and what the words beside it say.

    `is_sure`: only what is wanted stands there; `left`: somebody comes from there or is there; `people`: it names whose
    people somebody is of, `as_one` that they are spoken of as such; `relative`: a relative is a citizen; `acts`: it is
    what does something, `accepted`: what another may accept papers of; `rules`: its own are asked for.
    """

    code: str
    is_sure: bool
    left: bool
    people: bool
    as_one: bool
    relative: bool
    acts: bool
    accepted: bool
    rules: bool

    @classmethod
    def read(cls, text: str, code: str, start: int, end: int) -> _Mention:
        before, after = text[:start], text[end:]
        people, citizen = bool(_PEOPLE.match(text, start)), bool(_ORIGIN_AFTER.match(after))
        acts = not (people or citizen) and bool(_ACTS_BEFORE.search(before))
        permit = bool(_DESTINATION_AFTER.match(after))
        aimed_at = bool(_DESTINATION_BEFORE.search(before)) and not (people and citizen)
        return cls(
            code,
            is_sure=permit or acts or aimed_at,
            left=citizen or bool(_ORIGIN_BEFORE.search(before)),
            people=people,
            as_one=bool(_AS_ONE_BEFORE.search(before)),
            relative=citizen and bool(_RELATIVE_BEFORE.search(before)),
            acts=acts,
            accepted=bool(_ACCEPTED_BEFORE.search(before)),
            rules=permit or acts or bool(_RULES_BEFORE.search(before)),
        )


def without_countries(text: str, *, only: Collection[str] | None = None) -> str:
    """The text with every country's name left out, or with the names of those in `only`."""
    for code, start, end in reversed(_mentions(text)):
        if only is None or code in only:
            text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def listed_together(text: str) -> bool:
    """Whether a text names countries side by side, as when the same is asked of each of them."""
    mentions = _mentions(text)
    codes = {code for code, _, _ in mentions}
    if len(codes) < 2:
        return False
    between = [text[end:start] for (_, _, end), (_, start, _) in pairwise(mentions)]
    return _FOR_EACH.search(text) is not None or any(_LISTED.fullmatch(gap) for gap in between)


@lru_cache(maxsize=_KEPT)
def _mentions(text: str) -> tuple[tuple[str, int, int], ...]:
    names = _names()
    found = list(names.found_in(_folded(text)))
    # "us" is a pronoun; the country is written in capitals or after an article.
    found += [("US", *match.span()) for match in _US.finditer(text)]
    return tuple(sorted(found, key=lambda mention: mention[1]))


_US = re.compile(r"\bUS\b|(?<=\bthe )us\b(?! all\b)")


@dataclass(frozen=True, slots=True)
class _Names:
    """Every name of a country with its code; a pattern for each word that names begin with, one for unspaced names."""

    codes: Mapping[str, str]
    by_word: Mapping[str, re.Pattern[str]]
    unspaced: re.Pattern[str]

    def found_in(self, folded: str) -> Iterator[tuple[str, int, int]]:
        """Codes and where their names stand, the longest first; one pattern of all names takes thirty times as long."""
        end = 0
        for word in _WORD.finditer(folded):
            pattern = self.by_word.get(_plain(word.group())) if word.start() >= end else None
            if pattern is not None and (match := pattern.match(folded, word.start())):
                yield self.codes[_plain(match.group())], *match.span()
                end = match.end()
        if _UNSPACED.search(folded):
            for match in self.unspaced.finditer(folded):
                yield self.codes[_plain(match.group())], *match.span()


@lru_cache(maxsize=1)
def _names() -> _Names:
    codes = {_folded(name): code for name, code in _ALIASES.items()}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "XA", "XB", "EZ", "UN", "EU") and len(name) > 1:
                codes.setdefault(_folded(name), code)
    begun = defaultdict[str, list[str]](list)
    for name in codes:
        if not _UNSPACED.search(name) and (word := _WORD.match(name)):
            begun[word.group()].append(name)
    return _Names(
        codes,
        {word: re.compile(rf"(?:{_longest_first(names)})(?!\w)") for word, names in begun.items()},
        re.compile(_longest_first([name for name in codes if _UNSPACED.search(name)])),
    )


def _folded(text: str) -> str:
    """Small letters at the places of the text's own, and one letter for the dotted and the dotless i of Turkish."""
    return text.translate(_ONE_I).lower()


def _plain(name: str) -> str:
    """A folded name without the dot that a Turkish I leaves over its i when another program makes it small."""
    return name.replace(_DOT, "")


_ONE_I = str.maketrans("İIı", "iii")
_DOT = "\u0307"
_WORD = re.compile(rf"[\w{_DOT}]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that write no spaces: a name in them need not stand alone."""


def _longest_first(names: list[str]) -> str:
    return "|".join(re.escape(name).replace("i", f"i{_DOT}?") for name in sorted(names, key=len, reverse=True))
