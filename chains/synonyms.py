"""Everyday words and the rules' own words for one thing, so that "my wife" finds what is said of a spouse."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["meant"]

# Stems as `content_terms` gives them. Only words that the rules of any country use alike for one another: "visa" and
# "permit", or "residence" and "citizenship", are different things.
_ONE_THING: tuple[tuple[str, ...], ...] = (
    ("spous", "wife", "wive", "husband", "partner", "marri", "marriag"),
    ("child", "children", "kid", "son", "daughter", "babi"),
    ("parent", "mother", "father", "mum", "mom", "dad"),
    ("refus", "deni", "denial", "reject", "declin"),
    ("fee", "cost", "price", "charg", "expens"),
    ("work", "job", "employ", "worker", "boss"),
    ("studi", "student"),
    ("universiti", "univers", "colleg"),
    ("lawyer", "solicitor", "attorney"),
    ("lost", "lose", "stolen"),
    ("extend", "extens", "renew", "prolong"),
    ("sick", "ill"),
    ("document", "paper", "paperwork"),
    ("money", "fund", "save"),
    ("expir", "expiri"),
    ("visitor", "tourist", "tourism"),
    ("citizen", "citizenship"),
    ("immigr", "emigr", "migrat", "reloc", "move"),
)
_MEANT = {term: group[0] for group in reversed(_ONE_THING) for term in group}
_OTHERWISE_CALLED = frozenset(_MEANT)


def meant(terms: Collection[str]) -> frozenset[str]:
    """The terms, each under the name of the thing it stands for."""
    if _OTHERWISE_CALLED.isdisjoint(terms):
        return frozenset(terms)
    return frozenset([_MEANT.get(term, term) for term in terms])
