"""Rules on documents that take the place of others."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from core.jurisdictions import rules_in
from core.types import GENERAL_JURISDICTION
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding

__all__ = ["check_supersession"]


def check_supersession(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    """`supersedes` that names nothing, itself or a circle, and rules that two documents replace on the same day."""
    by_id = {document.id: document for document in documents}
    for document in documents:
        yield from _one(document, by_id)
    yield from _twice(documents)


def _one(document: CheckedDocument, by_id: Mapping[str, CheckedDocument]) -> Iterator[Finding]:
    target = document.meta.supersedes
    if target is None:
        return
    if target == document.id:
        fix = "name the older document, or remove the line"
        yield _at(document, Code.SUPERSEDES_ITSELF, "the document supersedes itself", fix)
    elif target not in by_id:
        close = difflib.get_close_matches(target, by_id, n=1)
        fix = f"did you mean {close[0]}?" if close else "name the file that it replaces, or remove the line"
        yield _at(document, Code.SUPERSEDES_NOTHING, f"there is no document {target!r}", fix)
    else:
        yield from _pair(document, by_id[target])
        yield from _circle(document, by_id)


def _pair(newer: CheckedDocument, older: CheckedDocument) -> Iterator[Finding]:
    ours, theirs = newer.meta.jurisdiction, older.meta.jurisdiction
    if theirs not in rules_in(ours) and GENERAL_JURISDICTION not in (ours, theirs):
        message = f"a document for {ours} supersedes {older.id}, which is for {theirs}"
        yield _at(newer, Code.SUPERSEDES_ABROAD, message, "name one of the same country, or correct the jurisdiction")
    if newer.meta.audience not in ("public", older.meta.audience):
        message = (
            f"it is for {newer.meta.audience!r} and supersedes {older.id}, which is for {older.meta.audience!r}: "
            "all others go on reading the old rules"
        )
        yield _at(newer, Code.SUPERSEDES_FOR_OTHERS, message, "give both the same audience")


def _circle(document: CheckedDocument, by_id: Mapping[str, CheckedDocument]) -> Iterator[Finding]:
    way = [document.id]
    at = document.meta.supersedes
    while at is not None and at in by_id and at not in way:
        way.append(at)
        at = by_id[at].meta.supersedes
    # Each circle is told once, at the first of its documents.
    if at == document.id and len(way) > 1 and document.id == min(way):
        message = f"documents supersede each other, so none is used: {' → '.join([*way, document.id])}"
        yield _at(document, Code.SUPERSEDES_IN_A_CIRCLE, message, "remove `supersedes` from the oldest of them")


def _twice(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    successors = defaultdict(list)
    for document in documents:
        if document.meta.supersedes not in (None, document.id):
            successors[document.meta.supersedes].append(document)
    for older, newer in successors.items():
        for first, second in combinations(newer, 2):
            if first.in_force_with(second) and _for_the_same(first, second):
                message = f"{older} is also superseded by {first.id} on the same days"
                fix = "let one supersede the other, or give them days that do not overlap"
                yield _at(second, Code.SUPERSEDED_TWICE, message, fix)


def _for_the_same(first: CheckedDocument, second: CheckedDocument) -> bool:
    ours, theirs = first.meta, second.meta
    return (ours.jurisdiction, ours.audience, ours.language) == (theirs.jurisdiction, theirs.audience, theirs.language)


def _at(document: CheckedDocument, code: Code, message: str, fix: str) -> Finding:
    return document.finding_at("supersedes", code, message, fix)
