"""Whether to answer at all: what the question is, and whether the passages carry it."""

from __future__ import annotations

from collections.abc import Sequence

from chains.confidence import Confidence, shipped_model
from chains.contextualise import Search
from chains.countries import countries_in, without_countries
from chains.kinds import leaves_kind_open, named_kind
from chains.languages_rules import asks_for
from chains.questions_refused import refused_for
from chains.refusals import refusal
from chains.suggested import Showing
from core.jurisdictions import known_by
from core.types import GENERAL_JURISDICTION, Abstention, AbstentionReason, Passage

__all__ = ["missing_country", "refuse_passages", "refuse_question", "rival_countries", "rival_kinds", "which_country"]

_RIVAL_SHARE = 0.8
_RIVAL_LISTED = 0.6
"""A second country's best passage this close to the first's makes the question unclear, and those from the lower share
on are offered. Odd half of evals/cases/first.jsonl: the second has at most .78 where one country is meant, else .93."""


_NOT_FOR_ALL = 0.9
"""Share of the best score from which the pages of single kinds are not beside the point."""
_KINDS_OFFERED = 4


def refuse_question(search: Search, covered: Sequence[str], *, language: str = "en") -> Abstention | None:
    """Refuse for what the question asks, before anything is looked up; None when nothing speaks against it."""
    reason = refused_for(search.text) or (None if language == "en" else asks_for(search.text, language))
    if reason is not None:
        return refusal(reason, covered=covered, language=language)
    missing = missing_country(search, covered)
    if missing is not None and search.countries.certain:
        return refusal(AbstentionReason.OTHER_COUNTRY, covered=covered, asked=missing, language=language)
    return None


def missing_country(search: Search, covered: Sequence[str]) -> str | None:
    """The country that is asked about where no document speaks of any that is; None where one does.

    Documents that name no country may speak of any, so only labelled ones tell which country is missing.
    """
    wanted = search.within(covered).countries.wanted
    missing = [place for place in wanted if known_by(place, covered) is None]
    return missing[0] if covered and missing and len(missing) == len(wanted) else None


def refuse_passages(
    passages: Sequence[Passage],
    covered: Sequence[str],
    confidence: Confidence,
    *,
    chosen_country: bool,
    missing: str | None = None,
    language: str = "en",
    documents_in: Sequence[str] = (),
    kinds: Sequence[str] = (),
    showing: Showing | None = None,
) -> Abstention | None:
    """Refuse because the passages do not carry an answer, or carry one for several countries; None to go on.

    `kinds` are the names of permits or visas that each have an answer of their own.

    Where no country was chosen, more passages than are answered from show how many countries have an answer.
    `missing` is a country that was asked about and has no documents. `documents_in` are the languages of what there
    is, where `passages` are only what can be read in `language`; `showing` is what a refusal needs to show one of them.
    """
    if not covered and not passages and not documents_in:
        return refusal(AbstentionReason.NO_DOCUMENTS, covered=covered, language=language)
    if missing is not None and passages and not _may_speak_of(missing, passages[0]):
        # However near it is, it tells another country's rules.
        return refusal(AbstentionReason.OTHER_COUNTRY, covered=covered, asked=missing, language=language)
    model = shipped_model()
    if confidence.sure < (model.answer_from if confidence.needed is None else confidence.needed):
        if missing is not None:
            return refusal(AbstentionReason.OTHER_COUNTRY, covered=covered, asked=missing, language=language)
        foreign = bool(documents_in) and not passages
        off_topic = not foreign and confidence.topical < model.topical_from
        return refusal(
            AbstentionReason.OUT_OF_SCOPE if off_topic else AbstentionReason.NOT_COVERED,
            covered=covered, nearest=passages, sure=confidence.sure, language=language, documents_in=documents_in,
            showing=showing,
        )  # fmt: skip
    if not chosen_country and (unclear := which_country(passages, covered, sure=confidence.sure, language=language)):
        return unclear
    if kinds:
        return refusal(AbstentionReason.UNCLEAR, covered=covered, kinds=kinds, sure=confidence.sure, language=language)
    return None


def which_country(
    passages: Sequence[Passage], covered: Sequence[str], *, sure: float, language: str
) -> Abstention | None:
    """Ask back where countries compete; None where one stands out."""
    rivals = rival_countries(passages, covered)
    return refusal(AbstentionReason.UNCLEAR, covered=rivals, sure=sure, language=language) if rivals else None


def _may_speak_of(country: str, passage: Passage) -> bool:
    """Whether a passage is of no country, or names this one."""
    if passage.jurisdiction == GENERAL_JURISDICTION:
        return True
    return country in countries_in(f"{passage.meta.title} {passage.chunk.text}").named


def rival_countries(passages: Sequence[Passage], covered: Sequence[str]) -> tuple[str, ...]:
    """Countries whose best passages are about equally good, in the order of `covered`; empty when one stands out."""
    best: dict[str, float] = {}
    for passage in passages:
        best[passage.jurisdiction] = max(best.get(passage.jurisdiction, 0.0), passage.score)
    general = best.pop(GENERAL_JURISDICTION, 0.0)
    first, second = (*sorted(best.values(), reverse=True), 0.0, 0.0)[:2]
    if second < _RIVAL_SHARE * first or general > first:
        return ()
    return tuple(code for code in covered if best.get(code, 0.0) >= _RIVAL_LISTED * first)


def rival_kinds(search: Search, passages: Sequence[Passage]) -> dict[str, str]:
    """Kinds of permit or visa whose own pages are about equally good, by name, best first; empty where one was meant.

    A page about none of them that is clearly better answers for all.
    """
    if not passages or not leaves_kind_open(without_countries(search.topic)):
        return {}
    best = max(passage.score for passage in passages)
    names: dict[str, str] = {}
    scores: dict[str, float] = {}
    for passage in sorted(passages, key=lambda passage: -passage.score):
        if found := named_kind(passage.meta.title):
            names.setdefault(*found)
            scores.setdefault(found[0], passage.score)
    first = max(scores.values(), default=0.0)
    near = {kind: names[kind] for kind, score in scores.items() if score >= _RIVAL_SHARE * first}
    return dict(list(near.items())[:_KINDS_OFFERED]) if len(near) > 1 and first >= _NOT_FOR_ALL * best else {}
