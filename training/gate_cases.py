"""The cases of the evals that fit the documents at hand, a few of each kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from chains.same_question import difference
from evals.dataset import Case, load_cases

if TYPE_CHECKING:
    from retrieval.store import ChunkStore
    from training.records import Example

__all__ = ["chosen_cases"]


def chosen_cases(
    store: ChunkStore, root: str, examples: Sequence[Example], *, most: int, given: Sequence[Case] | None = None
) -> list[Case]:
    """At most `most` cases, by turns of every slice: those whose documents are all stored below the folder `root`.

    A case that asks for a refusal is left out when an example answers its very question: closing that gap is the aim.
    """
    stored = {document_id.removeprefix(f"{root}/") for document_id, live in store.indexed(root).items() if live}
    fit = [
        case
        for case in (load_cases() if given is None else given)
        if case.documents <= stored and not (case.refusals and any(_asks_for(case, one) for one in examples))
    ]
    return _by_turns(fit)[:most]


def _asks_for(case: Case, example: Example) -> bool:
    place = case.jurisdiction or example.jurisdiction
    return difference(case.question, example.question, place=place, known_place=example.jurisdiction) is None


def _by_turns(cases: Sequence[Case]) -> list[Case]:
    """One of each kind, then a second of each, in an order that does not depend on where a case is written."""
    kinds: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda one: hashlib.sha256(one.id.encode()).digest()):
        kinds.setdefault(min(case.slices, default=""), []).append(case)
    return [*_flat(zip_longest(*(kinds[kind] for kind in sorted(kinds))))]


def _flat(turns: Iterator[tuple[Case | None, ...]]) -> Iterator[Case]:
    return (case for turn in turns for case in turn if case is not None)
