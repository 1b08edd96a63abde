"""What is found for a question, or for each of the things that a message asks, and how sure it is that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chains.abstain import refuse_passages, rival_countries, rival_kinds
from chains.approved import without_near_misses
from chains.confidence import Confidence, confidence
from chains.contextualise import Search
from chains.evidence import collected_for
from chains.kinds import kinds_in
from chains.languages import readable
from chains.languages_confidence import confidence_by_words
from chains.parts import Part, parts_of
from chains.parts_answer import AnsweredPart
from chains.prices import where_fees_stand
from chains.samples import told_by_samples
from chains.turn import Turn
from core.jurisdictions import places_known_by
from core.types import AbstentionReason, Passage, Question
from retrieval.retriever import HybridRetriever

__all__ = ["PASSAGES", "Finder", "places_asked_for"]

PASSAGES = 10
"""What is answered from, at most."""
_PASSAGES_OF_ALL = 24
"""Where no country is named: enough for the best of each country to be among them."""
_COUNTRIES_AT_ONCE = 3


class Finder:
    """Looks for passages with a `retriever`."""

    def __init__(self, retriever: HybridRetriever) -> None:
        self._retriever = retriever

    def passages(self, turn: Turn, places: Sequence[str]) -> list[Passage]:
        """The nearest passages of the rules of `places`, of all countries where none is named, best first."""
        if not places:
            return self._search(turn, None, k=_PASSAGES_OF_ALL)
        found = [self._search(turn, place) for place in places]
        if len(found) == 1:
            return found[0]
        # Several countries were named: each gets its share, the best of each first.
        shares = [passages[: PASSAGES // len(found)] for passages in found]
        return sorted((passage for share in shares for passage in share), key=lambda passage: -passage.score)

    def trust(self, turn: Turn, passages: Sequence[Passage], places: Sequence[str]) -> Confidence:
        """How sure an answer is; where countries or kinds of visa compete, within the one that is surest.

        That several have an answer makes each stand out less, and is no sign that none has.
        """
        if turn.model is None and turn.language != "en":
            return confidence_by_words(turn.search.text, passages, turn.language)
        collected = collected_for(self._retriever, turn.search, places)
        rivals = () if places else rival_countries(passages, turn.catalogue.jurisdictions)[:_COUNTRIES_AT_ONCE]
        kinds = rival_kinds(turn.search, passages)
        shares = [
            passages,
            *([one for one in passages if one.jurisdiction == place] for place in rivals),
            *([one for one in passages if kind in kinds_in(one.meta.title)] for kind in kinds),
        ]
        trusts = [told_by_samples(confidence(turn.search, share, collected), share) for share in shares]
        return max(trusts, key=lambda trust: trust.sure)

    def parts(self, turn: Turn) -> list[AnsweredPart]:
        """What is asked, where several things are and at least one of them is answered; else nothing."""
        if turn.language != "en" or turn.model is not None:
            return []
        covered = turn.catalogue.jurisdictions
        found = [self._look_up(turn, part) for part in parts_of(turn.search, covered)]
        return found if any(part.passages for part in found) else []

    def fees(self, turn: Turn, passages: Sequence[Passage]) -> list[Passage]:
        """Where the fees stand of the country that a question after a price is about; none where it asks no price."""
        return where_fees_stand(
            turn.search, passages, lambda search, place: self._search(replace(turn, search=search), place)
        )

    def _search(self, turn: Turn, place: str | None, *, k: int = PASSAGES) -> list[Passage]:
        question, search = turn.question, turn.search
        query = search.query(question.as_of)
        query = replace(query, jurisdiction=place, audience=question.audience, k=k, model=turn.served)
        passages = self._retriever.search(query)
        # Without a model nobody translates: what the person asked in is all that can be quoted as an answer.
        return passages if turn.model is not None else readable(passages, turn.language)

    def _look_up(self, turn: Turn, part: Part) -> AnsweredPart:
        places = (turn.question.jurisdiction,) if turn.question.jurisdiction else part.places
        found, refused = self._look_in(turn, part, places)
        if refused is AbstentionReason.UNCLEAR and part.later:
            found, _ = self._look_in(turn, part, part.later)
        return found

    def _look_in(self, turn: Turn, part: Part, places: Sequence[str]) -> tuple[AnsweredPart, AbstentionReason | None]:
        asked = replace(turn, search=part.search)
        passages = self.passages(asked, places)
        passages = without_near_misses(turn.question, part.search, passages, self._retriever.store)
        trust = self.trust(asked, passages, places)
        refused = refuse_passages(
            passages, turn.catalogue.jurisdictions, trust, chosen_country=bool(places), language=turn.language
        )
        kept = () if refused else tuple(passages[:PASSAGES])
        return AnsweredPart(part.search, kept, trust.sure), refused.reason if refused else None


def places_asked_for(question: Question, search: Search, covered: Sequence[str]) -> tuple[str, ...]:
    """The countries whose passages are wanted; one that no document speaks of would only hide the others."""
    if question.jurisdiction:
        return (question.jurisdiction,)
    return places_known_by(search.places, covered)[:_COUNTRIES_AT_ONCE]
