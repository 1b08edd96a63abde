"""The writer without a language model: it picks the documents' own sentences and puts them in a sensible order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chains.choosing import MAX_SENTENCES, MAX_WORDS, Pick, choose, lists_or_items, without_parts
from chains.contextualise import Search
from chains.countries import without_countries
from chains.drafts import DraftQuote, DraftSentence
from chains.neighbours import leans_back, limits_what_came_before
from chains.sentence_features import candidates_of
from chains.sentence_model import SentenceModel, load_sentence_model
from chains.statements import Statement
from chains.synonyms import meant
from chains.wanted import YES_NO, without_figure_words
from core.types import Passage
from retrieval.tokenise import content_terms

__all__ = ["MAX_SENTENCES", "MAX_WORDS", "picks_of", "write_extractive"]

_HEARD = 0.3
"""What the chance of a statement counts that an earlier answer gave: who asks further wants to hear something else."""
_ASKED_AGAIN = 0.5
"""The share of what is asked that an earlier message asked too, from which the same may be the answer."""
_DOUBTS = re.compile(
    r"\b(?:repeat|again|forgot|remind|mean|unclear|confus\w+|sure|really|certain|correct|right\?"
    r"|(?:not|n['’]?t) (?:understand|get it|follow))\b",
    re.IGNORECASE,
)
_ENOUGH_ASKED = 2
"""Content terms from which a question says what it is about; one may be a word that the rules call otherwise."""


def write_extractive(
    search: Search, passages: Sequence[Passage], *, model: SentenceModel | None = None, parts: int = 1, skip: int = 0
) -> list[DraftSentence]:
    """The sentences that answer, at most what a person will read, each quoting itself; empty when there are none.

    `model` stands in for the one that ships. One of several `parts` of an answer is shorter; `skip` passages stand
    before those that are given, for the numbers of the quotes.
    """
    picks = lists_or_items(picks_of(search, passages, model=model))
    chosen = choose(picks, sentences=MAX_SENTENCES - parts + 1, words=MAX_WORDS * 2 // (parts + 1))
    if _is_beside_the_point(search, passages, chosen):
        return []
    first = {pick.section: rank for rank, pick in reversed(list(enumerate(chosen)))}
    ordered = sorted(_complete(chosen, picks), key=lambda pick: (first.get(pick.section, len(first)), pick.order))
    return [
        DraftSentence(_said(pick), tuple(DraftQuote(skip + pick.passage + 1, quote) for quote in pick.statement.quotes))
        for pick in ordered
    ]


def _is_beside_the_point(search: Search, passages: Sequence[Passage], chosen: Sequence[Pick]) -> bool:
    """Whether nothing that was asked stands in what would be said, nor above it: then it is merely near."""
    asked = meant(content_terms(without_figure_words(without_countries(search.topic))))
    said = frozenset[str]().union(*(pick.statement.terms for pick in chosen))
    above = (heading for pick in chosen for heading in _headings(passages[pick.passage]))
    return len(asked) >= _ENOUGH_ASKED and asked.isdisjoint(meant(said | content_terms(" ".join(above))))


def _headings(passage: Passage) -> tuple[str, ...]:
    return passage.meta.title, *passage.chunk.section, passage.chunk.question or ""


def picks_of(search: Search, passages: Sequence[Passage], *, model: SentenceModel | None = None) -> list[Pick]:
    """Everything the passages say, each statement with its chance to answer."""
    candidates = candidates_of(search, passages)
    chances = (model or load_sentence_model()).chances([candidate.features for candidate in candidates])
    heard = _plain(" ".join(search.heard)) if search.heard and not _is_asked_again(search) else ""
    return [
        Pick(candidate, float(chance) * (_HEARD if heard and _is_heard(candidate.statement, heard) else 1.0))
        for candidate, chance in zip(candidates, chances, strict=True)
    ]


def _is_asked_again(search: Search) -> bool:
    """Whether a message can be understood alone, doubts an answer, or asks what was asked before."""
    asked = content_terms(search.text)
    before = content_terms(" ".join(search.told))
    repeats = bool(asked) and len(asked & before) / len(asked) >= _ASKED_AGAIN
    return not search.leans or repeats or _DOUBTS.search(search.text) is not None


def _is_heard(statement: Statement, heard: str) -> bool:
    """Whether an earlier answer said it; that stood first without the "Yes" of a statement that begins with one."""
    return all(_plain(YES_NO.sub("", quote)) in heard for quote in statement.quotes)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _said(pick: Pick) -> str:
    """The statement's text; its "Yes" or "No" only where it answers the question that was asked."""
    text = pick.statement.text
    answer = None if pick.candidate.same_question else YES_NO.match(text)
    return text if answer is None else text[answer.end()].upper() + text[answer.end() + 1 :]


def _complete(chosen: Sequence[Pick], picks: Sequence[Pick]) -> list[Pick]:
    """Add the sentence a chosen one leans on, and the one that limits it: neither can be left out honestly."""
    whole = sorted(without_parts(picks), key=lambda pick: pick.order)
    complete = dict.fromkeys(chosen)
    for before, after in zip(whole, whole[1:], strict=False):
        if before.passage != after.passage:
            continue
        if after in complete and leans_back(after.statement.text) and not _covers(complete, before):
            complete[before] = None
        if before in complete and limits_what_came_before(after.statement.text) and not _covers(complete, after):
            complete[after] = None
    return list(complete)


def _covers(chosen: Mapping[Pick, None], pick: Pick) -> bool:
    return any(pick.statement.text in other.statement.text for other in chosen)
