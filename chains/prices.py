"""What somebody who asks for a price is told where no document has it: where the fees stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chains.contextualise import Search
from chains.countries import country_name, without_countries
from chains.kinds import kinds_in
from chains.passage_words import title
from chains.statements import heading_of
from chains.synonyms import meant
from chains.wanted import asks_how_much, tells_price, without_figure_words
from core.types import GENERAL_JURISDICTION, Passage
from retrieval.tokenise import content_terms

__all__ = ["FEES", "asks_price_of", "where_fees_stand"]

FEES = "Where do I find the fees?"
"""What is asked of the passage in place of the price."""
_OF_FEES = re.compile(r"\b(?:fees?|charges?|costs?|prices?)\b", re.IGNORECASE)
"""What a list of fees has in its title, and what tells of it in its heading; a broadcasting fee is none."""


def asks_price_of(question: str, passage: Passage) -> bool:
    """Whether `question` asks what the kind of permit or visa costs that the passage's document is about, and no more.

    "How much is the rent on a study permit?" asks for more.
    """
    if not asks_how_much(question) or kinds_in(question).isdisjoint(kinds_in(passage.meta.title)):
        return False
    asked = meant(content_terms(without_figure_words(without_countries(question))))
    return asked <= meant(title(passage)) | meant(content_terms("fee"))


def where_fees_stand(
    search: Search, passages: Sequence[Passage], look_up: Callable[[Search, str], Sequence[Passage]]
) -> list[Passage]:
    """The passage on the fees of the country that the best of `passages` is about, where `search` asks for a price.

    `look_up` searches a country's passages. Empty where no price is asked for or no such passage says where it stands.
    """
    place = passages[0].jurisdiction if passages else GENERAL_JURISDICTION
    if not asks_how_much(search.text) or place == GENERAL_JURISDICTION:
        return []
    asked = search.alone(f"Where do I find the fees for {country_name(place)}?")
    about = (
        passage for passage in look_up(asked, place)
        if _OF_FEES.search(passage.meta.title) and _OF_FEES.search(heading_of(passage.chunk, ""))
    )  # fmt: skip
    return [passage for passage in about if tells_price(passage.chunk.text)][:1]
