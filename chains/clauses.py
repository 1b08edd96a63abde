"""A sentence as clauses: who, whether must or may or not, what, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from chains.operators import ACTORS, GENERIC, TURNING, Degree, Marker, Modality, Operator, Token, tokens
from chains.values import figures
from chains.wording import is_content, normalise, stem

__all__ = ["Clause", "clauses"]

_PRONOUNS = frozenset(["you", "they", "he", "she", "it", "we", "i", "one"])
_OPENERS = _PRONOUNS | frozenset(
    ["the", "a", "an", "your", "their", "his", "her", "this", "these", "those", "there", "its", "our", "my"]
)
_COORDINATORS = frozenset(("and", "or", "but"))
_MODALS = frozenset((Operator.MUST, Operator.NEED, Operator.SHOULD, Operator.CAN, Operator.MAY, Operator.MIGHT))
_NEGATIONS = frozenset((Operator.NEGATION, Operator.NEITHER))
_RELATIVES = frozenset(("who", "which", "that", "whose"))
_HARD_POINTS = frozenset(";:.?!—–\n")  # noqa: RUF001
_SUBJECT_NEGATIONS = frozenset("no none nobody nothing neither never".split())
_FINITE = frozenset("is are was were has does did do will would means gives takes makes".split())
_ADVERBS = frozenset("also still then therefore ever even".split())
_PREPOSITIONS = frozenset("to for from of by with in at on about as into under since".split())

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


@dataclass(slots=True)
class _Raw:
    """A run of tokens between two boundaries, still to be read."""

    marker: Marker | None
    group: int
    opened_by_comma: bool
    opens: bool = False
    listed: bool = False
    tokens: list[Token] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        return self.opens or bool(self.stems) or any(operator is not None for operator, _ in self.tokens)

    @property
    def has_modal(self) -> bool:
        return any(operator in _MODALS for operator, _ in self.tokens)

    @property
    def has_subject(self) -> bool:
        return bool(self.tokens) and self.tokens[0][1] in _OPENERS

    @property
    def stands_alone(self) -> bool:
        """Whether it has its own subject or its own finite verb, so that it leans on no neighbour."""
        return self.has_subject or any(word in _FINITE for _, word in self.tokens) or self.tokens[:1] == [(None, "but")]

    @property
    def stems(self) -> list[str]:
        return [found for operator, word in self.tokens if operator is None and (found := _term(word))]


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of one sentence, in order; those without a word of meaning are left out."""
    plain = _without_brackets(normalise(_with_plain_figures(_yes_no(text))))
    raws = _inherit_markers([raw for raw in _split(list(tokens(plain))) if raw.says_something])
    read: list[Clause] = []
    first_main = next((index for index, raw in enumerate(raws) if raw.marker is None), len(raws))
    for index, raw in enumerate(raws):
        read.append(_read(raw, read[-1] if read else None, leading=index < first_main))
    read = _lend_modality(raws, read)
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
        if value.start >= end:
            parts.append(text[end : value.start])
        parts.append(f" 0{value.kind}{re.sub(r'[^0-9a-z]', '', value.key.lower())} ")
        end = max(end, value.end)
    return "".join([*parts, text[end:]])


def _split(found: Sequence[Token]) -> list[_Raw]:
    raws = [_Raw(None, 0, False)]
    group = 0
    for index, (operator, word) in enumerate(found):
        here = raws[-1]
        if isinstance(operator, Marker):
            raws.append(_Raw(operator, group, False, opens=True))
        elif _restarts(here, found, index):
            raws.append(_Raw(None, group, True, tokens=[(operator, word)]))
        elif operator is None and word in _HARD_POINTS:
            if word == ":" and _is_unfinished(here):
                continue
            group += word != ":"
            raws.append(_Raw(None, group, False, listed=word == ":"))
        elif operator is None and word in ",()":
            if here.tokens and all(isinstance(kind, Degree) for kind, _ in here.tokens):
                continue  # "Normally, you can"
            raws.append(_Raw(None, group, True))
        elif operator is None and word in _COORDINATORS and _begins_statement(here, found, index + 1):
            # A second statement within a condition ("if you have A and you meet B") is still the condition.
            marker = here.marker if word != "but" and not here.opened_by_comma else None
            group += marker is None
            raws.append(_Raw(marker, group, False))
        elif operator is None and word in _RELATIVES and here.has_modal:
            raws.append(_Raw(here.marker, group, False))
        elif operator in _MODALS and here.has_modal and not _negation_between(here.tokens):
            moved = [here.tokens.pop()] if here.tokens and here.tokens[-1][1] in _PRONOUNS else []
            raws.append(_Raw(here.marker, group, False, tokens=[*moved, (operator, word)]))
        else:
            here.tokens.append((operator, word))
    return raws


def _is_unfinished(here: _Raw) -> bool:
    """Whether a list's items complete the clause before the colon: "a visitor cannot:", "show that they:"."""
    if not here.tokens:
        return False
    operator, word = here.tokens[-1]
    return operator is not None or word in _PRONOUNS | _RELATIVES | _PREPOSITIONS


def _restarts(here: _Raw, found: Sequence[Token], index: int) -> bool:
    """Whether a main clause begins without a comma, as in "After a refusal you can apply again"."""
    if not here.opens or not here.stems or index + 1 >= len(found) or found[index][1] not in _PRONOUNS:
        return False
    return found[index + 1][0] in _MODALS and not any(word in _PRONOUNS for _, word in here.tokens)


def _begins_statement(here: _Raw, found: Sequence[Token], start: int) -> bool:
    """Whether a new subject or a new modal follows a coordinator, rather than one more thing of the same kind."""
    for offset, (operator, word) in enumerate(found[start : start + 7]):
        if operator in _MODALS or (operator in _NEGATIONS and offset == 0):
            # Before any verb, "and" joins two subjects: "British and Irish citizens do not need".
            return here.has_modal or here.stands_alone or any(word in _PRONOUNS for _, word in here.tokens)
        if offset == 0 and word in _PRONOUNS:
            return True
        if operator is None and (word in _COORDINATORS or word in _RELATIVES or not word[0].isalnum()):
            return False
        if isinstance(operator, Marker):
            return False
    return False


def _negation_between(found: Sequence[Token]) -> bool:
    """Whether "not" or a modal stands last, so that the next modal completes it ("may not be able to")."""
    last = found[-3:]
    return any(operator in _MODALS for operator, _ in last) and all(
        operator is not None or word in ("be", "also", "then", "still") for operator, word in last[1:]
    )


def _inherit_markers(raws: list[_Raw]) -> list[_Raw]:
    """Give the later members of a list the condition that its first member opened."""
    for index, (before, raw) in enumerate(zip(raws, raws[1:], strict=False), 1):
        if not (raw.opened_by_comma and raw.marker is None and before.marker and raw.group == before.group):
            continue
        if raw.has_modal or raw.has_subject:
            continue
        mains = [other for other in raws[:index] if other.marker is None and (other.stems or other.has_modal)]
        later = [
            other for other in raws[index + 1 :] if other.marker is None and (other.has_modal or other.has_subject)
        ]
        interrupted = bool(mains) and mains[-1].has_modal and mains[-1].tokens[-1][0] in _MODALS
        if (mains or later) and not interrupted:
            raw.marker = before.marker
    return raws


def _lend_modality(raws: Sequence[_Raw], read: list[Clause]) -> list[Clause]:
    """A phrase that opens a statement ("For a short course, you must …") is part of what it opens."""
    for index in range(len(read) - 2, -1, -1):
        here, after = read[index], read[index + 1]
        opens = not raws[index].has_modal and raws[index].tokens[:1] and raws[index].tokens[0][1] in _PREPOSITIONS
        opens = opens and (raws[index + 1].opened_by_comma or not raws[index + 1].opens)
        if opens and here.marker == after.marker and here.group == after.group and here.modality == {Modality.ASSERTED}:
            read[index] = replace(here, modality=here.modality | after.modality)
    return read


def _read(raw: _Raw, before: Clause | None, *, leading: bool) -> Clause:
    modal_at = next((index for index, (operator, _) in enumerate(raw.tokens) if operator in _MODALS), None)
    head = raw.tokens[: modal_at if modal_at is not None else _head_length(raw.tokens)]
    subject = [found for operator, word in head if operator is None and (found := _term(word))]
    actor = next(
        (found for operator, word in head if operator is None and (found := stem(word)) in ACTORS | GENERIC), ""
    )
    modality = _modality(raw.tokens, modal_at, told_to_reader=not subject or actor in GENERIC)
    fragment = modal_at is None and not raw.stands_alone and before is not None and before.group == raw.group
    if fragment and before is not None and before.marker == raw.marker and modality == {Modality.ASSERTED}:
        modality = set(before.modality) if raw.listed else modality | before.modality
    if before is not None and not subject and not actor and before.group == raw.group - 1:
        subject, actor = list(before.subject), before.actor
    after = raw.tokens[modal_at + 1 :] if modal_at is not None else raw.tokens
    return Clause(
        marker=raw.marker,
        modality=frozenset(modality),
        subject=frozenset(subject) if modal_at is not None else frozenset(),
        actor=actor,
        order=tuple(raw.stems),
        negations=sum(operator in _NEGATIONS for operator, _ in raw.tokens),
        degrees=frozenset(_degrees(raw.tokens, modal_at or 0)),
        turns=frozenset(_turns(raw.stems)),
        first=next((found for operator, word in after if operator is None and (found := _term(word))), ""),
        group=raw.group,
        leading=leading,
        opens=raw.opens,
    )


def _modality(found: Sequence[Token], modal_at: int | None, *, told_to_reader: bool) -> set[Modality]:
    """What the clause's first modal says together with the negation that belongs to it."""
    negations = [index for index, (operator, _) in enumerate(found) if operator in _NEGATIONS]
    if modal_at is None:
        return {Modality.DENIED if negations else Modality.ASSERTED}
    operator = found[modal_at][0]
    assert isinstance(operator, Operator)
    taken = [index for index in negations if modal_at < index <= modal_at + 2 or _negates(found, index, modal_at)]
    if not taken:
        return set(_POSITIVE[operator])
    if operator is Operator.MAY:
        following = found[taken[-1] + 1 :][:1]
        uncertain = any(kind in _MODALS or word in ("be", "have", "always") for kind, word in following)
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
        if word in _PREPOSITIONS:
            return index
    return min(4, len(found))


def _degrees(found: Sequence[Token], modal_at: int) -> Iterator[tuple[Degree, str]]:
    for index, (operator, _) in enumerate(found):
        if isinstance(operator, Degree):
            following = (_term(word) for kind, word in found[index + 1 :] if kind is None)
            borne = next((term for term in following if term), "")
            yield operator, "" if index < modal_at else borne


def _turns(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    for modifier, word in zip(stems, stems[1:], strict=False):
        if modifier in TURNING:
            yield modifier, word


def _term(word: str) -> str:
    """What a word contributes: its stem, a figure as it is, or nothing."""
    if word[0].isdigit():
        return word
    return stem(word) if is_content(word) and stem(word) not in GENERIC else ""
