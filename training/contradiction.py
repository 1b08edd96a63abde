"""Whether an answer says otherwise than the documents it claims to rest on. Pure, by closed lists, in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chains.grounding import UnsupportedReason
from chains.grounding.support import unsupported
from chains.grounding.values import Value, ValueKind, figures
from chains.grounding.wording import content_words

__all__ = ["Contradiction", "contradiction"]

_COMPARED = frozenset(
    (
        ValueKind.MONEY,
        ValueKind.PERCENT,
        ValueKind.DURATION,
        ValueKind.AGE,
        ValueKind.DATE,
        ValueKind.CODE,
        ValueKind.NUMBER,
    )
)
_LEAST_SHARED = 2
"""Words of question and answer that a sentence of a document has for its figures to be about the same matter."""
_SAME_RULE = 0.7
"""Share of the words of the shorter of two sentences that both have when they tell one rule."""
_OTHERWISE = frozenset((UnsupportedReason.POLARITY, UnsupportedReason.MODALITY, UnsupportedReason.BOUND))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What an answer `said` where the sentence `source` of a document says something else `instead`."""

    said: str
    instead: str
    source: str


def contradiction(question: str, told: Sequence[str], stated: Sequence[str]) -> Contradiction | None:
    """Where a sentence `told` contradicts one that is `stated`; None where nothing does.

    A figure contradicts when sentences on the same matter give others of its kind and no sentence gives this one.
    """
    everywhere = {value.key for sentence in stated for value in figures(sentence)}
    for sentence in told:
        wanted = frozenset(content_words(f"{question} {sentence}"))
        near = [one for one in stated if len(wanted & frozenset(content_words(one))) >= _LEAST_SHARED]
        for said, other, source in _other_figures(sentence, near, everywhere):
            return Contradiction(said, other, source)
        for source in near:
            if _same_rule(sentence, source) and unsupported(sentence, [source]) in _OTHERWISE:
                return Contradiction(sentence, source, source)
    return None


def _other_figures(sentence: str, near: Sequence[str], everywhere: set[str]) -> Iterator[tuple[str, str, str]]:
    for value in figures(sentence):
        if value.kind not in _COMPARED or value.key in everywhere:
            continue
        for source in near:
            for other in figures(source):
                if _comparable(value, other) and _measured(sentence, value) == _measured(source, other):
                    yield sentence[value.start : value.end], source[other.start : other.end], source
                    return


def _comparable(one: Value, other: Value) -> bool:
    return one.kind is other.kind and (one.kind is ValueKind.CODE or one.unit == other.unit)


def _measured(text: str, value: Value) -> str:
    """What a bare number counts: the word behind it, as "krónur"; nothing for figures that carry their unit."""
    if value.kind is not ValueKind.NUMBER:
        return ""
    following = content_words(text[value.end :])
    return following[0] if following else ""


def _same_rule(sentence: str, source: str) -> bool:
    ours, theirs = frozenset(content_words(sentence)), frozenset(content_words(source))
    return bool(ours and theirs) and len(ours & theirs) >= _SAME_RULE * min(len(ours), len(theirs))
