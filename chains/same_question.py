"""Whether two questions are the same one: every word that turns a question into another has to agree. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chains.countries import countries_in, without_countries
from chains.framing import without_frame
from chains.grounding.values import ValueKind, figures
from chains.grounding.wording import normalise, stem, words
from chains.kinds import kinds_in, other_kind
from chains.question_words import (
    ACTOR_WORDS,
    ASIDES,
    CLASSES,
    COLLECTED,
    CONDITION,
    CONDITION_FIRST,
    FORMS,
    GENERIC,
    GETTING,
    KEPT,
    LEANS,
    LIGHT,
    MODAL_CLASSES,
    NAMED,
    PAST,
    PHRASES,
    PROCESS,
    READER,
    SUBJECTS,
    WHERE_TO,
    Form,
    Modal,
)

__all__ = ["TURNING_POINTS", "Asked", "Difference", "asked_in", "difference", "is_of_another"]

_CODE = re.compile(r"[A-Z]{4,}(?=\d)")
_OF_A_PERSON = re.compile(r"\b(?:i|im|my|we|our)\b", re.IGNORECASE)
_MANY_WORDS = 40
"""A longer message tells of a case of its own."""


class Difference(StrEnum):
    """In what two questions differ; some are the names of fields of `Asked`."""

    LENGTH = "length"
    CONTEXT = "context"
    COUNTRY = "country"
    FIGURE = "figures"
    NEGATION = "negations"
    ACTOR = "actors"
    SUBJECT = "leads"
    MODAL = "modal"
    ORDER = "order"
    FORM = "form"
    CONTENT = "content"


TURNING_POINTS = frozenset(
    (
        Difference.COUNTRY, Difference.FIGURE, Difference.NEGATION, Difference.ACTOR, Difference.SUBJECT,
        Difference.MODAL, Difference.ORDER,
    )
)  # fmt: skip
"""Differences by which an answer to the one question may be wrong for the other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as what has to agree.

    `wanted` and `origins` are countries, `content` the stems of its other words. `order` pairs each word of time or
    direction with the word it bears on. `actors` are in the order in which they stand, the reader left out; `leads` is
    whom the question is about where it is not the reader. `negations` counts "not", "no" and "without", `aside` is the
    content that stands in a condition.
    """

    form: Form
    modal: Modal
    wanted: tuple[str, ...]
    origins: tuple[str, ...]
    figures: tuple[str, ...]
    negations: int
    actors: tuple[str, ...]
    leads: str
    past: bool
    content: frozenset[str]
    aside: frozenset[str]
    order: tuple[str, ...]


def difference(
    asked: str, known: str, *, place: str | None = None, known_place: str | None = None
) -> Difference | None:
    """In what a question differs from a known one, what turns it first; None when one answer serves both.

    `place` is the country that was chosen beside the question, `known_place` the one whose rules the known one tells.
    """
    asked, known = without_frame(asked), without_frame(known)
    if len(asked.split()) > _MANY_WORDS:
        return Difference.LENGTH
    mine, other = asked_in(asked), asked_in(known)
    theirs = other.wanted or ((known_place,) if known_place else ())
    ours = mine.wanted or ((place,) if place and theirs else ())
    if ours != theirs or mine.origins != other.origins:
        return Difference.COUNTRY
    for name in (Difference.FIGURE, Difference.NEGATION, Difference.ACTOR, Difference.SUBJECT):
        if getattr(mine, name) != getattr(other, name):
            return name
    if not _same_modal(mine, other):
        return Difference.MODAL
    if set(mine.order) != set(other.order) or mine.aside != other.aside or mine.past is not other.past:
        return Difference.ORDER
    leans, says_little = LEANS.search(known), not (other.content - GENERIC or other.actors or other.figures)
    if leans or says_little:
        stands_alone = not says_little or (bool(other.wanted) and not leans)
        if not stands_alone or words(normalise(asked)) != words(normalise(known)):
            return Difference.CONTEXT
    if mine.form is not other.form:
        return Difference.FORM
    return None if mine.content == other.content else Difference.CONTENT


def is_of_another(asked: str, known: str) -> bool:
    """Whether a known question tells of another person's case: another figure of the same kind ("2 years" for
    "8 months") or another kind of visa."""
    if not _OF_A_PERSON.search(known) or len(asked.split()) > _MANY_WORDS:
        return False
    mine, other = asked_in(asked), asked_in(known)
    ours, theirs = ({figure.split()[0] for figure in one.figures} for one in (mine, other))
    if ours & theirs and not set(mine.figures) & set(other.figures):
        return True
    if (
        mine.aside
        and other.aside
        and not mine.aside & other.aside
        and mine.content - mine.aside == other.content - other.aside
    ):
        return True
    return other_kind(known, asked=kinds_in(asked))


def _same_modal(mine: Asked, other: Asked) -> bool:
    """Whether both ask for leave, duty or advice alike; of "how do I" and "how can I" nobody means two things."""
    if mine.modal is other.modal:
        return True
    return mine.form in (Form.HOW, Form.WHERE) and Modal.MUST not in (mine.modal, other.modal)


@lru_cache(maxsize=4096)
def asked_in(question: str) -> Asked:
    """A question read once."""
    places = countries_in(question)
    values = figures(question)
    plain = _without_figures(question)
    plain = normalise(without_countries(plain))
    for pattern, instead in (*ASIDES, *PHRASES):
        plain = " ".join(pattern.sub(instead, plain).split())
    plain = CONDITION_FIRST.sub(r"\2 \1", plain)
    form = next((form for pattern, form in FORMS if pattern.search(plain)), Form.STATEMENT)
    modal = next((modal for pattern, modal in MODAL_CLASSES if pattern.search(plain)), Modal.NONE)
    past = PAST.search(plain) is not None
    _, _, aside = plain.partition(condition.group()) if (condition := CONDITION.search(plain)) else ("", "", "")
    for pattern, _ in (*FORMS, *MODAL_CLASSES):
        plain = pattern.sub(" ", plain)
    said = words(plain)
    things = {f"{_class_of(word)} {stem(thing)}" for word, thing in NAMED.findall(plain) if word not in LIGHT}
    where_to = WHERE_TO.search(plain) if form is Form.WHERE else None
    stems = [_class_of(word) for word in said if word not in LIGHT]
    actors = tuple(dict.fromkeys(found for found in stems if found in ACTOR_WORDS))
    content = frozenset(
        found
        for word, found in zip(said, map(_class_of, said), strict=True)
        if found and word not in LIGHT and word not in KEPT and found not in ACTOR_WORDS
    )
    if "need" in content and modal is Modal.NONE:
        content, modal = content - {"need"}, Modal.MUST
    content |= things
    if form is Form.HOW_MUCH and "salary" not in content:
        content |= {"cost"}
    if form is Form.HOW_LONG and content & PROCESS:
        content = content - PROCESS | {"process"}
    if form is Form.HOW and content & GETTING and not COLLECTED.search(normalise(question)):
        content = content - GETTING | {"appli"}
    return Asked(
        form=form, modal=modal, wanted=places.wanted, origins=places.origins,
        figures=tuple(f"{value.kind} {_key(value.kind, value.key)} {value.bound}" for value in values),
        leads=_leads(said),
        negations=len(re.findall(r"\b(?:not|no|never|without|nobody|none|neither|nor)\b", plain)),
        actors=actors, past=past, content=content,
        aside=frozenset(_class_of(word) for word in words(aside)) & content,
        order=(*_directions(said), *(where_to.groups() if where_to else ())),
    )  # fmt: skip


def _without_figures(question: str) -> str:
    for value in reversed(figures(question)):
        question = f"{question[: value.whole[0]]} {question[value.whole[1] :]}"
    return question


def _key(kind: ValueKind, key: str) -> str:
    """A code without the word for what it is of: "subclass 482" and "482" are one visa."""
    return _CODE.sub("", key) if kind is ValueKind.CODE else key


def _leads(said: list[str]) -> str:
    """The first who is named, where it is not the reader."""
    first = next((word for word in said if word in SUBJECTS or stem(word) in ACTOR_WORDS), "")
    return "" if first in SUBJECTS else stem(first)


def _class_of(word: str) -> str:
    """The stem under which a word is compared, one for words that mean the same in a question."""
    if word in READER:
        return ""
    found = stem(word)
    return CLASSES.get(word) or CLASSES.get(found) or found


def _directions(said: list[str]) -> list[str]:
    """Each word of time or direction with the next word that carries meaning."""
    found = []
    for at, word in enumerate(said):
        if word in KEPT:
            following = (_class_of(other) for other in said[at + 1 :] if other not in LIGHT and other not in KEPT)
            found.append(f"{KEPT[word]} {next(filter(None, following), '')}")
    return found
