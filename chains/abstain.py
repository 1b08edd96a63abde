"""Whether to answer at all: what the question is, and whether the passages carry it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from chains.contextualise import Search
from chains.countries import country_name
from chains.refusals import refusal
from core.jurisdictions import known_by
from core.types import GENERAL_JURISDICTION, Abstention, AbstentionReason, Passage
from retrieval.tokenise import FUNCTION_WORDS

__all__ = ["ANSWER_FROM", "OFF_TOPIC_BELOW", "confidence", "refuse_question", "refuse_passages"]

ANSWER_FROM = 0.4
"""Least confidence with which an answer is given. What is shown is the documents' own, so a wrong answer is beside the
point rather than untrue; a refusal sends away a person who could have been helped: a little worse, so below a half."""
OFF_TOPIC_BELOW = 0.25
"""Cosine of the best passage below which a question has nothing to do with the documents."""

_FEW_WORDS = 4

_RIVAL_SHARE = 0.8
_RIVAL_LISTED = 0.6
"""A second country's best passage this close to the first's makes the question unclear, and those from the lower share
on are offered. Odd half of evals/cases/first.jsonl: the second has at most .78 where one country is meant, else .93."""

_OWN_CASE = re.compile(
    r"\b(?:status|progress|update|decision)\s+(?:of|on|for)\s+my\s+(?:case|application|visa|file|petition|claim)\b"
    r"|\bwhere is my (?:application|case|visa|passport|card)\b|\bmy case number\b"
    r"|\bwhy (?:was|did) (?:my|they|you) .{0,30}refus",
    re.IGNORECASE,
)
_PREDICTION = re.compile(
    r"\b(?:will|would|am i going to)\b.{0,25}\b(?:i|my|they|we)\b.{0,40}"
    r"\b(?:be |get )?(?:approved|accepted|granted|refused|denied|rejected|deported)\b"
    r"|\b(?:what are|how good are|calculate) my (?:chances|odds)\b|\bmy chances of\b|\bchance of (?:me|my) ",
    re.IGNORECASE,
)
_UNLAWFUL = re.compile(
    r"\b(?:buy|get|make|use|order|find|forge|sell|using|with|a)\b.{0,20}\b(?:fake|forged|falsified|counterfeit)\b.{0,40}"
    r"\b(?:documents?|papers?|passports?|letters?|marriage|visas?|certificates?|statements?)\b"
    r"|\b(?:can i|should i|how do i|how to|ok to|okay to)\b.{0,20}\b(?:lie|lying)\b"
    r"|\b(?:how|way|ways|help)\b.{0,30}\b(?:hide|hiding) (?:from|my criminal|a criminal|that i)\b"
    r"|\bhow (?:can|do|could) i (?:overstay|sneak|smuggle|cross the border illegally)"
    r"|\bbribe\b|\bmarry\b.{0,30}\b(?:just|only) for (?:the )?(?:papers|visa|green card|passport)\b",
    re.IGNORECASE,
)


def refuse_question(search: Search, covered: Sequence[str]) -> Abstention | None:
    """Refuse for what the question asks, before anything is looked up; None when nothing speaks against it."""
    for reason, pattern in (
        (AbstentionReason.UNLAWFUL, _UNLAWFUL),
        (AbstentionReason.OWN_CASE, _OWN_CASE),
        (AbstentionReason.PREDICTION, _PREDICTION),
    ):
        if pattern.search(search.text):
            return refusal(reason, covered=covered)
    missing = [place for place in search.countries.wanted if known_by(place, covered) is None]
    # Documents that name no country may speak of any, so only labelled ones tell which country is missing.
    if covered and missing and search.countries.certain and len(missing) == len(search.countries.wanted):
        return refusal(AbstentionReason.OTHER_COUNTRY, covered=covered, asked=country_name(missing[0]))
    return None


def refuse_passages(
    search: Search, passages: Sequence[Passage], covered: Sequence[str], *, chosen_country: bool
) -> Abstention | None:
    """Refuse because the passages do not carry an answer, or carry one for several countries; None to go on.

    Where no country was chosen, more passages than are answered from show how many countries have an answer.
    """
    if not covered and not passages:
        return refusal(AbstentionReason.NO_DOCUMENTS, covered=covered)
    sure = confidence(passages)
    if sure < ANSWER_FROM:
        foreign = not _reads_english(search.whole or search.text)
        off_topic = not foreign and max((passage.dense for passage in passages), default=0.0) < OFF_TOPIC_BELOW
        reason = AbstentionReason.OUT_OF_SCOPE if off_topic else AbstentionReason.NOT_COVERED
        return refusal(reason, covered=covered, nearest=() if foreign else passages, sure=sure, foreign=foreign)
    if not chosen_country and (rivals := _rival_countries(passages, covered)):
        return refusal(AbstentionReason.UNCLEAR, covered=rivals, sure=sure)
    return None


def _reads_english(text: str) -> bool:
    """Whether a text of some length has the function words of English, in Latin letters; short ones are not judged."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > len(letters) / 2:
        return False
    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) < _FEW_WORDS or any(word in FUNCTION_WORDS for word in words)


def confidence(passages: Sequence[Passage]) -> float:
    """The probability that the passages answer the question, in [0, 1], where as many questions are answered as not."""
    if not passages:
        return 0.0
    top, others = passages[:5], passages[3:10]
    dense = max(passage.dense for passage in passages)
    # An answer stands out from what merely shares its subject.
    lead = dense - sum(passage.dense for passage in others) / len(others) if others else 0.0
    sentence = max((score for passage in top for score in passage.sentence_scores), default=dense)
    coverage = max(passage.coverage for passage in top)
    logit = _BIAS + _DENSE * dense + _LEAD * lead + _SENTENCE * sentence + _COVERAGE * coverage
    return 1.0 / (1.0 + math.exp(-logit))


# Logistic regression of "the document that answers is there" with each document once left out: doc2dial (CC BY 3.0),
# CLAPnq (Apache-2.0) and the odd half of evals/cases/first.jsonl; figures by `python -m benchmarks.sentences`.
_BIAS, _DENSE, _LEAD, _SENTENCE, _COVERAGE = -7.1, 1.6, 1.9, 7.1, 3.0


def _rival_countries(passages: Sequence[Passage], covered: Sequence[str]) -> tuple[str, ...]:
    """Countries whose best passages are about equally good, in the order of `covered`; empty when one stands out."""
    best: dict[str, float] = {}
    for passage in passages:
        best[passage.jurisdiction] = max(best.get(passage.jurisdiction, 0.0), passage.score)
    general = best.pop(GENERAL_JURISDICTION, 0.0)
    first, second = (*sorted(best.values(), reverse=True), 0.0, 0.0)[:2]
    if second < _RIVAL_SHARE * first or general > first:
        return ()
    return tuple(code for code in covered if best.get(code, 0.0) >= _RIVAL_LISTED * first)
