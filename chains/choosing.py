"""Which statements make the answer: those that together are the best wager between saying too little and too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chains.sentence_features import Candidate
from chains.statements import Statement
from chains.wanted import YES_NO

__all__ = ["MAX_SENTENCES", "MAX_WORDS", "Pick", "choose", "lists_or_items", "without_parts"]

MAX_SENTENCES = 5
MAX_WORDS = 110
"""What a person reads on a telephone without scrolling; a list that answers is given whole even if it is longer."""
_LIST_WORDS = 20
"""What a list may be longer."""
_WORDS_WANTED = 36
"""Words of a usual answer, by which a further sentence is weighed: more of them make longer answers. By our own cases:
a rule that goes unsaid is worse than one too many."""
_OTHER_DOCUMENT = 0.9
"""What a sentence's chance counts for beside one of another document: the rules of two are seldom one answer."""
_SAME_QUESTION = 0.7
"""Likeness of heading and question from which the section is their answer and is given whole."""
_ONE_ITEM = 2.5
"""How much likelier than the second an item of a list must be to be given without the list."""
_REPEATS = 0.6
"""Jaccard overlap of content terms from which a sentence says what another one said."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A candidate, and the share of it that answers, as far as the model can tell."""

    candidate: Candidate
    chance: float

    @property
    def statement(self) -> Statement:
        return self.candidate.statement

    @property
    def passage(self) -> int:
        return self.candidate.passage

    @property
    def section(self) -> tuple[str, ...]:
        return self.candidate.section

    @property
    def order(self) -> tuple[int, int]:
        return self.candidate.order


def choose(picks: Sequence[Pick], *, sentences: int = MAX_SENTENCES, words: int = MAX_WORDS) -> list[Pick]:
    """What answers, the likeliest first, at most what a person reads; empty only where there is nothing to choose."""
    if not picks:
        return []
    # The one that is likeliest to answer must not lose to a longer one that answers in part.
    best = max(picks, key=lambda pick: pick.chance)
    chosen = _whole_section(best, picks) or [best]
    while len(chosen) < sentences:
        options = [pick for pick in picks if _may_join(pick, chosen, words)]
        if not options:
            break
        following = max(options, key=lambda pick: _worth([*chosen, pick]))
        if _worth([*chosen, following]) <= _worth(chosen):
            break
        chosen.append(following)
    return chosen


def lists_or_items(picks: Sequence[Pick]) -> list[Pick]:
    """Each list whole, unless one of its items stands out: then that item, with what introduces it."""
    by_place = {(pick.passage, pick.statement.place): pick for pick in picks}
    left_out: set[Pick] = set()
    for pick in picks:
        items = [by_place[pick.passage, place] for place in pick.statement.members]
        if not items:
            continue
        first, *others = sorted(items, key=lambda item: -item.chance)
        stands_out = bool(others) and first.chance >= _ONE_ITEM * others[0].chance
        left_out.update([pick, *others] if stands_out else items)
    return [pick for pick in picks if pick not in left_out]


def without_parts(picks: Sequence[Pick]) -> list[Pick]:
    """`picks` without the items of the lists among them."""
    parts = {(pick.passage, part) for pick in picks for part in pick.statement.members}
    return [pick for pick in picks if (pick.passage, pick.statement.place) not in parts]


def _whole_section(best: Pick, picks: Sequence[Pick]) -> list[Pick]:
    """All of a short section that was asked for in its own words: a part of it could mislead."""
    if best.candidate.likeness < _SAME_QUESTION:
        return []
    whole = without_parts([pick for pick in picks if pick.section == best.section])
    too_long = sum(pick.statement.words for pick in whole) > MAX_WORDS or len(whole) > MAX_SENTENCES
    return [] if too_long else sorted(whole, key=lambda pick: pick.order)


def _worth(chosen: Sequence[Pick]) -> float:
    """The expected F1, in words, of giving these as the answer."""
    said = answering = 0.0
    for pick in chosen:
        trust = 1.0 if pick.section[0] == chosen[0].section[0] else _OTHER_DOCUMENT
        said += pick.statement.words
        answering += trust * pick.chance * pick.statement.words
    return 2 * answering / (said + _WORDS_WANTED)


def _may_join(pick: Pick, chosen: Sequence[Pick], words: int) -> bool:
    if not pick.candidate.same_question and YES_NO.match(pick.statement.text):
        return False  # the answer to another question
    room = words + _LIST_WORDS if pick.statement.members else words
    if sum(one.statement.words for one in chosen) + pick.statement.words > room:
        return False
    return not any(_repeats(pick.statement, other.statement) for other in chosen)


def _repeats(one: Statement, other: Statement) -> bool:
    if all(quote in other.text for quote in one.quotes) or all(quote in one.text for quote in other.quotes):
        return True
    union = len(one.terms | other.terms)
    return bool(union) and len(one.terms & other.terms) / union >= _REPEATS
