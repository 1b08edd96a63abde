"""Whose rules hold where: a country has its own and those of the area that it belongs to."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache

__all__ = ["SCHENGEN", "UNION", "jurisdiction_of", "known_by", "places_known_by", "rules_in"]

SCHENGEN = "SCHENGEN"
UNION = "EU"

_AREAS = frozenset({SCHENGEN, UNION})
_USUAL = {"UK": "GB", "USA": "US", "UAE": "AE"}
_NO_COUNTRIES = frozenset({"EZ", "QO", "UN", "XA", "XB"})
"""Codes that Unicode's list of territories has for other ends (https://cldr.unicode.org)."""

# https://home-affairs.ec.europa.eu/policies/schengen/schengen-area_en (29 members since 1 January 2025)
_SCHENGEN_MEMBERS = frozenset(
    "AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
# https://european-union.europa.eu/principles-countries-history/eu-countries_en (27 members since 1 February 2020)
_UNION_MEMBERS = (_SCHENGEN_MEMBERS - frozenset("CH IS LI NO".split())) | {"CY", "IE"}


def jurisdiction_of(said: str) -> str | None:
    """The code for what an editor wrote: a code, a part of a country as CA-ON, or a country's English name."""
    names = _names()
    code = said.strip().upper()
    code = _USUAL.get(code, code)
    if code in _AREAS or code in names.values():
        return code
    country, _, part = code.partition("-")
    if part and country in names.values() and part.isalnum() and len(part) <= 3:
        return code
    return names.get(said.strip().casefold())


@cache
def _names() -> dict[str, str]:
    """Codes by English name, ISO 3166-1 as Unicode has it, ZZ for no single country among them."""
    from babel import Locale

    territories = Locale("en").territories
    return {
        name.casefold(): code
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


def rules_in(code: str) -> tuple[str, ...]:
    """The jurisdictions whose rules hold in `code`, its own first: for Germany DE (long stays), SCHENGEN and EU.

    Who asks for the European Union's is told those of the Schengen area too, which are most of them.
    """
    if code == UNION:
        return (UNION, SCHENGEN)
    return (code, *((SCHENGEN,) if code in _SCHENGEN_MEMBERS else ()), *((UNION,) if code in _UNION_MEMBERS else ()))


def known_by(code: str, covered: Container[str]) -> str | None:
    """The narrowest of `covered` whose rules hold in `code`; None when there is none."""
    return next((rule for rule in rules_in(code) if rule in covered), None)


def places_known_by(codes: Iterable[str], covered: Container[str]) -> tuple[str, ...]:
    """Each of `codes` as `known_by` knows it, once; no area beside a country in it, which brings its rules along."""
    known = tuple(dict.fromkeys(rule for code in codes if (rule := known_by(code, covered)) is not None))
    brought = {area for code in known for area in rules_in(code)[1:]}
    return tuple(code for code in known if code not in brought)
