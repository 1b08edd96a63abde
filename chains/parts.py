"""A message that asks several things, each of which is looked up and answered by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from chains.contextualise import Search
from chains.countries import Countries, countries_in, listed_together, without_countries
from chains.wanted import without_figure_words
from core.jurisdictions import places_known_by
from retrieval.tokenise import content_terms

__all__ = ["MOST_PARTS", "Part", "parts_of"]

MOST_PARTS = 3
_FEWEST_TERMS = 1
"""Content terms below which what begins like a question is a tag of the one before it, as in "and how?"."""
_FEWEST_LEANING = 2

_SUBJECT = r"(?:i|we|you|he|she|they|it|there|the|my|our|his|her|their|a|an|this|that|someone|people|somebody|one)\b"
_ASKING = (
    r"(?:how (?:long|much|many|soon|often|late|old|far|fast|can|do|does|is|are|to)\b"
    r"|(?:what|when|where|which|who|why)\b(?! (?:i|we|you|he|she|they)\b)"
    rf"|(?:do|does|did|can|could|may|must|should|will|would|is|are|am|have|has) {_SUBJECT})"
)
_BEGINS = re.compile(
    rf"(?:[?!.;:,]\s+|\s+)(?:and|also|plus|but)\s+(?:also\s+|then\s+)?(?={_ASKING})|[?!.;:]\s+(?={_ASKING})|,\s+(?={_ASKING})",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\b{_ASKING}|\?\s*$", re.IGNORECASE)
_TELLS = re.compile(
    r"^\W*(?:i|we|my|our|if|when|once|after|because|since|he|she|they|it|hello|hi|dear)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\b(?:and|also|plus)\b", re.IGNORECASE)
_LEANS = re.compile(r"\b(?:it|its|they|them|their|this|these|those|then|there|that|instead|one)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: its search, and the country whose passages it wants where the message names several.

    `later` are countries that only another part names, further on: they are meant where it could be any country.
    """

    search: Search
    places: tuple[str, ...]
    later: tuple[str, ...] = ()


def parts_of(search: Search, covered: Collection[str]) -> tuple[Part, ...]:
    """The parts of a search, in order, at most `MOST_PARTS`; empty where it asks one thing.

    What stands before the first question, and the questions before, tell what a part is about: they are its history.
    """
    asked = _asked(search.text)
    if len(asked) > 1:
        (first_before, first), (_, second), *_ = asked
        if not first_before and not search.history and _LEANS.search(first):
            # "How much does it cost, and how long does a study permit take?" says later what "it" is.
            asked[0] = (second, first)
        texts = [text for _, text in asked]
        return tuple(
            _part(search, before, text, texts[at + 1 :], covered)
            for at, (before, text) in enumerate(asked[:MOST_PARTS])
        )
    named = search.countries.named if listed_together(search.text) else ()
    places = places_known_by(named, covered)
    if len(places) > 1:
        return tuple(_for_country(search, place, places) for place in places[:MOST_PARTS])
    return ()


def _asked(text: str) -> list[tuple[str, str]]:
    """Each question in a text, with what stands before it."""
    cuts = list(_BEGINS.finditer(text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    # "hours beside the course, and how fast must I apply": what is joined to a question asks too, without its words.
    joined = bool(cuts) and _JOINED.search(cuts[0].group()) is not None
    found: list[tuple[str, str]] = []
    for start, end in zip(starts, ends, strict=True):
        piece = text[start:end].strip(" ,;")
        asks = start > 0 or _ASKS.search(piece) is not None or (joined and _TELLS.match(piece) is None)
        terms = len(content_terms(without_countries(piece)))
        # "and which form is it?" cannot be looked for without what stands before it.
        if asks and terms >= (_FEWEST_LEANING if found and _LEANS.search(piece) else _FEWEST_TERMS):
            found.append((text[:start].strip(), piece))
    return found


def _part(search: Search, before: str, text: str, after: Sequence[str], covered: Collection[str]) -> Part:
    own = countries_in(text)
    countries, later = _countries_of(search, before, text, after), Countries()
    if not countries.wanted and not countries.origins:
        later = search.countries
    history, told = ((*turns, before) if before else turns for turns in (search.history, search.told))
    if own.wanted and own.wanted != search.countries.wanted:
        history, told = (tuple(without_countries(turn) for turn in turns) for turns in (history, told))
    leans = search.leans or bool(before and _LEANS.search(text))
    part = replace(search, text=text, history=history, countries=countries, leans=leans, told=told)
    return Part(part, places_known_by(part.places, covered), places_known_by(later.wanted, covered))


def _countries_of(search: Search, before: str, text: str, after: Sequence[str]) -> Countries:
    """The countries a part names, else those named before it in the message; none where only a later part names some.

    What is asked later about the same thing, as in "how long is it, and what does it cost in Canada", names them for
    both; so does it where the part alone does not say what it is about ("how old must I be"). An earlier message counts
    where this one names none.
    """
    for named in (countries_in(text), countries_in(before)):
        if named.wanted:
            return named
    for leaning in takewhile(_LEANS.search, after):
        if (named := countries_in(leaning)).wanted:
            return named
    says_of_what = len(content_terms(without_figure_words(text))) > _FEWEST_TERMS
    return countries_in(before) if says_of_what and countries_in(" ".join(after)).wanted else search.countries


def _for_country(search: Search, place: str, places: Sequence[str]) -> Part:
    others = [other for other in places if other != place]
    text = without_countries(search.text, only=others)
    return Part(replace(search, text=text, countries=Countries((place,), (), search.countries.certain)), (place,))
