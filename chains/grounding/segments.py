"""Where one clause of a sentence ends and the next begins, and under which condition each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chains.grounding.operators import GENERIC, Degree, Marker, Operator, Token
from chains.grounding.wording import is_content, stem

__all__ = ["MODALS", "NEGATIONS", "PREPOSITIONS", "Segment", "segments", "term"]

PRONOUNS = frozenset("you they he she it we i one".split())
MODALS = frozenset((Operator.MUST, Operator.NEED, Operator.SHOULD, Operator.CAN, Operator.MAY, Operator.MIGHT))
NEGATIONS = frozenset((Operator.NEGATION, Operator.NEITHER))
PREPOSITIONS = frozenset("to for from of by with in at on about as into under since".split())
_OPENERS = PRONOUNS | frozenset("the a an your their his her this these those there its our my".split())
_COORDINATORS = frozenset(("and", "or", "but"))
_RELATIVES = frozenset(("who", "which", "that", "whose"))
_FINITE = frozenset("is are was were has does did do will would means gives takes makes".split())
_HARD_POINTS = frozenset(";:.?!—–\n")  # noqa: RUF001
_LOOK_AHEAD = 7
"""Words after "and" within which a modal shows that a new statement began; longer subjects are rare in rules."""


@dataclass(slots=True)
class Segment:
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
        return any(operator in MODALS for operator, _ in self.tokens)

    @property
    def has_pronoun(self) -> bool:
        return any(word in PRONOUNS for _, word in self.tokens)

    @property
    def has_subject(self) -> bool:
        return bool(self.tokens) and self.tokens[0][1] in _OPENERS

    @property
    def stands_alone(self) -> bool:
        """Whether it has its own subject or its own finite verb, so that it leans on no neighbour."""
        return self.has_subject or any(word in _FINITE for _, word in self.tokens) or self.tokens[:1] == [(None, "but")]

    @property
    def stems(self) -> list[str]:
        return [found for operator, word in self.tokens if operator is None and (found := term(word))]


def segments(found: Sequence[Token]) -> list[Segment]:
    """The segments of a sentence's tokens, in order; those that say nothing are left out."""
    return _inherit_markers([part for part in _split(found) if part.says_something])


def _split(found: Sequence[Token]) -> list[Segment]:  # noqa: C901 - one branch for each kind of boundary
    parts = [Segment(None, 0, False)]
    group = 0
    for index, (operator, word) in enumerate(found):
        here = parts[-1]
        if isinstance(operator, Marker):
            parts.append(Segment(operator, group, False, opens=True))
        elif _restarts(here, found, index):
            parts.append(Segment(None, group, True, tokens=[(operator, word)]))
        elif word == ":" and _is_unfinished(here):
            continue
        elif operator is None and word in _HARD_POINTS:
            group += word != ":"
            parts.append(Segment(None, group, False, listed=word == ":"))
        elif word == "," and here.tokens and all(isinstance(kind, Degree) for kind, _ in here.tokens):
            continue  # "Normally, you can"
        elif operator is None and word in ",()":
            parts.append(Segment(None, group, True))
        elif operator is None and word in _COORDINATORS and _begins_statement(parts, found, index + 1):
            # A second statement within a condition ("if you have A and you meet B") is still the condition.
            marker = here.marker if word != "but" and not here.opened_by_comma else None
            group += marker is None
            parts.append(Segment(marker, group, False))
        elif operator is None and word in _RELATIVES and here.has_modal:
            parts.append(Segment(here.marker, group, False))
        elif operator in MODALS and here.has_modal and not _negation_between(here.tokens):
            moved = [here.tokens.pop()] if here.tokens and here.tokens[-1][1] in PRONOUNS else []
            parts.append(Segment(here.marker, group, False, tokens=[*moved, (operator, word)]))
        else:
            here.tokens.append((operator, word))
    return parts


def _is_unfinished(here: Segment) -> bool:
    """Whether a list's items complete the clause before the colon: "a visitor cannot:", "show that they:"."""
    if not here.tokens:
        return False
    operator, word = here.tokens[-1]
    return operator is not None or word in PRONOUNS | _RELATIVES | PREPOSITIONS


def _restarts(here: Segment, found: Sequence[Token], index: int) -> bool:
    """Whether a main clause begins without a comma, as in "After a refusal you can apply again"."""
    if not here.opens or not here.stems or index + 1 >= len(found) or found[index][1] not in PRONOUNS:
        return False
    return found[index + 1][0] in MODALS and not here.has_pronoun


def _begins_statement(parts: Sequence[Segment], found: Sequence[Token], start: int) -> bool:
    """Whether a new subject or a new modal follows a coordinator, rather than one more thing of the same kind."""
    # Before any verb, "and" joins two subjects: "British and Irish citizens do not need".
    stated = any(part.has_modal or part.stands_alone or part.has_pronoun for part in parts)
    for offset, (operator, word) in enumerate(found[start : start + _LOOK_AHEAD]):
        if operator in MODALS or (operator in NEGATIONS and offset == 0):
            return stated
        if offset == 0 and word in PRONOUNS:
            return True
        if operator is None and (word in _COORDINATORS or word in _RELATIVES or not word[0].isalnum()):
            return False
        if isinstance(operator, Marker):
            return False
    return False


def _negation_between(found: Sequence[Token]) -> bool:
    """Whether "not" or a modal stands last, so that the next modal completes it ("may not be able to")."""
    last = found[-3:]
    return any(operator in MODALS for operator, _ in last) and all(
        operator is not None or word in ("be", "also", "then", "still") for operator, word in last[1:]
    )


def _inherit_markers(parts: list[Segment]) -> list[Segment]:
    """Give the later members of a list the condition that its first member opened."""
    for index, (before, part) in enumerate(zip(parts, parts[1:], strict=False), 1):
        if not (part.opened_by_comma and part.marker is None and before.marker and part.group == before.group):
            continue
        if part.has_modal or part.has_subject:
            continue
        mains = [other for other in parts[:index] if other.marker is None and (other.stems or other.has_modal)]
        later = [
            other for other in parts[index + 1 :] if other.marker is None and (other.has_modal or other.has_subject)
        ]
        interrupted = bool(mains) and mains[-1].has_modal and mains[-1].tokens[-1][0] in MODALS
        if (mains or later) and not interrupted:
            part.marker = before.marker
    return parts


def term(word: str) -> str:
    """What a word contributes: its stem, a figure as it is, or nothing."""
    if word[0].isdigit():
        return word
    return stem(word) if is_content(word) and stem(word) not in GENERIC else ""
