"""A sentence as clauses: who, whether must or may or not, what, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chains.grounding.bounds import Bound
from chains.grounding.operators import ACTORS, GENERIC, TURNING, Degree, Marker, Modality, Operator, Token, tokens
from chains.grounding.segments import MODALS, NEGATIONS, PREPOSITIONS, Segment, segments, term
from chains.grounding.values import figures
from chains.grounding.wording import normalise, stem

__all__ = ["Clause", "clauses"]

_MOMENTS = frozenset((Bound.BEFORE, Bound.BY, Bound.AFTER, Bound.FROM))
_SUBJECT_NEGATIONS = frozenset("no none nobody nothing neither never".split())
_ADVERBS = frozenset("also still then therefore ever even".split())

_POSITIVE = {
    Operator.MUST: {Modality.OBLIGED},
    Operator.NEED: {Modality.OBLIGED},
    Operator.SHOULD: {Modality.ADVISED},
    Operator.CAN: {Modality.ALLOWED},
    Operator.MAY: {Modality.ALLOWED, Modality.POSSIBLE},
    Operator.MIGHT: {Modality.POSSIBLE},
}
_NEGATED = {
    Operator.MUST: {Modality.PROHIBITED},
    Operator.NEED: {Modality.NOT_OBLIGED},
    Operator.SHOULD: {Modality.ADVISED_AGAINST},
    Operator.CAN: {Modality.PROHIBITED},
    Operator.MAY: {Modality.PROHIBITED},
    Operator.MIGHT: {Modality.UNSURE},
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `group` numbers the independent statements of a sentence; `leading` stands before the first of them.

    `modality` holds the readings that are open. `subject` are the stems before the modal, `order` all content stems and
    figures, `actor` the first of `ACTORS` or `GENERIC` in the subject; `negations` counts "not", "no" and "never".
    `degrees` pairs each degree with the stem it bears on ("" for the subject or the whole clause), `turns` a turning
    modifier with its stem. `opens` says that the marker stands here and was not handed on by an earlier clause.
    """

    marker: Marker | None
    modality: frozenset[Modality]
    subject: frozenset[str]
    actor: str
    order: tuple[str, ...]
    negations: int
    degrees: frozenset[tuple[Degree, str]]
    turns: frozenset[tuple[str, str]]
    first: str
    group: int
    leading: bool
    opens: bool

    @property
    def is_fragment(self) -> bool:
        """Whether it may lean on a neighbour for its modal and its "not"."""
        return Modality.ASSERTED in self.modality and len(self.modality) > 1

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.order)


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of one sentence, in order; those without a word of meaning are left out."""
    plain = _without_brackets(normalise(_with_plain_figures(_yes_no(text))))
    parts = segments(list(tokens(plain)))
    read: list[Clause] = []
    first_main = next((index for index, part in enumerate(parts) if part.marker is None), len(parts))
    for index, part in enumerate(parts):
        read.append(_read(part, read[-1] if read else None, leading=index < first_main))
    read = _lend_modality(parts, read)
    return tuple(
        clause
        for clause in read
        if clause.words or clause.marker or clause.degrees or clause.modality != {Modality.ASSERTED}
    )


def _yes_no(text: str) -> str:
    return re.sub(r"^\s*(?:yes|no)\s*[,.:;—–-]\s*", "", text, flags=re.IGNORECASE)  # noqa: RUF001


def _without_brackets(text: str) -> str:
    """A name or a figure in brackets belongs to the word before it; anything that says more stays a clause."""

    def inner(match: re.Match[str]) -> str:
        plain = all(operator is None for operator, _ in tokens(match.group(1)))
        return f" {match.group(1)} " if plain else match.group()

    return re.sub(r"\(([^()]{0,60})\)", inner, text)


def _with_plain_figures(text: str) -> str:
    """Write each figure as one word that begins with a digit and is the same for equal values."""
    parts, end = [], 0
    for value in figures(text):
        # A moment is also a condition ("before 1 May"); other bounds were compared with their figure.
        low, high = value.whole if value.bound not in _MOMENTS else (value.start, value.end)
        if low >= end:
            parts.append(text[end:low])
        parts.append(f" 0{value.kind}{re.sub(r'[^0-9a-z]', '', value.key.lower())} ")
        end = max(end, high)
    return "".join([*parts, text[end:]])


def _lend_modality(parts: Sequence[Segment], read: list[Clause]) -> list[Clause]:
    """A phrase that opens a statement ("For a short course, you must …") is part of what it opens."""
    for index in range(len(read) - 2, -1, -1):
        here, after = read[index], read[index + 1]
        opens = not parts[index].has_modal and parts[index].tokens[:1] and parts[index].tokens[0][1] in PREPOSITIONS
        opens = opens and (parts[index + 1].opened_by_comma or not parts[index + 1].opens)
        if opens and here.marker == after.marker and here.group == after.group and here.modality == {Modality.ASSERTED}:
            read[index] = replace(here, modality=here.modality | after.modality)
    return read


def _read(part: Segment, before: Clause | None, *, leading: bool) -> Clause:
    modal_at = next((index for index, (operator, _) in enumerate(part.tokens) if operator in MODALS), None)
    head = part.tokens[: modal_at if modal_at is not None else _head_length(part.tokens)]
    subject = [found for operator, word in head if operator is None and (found := term(word))]
    actor = next(
        (found for operator, word in head if operator is None and (found := stem(word)) in ACTORS | GENERIC), ""
    )
    modality = _modality(part.tokens, modal_at, told_to_reader=not subject or actor in GENERIC)
    fragment = modal_at is None and not part.stands_alone and before is not None and before.group == part.group
    if fragment and before is not None and before.marker == part.marker and modality == {Modality.ASSERTED}:
        modality = set(before.modality) if part.listed else modality | before.modality
    if before is not None and not subject and not actor and before.group == part.group - 1:
        subject, actor = list(before.subject), before.actor
    after = part.tokens[modal_at + 1 :] if modal_at is not None else part.tokens
    return Clause(
        marker=part.marker,
        modality=frozenset(modality),
        subject=frozenset(subject) if modal_at is not None else frozenset(),
        actor=actor,
        order=tuple(part.stems),
        negations=sum(operator in NEGATIONS for operator, _ in part.tokens),
        degrees=frozenset(_degrees(part.tokens, modal_at or 0)),
        turns=frozenset(_turns(part.stems)),
        first=next((found for operator, word in after if operator is None and (found := term(word))), ""),
        group=part.group,
        leading=leading,
        opens=part.opens,
    )


def _modality(found: Sequence[Token], modal_at: int | None, *, told_to_reader: bool) -> set[Modality]:
    """What the clause's first modal says together with the negation that belongs to it."""
    negations = [index for index, (operator, _) in enumerate(found) if operator in NEGATIONS]
    if modal_at is None:
        return {Modality.DENIED if negations else Modality.ASSERTED}
    operator = found[modal_at][0]
    assert isinstance(operator, Operator)
    taken = [index for index in negations if modal_at < index <= modal_at + 2 or _negates(found, index, modal_at)]
    if not taken:
        return set(_POSITIVE[operator])
    if operator is Operator.MAY:
        following = found[taken[-1] + 1 :][:1]
        uncertain = any(kind in MODALS or word in ("be", "have", "always") for kind, word in following)
        return {Modality.UNSURE} if uncertain or not told_to_reader else {Modality.UNSURE, Modality.PROHIBITED}
    if operator is Operator.MUST and taken[0] < modal_at:
        return {Modality.NOT_OBLIGED}  # "no visitor must": none is made to
    return set(_NEGATED[operator])


def _negates(found: Sequence[Token], index: int, modal_at: int) -> bool:
    """Whether a negation before the modal is the modal's: "no visitor can", "do not usually have to"."""
    if index >= modal_at:
        return False
    if found[index][1] in _SUBJECT_NEGATIONS:
        return True
    between = found[index + 1 : modal_at]
    return found[modal_at][0] in (Operator.NEED, Operator.CAN) and all(
        isinstance(operator, Degree) or word in _ADVERBS for operator, word in between
    )


def _head_length(found: Sequence[Token]) -> int:
    """Without a modal the subject is taken to end at the first preposition, four words on at most."""
    for index, (_, word) in enumerate(found[:4]):
        if word in PREPOSITIONS:
            return index
    return min(4, len(found))


def _degrees(found: Sequence[Token], modal_at: int) -> Iterator[tuple[Degree, str]]:
    for index, (operator, _) in enumerate(found):
        if isinstance(operator, Degree):
            following = (term(word) for kind, word in found[index + 1 :] if kind is None)
            borne = next((term for term in following if term), "")
            yield operator, "" if index < modal_at else borne


def _turns(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    for modifier, word in zip(stems, stems[1:], strict=False):
        if modifier in TURNING:
            yield modifier, word
