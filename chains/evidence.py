"""What speaks for and against the passages' answering a question, as figures that any collection can be judged by."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from chains.choosing import Pick
from chains.contextualise import Search
from chains.countries import without_countries
from chains.extractive import picks_of
from chains.kinds import kinds_in
from chains.passage_words import above, below_title, heading, title
from chains.passage_words import words as words_of
from chains.statements import statements_of
from chains.synonyms import meant
from chains.wanted import asks_yes_or_no, figure_needed, holds_figure, without_figure_words
from core.jurisdictions import rules_in
from core.types import GENERAL_JURISDICTION, Passage
from retrieval.retriever import HybridRetriever
from retrieval.tokenise import content_terms

__all__ = ["FAR", "SIGNALS", "Collected", "collected_for", "signals"]

Rarity = Mapping[str, float]
"""How rare each term of a question is in the collection, in [0, 1]; 1 is a term that no document holds."""

SIGNALS = (
    "dense", "near", "dense_lead", "dense_spread", "sentence", "sentences", "joint", "joint_lead", "joint_heading",
    "coverage", "sentence_coverage", "heading", "absent_term", "absent_terms", "unknown", "one_document", "agreement",
    "figure_missing", "code_held", "number_missing", "other_kind", "short", "length", "follow_up", "no_country",
    "background_lead", "score_lead", "chance", "earlier", "named_missing", "sentence_lead", "beyond_title", "polar",
    "conversation", "continues",
)  # fmt: skip
"""The names of what `signals` gives, in order."""

_PASSAGES = 8
_READ = 5
"""Passages whose words are looked at; what stands lower is what merely shares the subject."""
_BACKGROUND = slice(3, _PASSAGES)
_USUAL_DENSE, _USUAL_JOINT = 0.40, 0.48
"""What stands lower in the ranking has in the middle, on the four sets that the model learns from."""
_OLDER = 0.3
"""What a term of an earlier turn counts beside one of the question."""
_UNLISTED = 0.6
"""What a heading's word that was not asked for counts: about the rarity of a common noun."""
_WORDING = 0.5
"""What a sentence's share of the question's terms counts beside its cosine; chosen with one set left out at a time."""
FAR = 0.4
"""Cosine above which more nearness says nothing about whether the subject is the documents' own."""
_REPEATED = 0.75
"""Nearness to an earlier turn above which more says nothing: what was quoted from the documents is found in them."""
_NEXT_SENTENCES = slice(3, 10)
"""Of the sentences by nearness, those that merely share the subject: an answer and what goes with it stand before."""
_USUAL_LEAD = 0.15
"""How far the nearest sentence lies above them where there are no more than three: the mean over answered questions."""
_FEW_WORDS = 3
_NAMED = re.compile(
    r"((?:[\w'-]+ ){1,3})(?:visas?|permits?|schemes?|program(?:me)?s?|pilots?|pass|waivers?|stream|rules?)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = content_terms("visa permit new old first second apply application want need get have my another same")
_ASKING = meant(
    content_terms(
        "requirement need take use purpose mean option way step rule process time information possible earliest latest"
        " current apply application get find see happen eligible qualify want wish hope plan"
    )
)
"""Words that ask rather than name the thing asked about: "What are the requirements?" is answered by "You need"."""
_NUMBER = re.compile(r"\d+")
_DOCUMENT = 10
"""Passages of a usual document: in a collection of no more, all that is found is of one, and that says nothing."""
_SHARE_WITHOUT_CHOICE = 0.3
"""What the share of one document counts there, where it would be 1: a little below the mean over absent questions."""
_CODE_CHARS = 3
"""Shorter than "i20" are counts, as of days."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What is looked through: how rare each term of a question is in it, and how many passages could be found."""

    rarity: Rarity
    passages: int


def collected_for(retriever: HybridRetriever, search: Search, places: Sequence[str] = ()) -> Collected:
    """What the retriever looks through for a search, where it is asked for the rules of `places` only."""
    keyword = retriever.store.serving.pair.keyword
    rarest = math.log1p((keyword.count() + 0.5) / 0.5)
    rarity = {
        stem: min(1.0, keyword.rarity((stem,)) / rarest)
        for text in (search.text, *search.history[-1:])
        for stems in keyword.weigh(text)
        for stem in stems
    }
    return Collected(rarity, keyword.count({code for place in places for code in rules_in(place)}))


def signals(search: Search, passages: Sequence[Passage], collected: Collected) -> tuple[float, ...]:
    """One figure for each of `SIGNALS`; `passages` are the best first. None depends on the scale of their scores."""
    rarity = collected.rarity
    passages = passages[:_PASSAGES]
    if not passages:
        return (0.0,) * len(SIGNALS)
    asked = _asked_terms(search, passages)
    own = {term: rarity.get(term, 1.0) for term in asked}
    older = content_terms(search.history[-1]) if search.history else frozenset()
    every = {**{term: _OLDER * rarity.get(term, 1.0) for term in older}, **own}
    read = passages[:_READ]
    words = [words_of(passage) for passage in read]
    held = frozenset[str]().union(*words)
    absent = [weight for term, weight in own.items() if term not in held]
    dense = [passage.dense for passage in passages]
    joint, headed, share = zip(*(_best_sentence(passage, own, every) for passage in passages), strict=True)
    cosines = sorted((score for passage in read for score in passage.sentence_scores), reverse=True) or [max(dense)]
    picks = picks_of(search, passages)
    found = (
        max(dense),
        min(max(dense), FAR),
        _lead(dense, usual=_USUAL_DENSE),
        (max(dense) - fmean(dense)) / (pstdev(dense) + 0.02),
        cosines[0],
        fmean(cosines[:3]),
        max(joint),
        _lead(joint, usual=_USUAL_JOINT),
        max(headed),
        max(_share(held_by, every) for held_by in words),
        max(share[:_READ]),
        max(_likeness(heading(passage), own) for passage in read),
        max(absent, default=0.0),
        min(len(absent), 4) / 4,
        fmean(float(weight > 0.99) for weight in own.values()) if own else 0.0,
        _one_document(passages, collected.passages),
        float(_best(passages, dense) == _best(passages, [passage.keyword for passage in passages])),
        float(_lacks_figure(search.text, read)),
        float(_holds_codes(search.text, read)),
        float(_lacks_number(search.text, read)),
        float(_other_kind(search, read)),
        float(len(search.text.split()) <= _FEW_WORDS),
        math.log(1 + len(search.text.split())),
        float(search.leans),
        float(not search.places),
        fmean(sorted((passage.lead for passage in passages), reverse=True)[:3]),
        max(passage.score for passage in passages) - min(passage.score for passage in passages),
        max((pick.chance for pick in picks), default=0.0),
        min(max(passage.earlier for passage in passages), _REPEATED),
        _named_missing(search.text, rarity, read),
        _sentence_lead(cosines),
        _beyond_title(search, passages, picks),
        float(asks_yes_or_no(search.text)),
        max(passage.conversation for passage in passages),
        float(bool(search.told)),
    )
    return tuple(float(figure) for figure in found)


def _asked_terms(search: Search, passages: Sequence[Passage]) -> frozenset[str]:
    """The terms an answer should hold; not the country's name where passages are sorted by country already."""
    text = search.text
    if any(passage.jurisdiction != GENERAL_JURISDICTION for passage in passages):
        text = without_countries(text)
    return content_terms(without_figure_words(text)) or content_terms(text) or content_terms(search.text)


def _best_sentence(passage: Passage, own: Rarity, every: Rarity) -> tuple[float, float, float]:
    """Of a passage's sentences the best by nearness and wording together, the best with its headings, the best share.

    That one sentence is both near and holds the words says more than that the passage does.
    """
    joint = headed = best_share = 0.0
    headings, asked, counted = above(passage).intersection(every), sum(own.values()), sum(every.values())
    for statement in statements_of(passage.chunk):
        cosine = max([passage.sentence_scores[at] for at in statement.scores], default=0.0)
        held = statement.terms.intersection(every)
        share = _weight(held, own) / asked if asked else 0.0
        merit = cosine + _WORDING * share
        joint, best_share = max(joint, merit), max(best_share, share)
        with_headings = _weight(held | headings, every) / counted if counted else 0.0
        headed = max(headed, merit + 0.4 * (with_headings + passage.dense))
    return joint, headed, best_share


def _lead(values: Sequence[float], *, usual: float) -> float:
    """How far the best stands out from what stands lower in the ranking; a few documents have nothing there."""
    missing = max(0, _PASSAGES - max(len(values), _BACKGROUND.start))
    return max(values) - fmean((*values[_BACKGROUND], *[usual] * missing))


def _share(held: frozenset[str], weights: Rarity) -> float:
    if held.isdisjoint(weights):
        return 0.0
    total = sum(weights.values())
    return _weight(held, weights) / total if total else 0.0


def _weight(held: frozenset[str], weights: Rarity) -> float:
    return sum([weight for term, weight in weights.items() if term in held]) if held else 0.0


def _one_document(passages: Sequence[Passage], collected: int) -> float:
    """The share of the passages that one document has; the less else there is to find, the less that counts."""
    share = Counter(passage.chunk.document_id for passage in passages).most_common(1)[0][1] / len(passages)
    no_choice = _DOCUMENT / max(collected, _DOCUMENT)
    return (1 - no_choice) * share + no_choice * _SHARE_WITHOUT_CHOICE


def _likeness(heading: frozenset[str], weights: Rarity) -> float:
    """Dice coefficient of a heading and the question, by rarity."""
    common = _weight(heading, weights)
    every = sum(weights.values()) + math.fsum([weights.get(term, _UNLISTED) for term in heading])
    return 2 * common / every if every else 0.0


def _best(passages: Sequence[Passage], values: Sequence[float]) -> str:
    """The document of the passage with the greatest value."""
    return max(zip(values, passages, strict=True), key=lambda pair: pair[0])[1].chunk.document_id


def _lacks_figure(question: str, passages: Sequence[Passage]) -> bool:
    figure = figure_needed(question)
    if figure is None:
        return False
    return not any(holds_figure(passage.chunk.text, figure) for passage in passages[:3])


def _lacks_number(question: str, passages: Sequence[Passage]) -> bool:
    """Whether a number of the question, as of a subclass or a section, stands in none of the passages."""
    numbers = set(_NUMBER.findall(question))
    text = " ".join(f"{passage.meta.title} {passage.chunk.text}" for passage in passages) if numbers else ""
    return any(number not in text for number in numbers)


def _named_missing(question: str, rarity: Rarity, passages: Sequence[Passage]) -> float:
    """The share, by rarity, of the words that name a permit or scheme, as "working holiday", which no passage holds."""
    named = content_terms(" ".join(_NAMED.findall(without_countries(question)))) - _NOT_A_NAME
    weights = _meant_by({term: rarity.get(term, 1.0) for term in named})
    if not weights:
        return 0.0
    held = meant(frozenset[str]().union(*(words_of(passage) for passage in passages[:3])))
    return 1.0 - _share(held, weights)


def _sentence_lead(cosines: Sequence[float]) -> float:
    """How far the nearest sentence stands out; `cosines` fall. Where none answers, many are equally near."""
    others = cosines[_NEXT_SENTENCES]
    return cosines[0] - fmean(others) if others else _USUAL_LEAD


def _beyond_title(search: Search, passages: Sequence[Passage], picks: Sequence[Pick]) -> float:
    """Of what a question asks beyond the title of the document that would answer, the share that its passages hold.

    That the document is about the asker's permit and country says nothing of whether it tells the thing asked about it.
    Each term counts the same: by rarity a name of a town would outweigh what is asked.
    """
    asked = meant(content_terms(without_figure_words(without_countries(search.topic))) or content_terms(search.topic))
    at = max(picks, key=lambda pick: pick.chance).passage if picks else 0
    document = passages[at].chunk.document_id
    rest = asked - _ASKING - meant(title(passages[at]))
    if not rest:
        return 1.0
    held = meant(frozenset[str]().union(*(below_title(one) for one in passages if one.chunk.document_id == document)))
    return len(rest & held) / len(rest)


def _meant_by(weights: Rarity) -> dict[str, float]:
    """The weights under the names of the things that the terms stand for."""
    found: dict[str, float] = {}
    for term, weight in weights.items():
        for name in meant((term,)):
            found[name] = max(found.get(name, 0.0), weight)
    return found


def _holds_codes(question: str, passages: Sequence[Passage]) -> bool:
    """Whether what a question names by a code, as a form or a condition, stands in one of the first passages."""
    codes = {term for term in content_terms(question) if any(map(str.isdigit, term)) and len(term) >= _CODE_CHARS}
    return bool(codes) and any(codes <= words_of(passage) for passage in passages[:3])


def _other_kind(search: Search, passages: Sequence[Passage]) -> bool:
    """Whether a kind of permit or visa was asked about that the passages are not about."""
    kinds = kinds_in(search.topic)
    named = (kinds_in(f"{passage.meta.title} {passage.chunk.text}") for passage in passages[:3])
    return bool(kinds) and not any(kinds & other for other in named)
