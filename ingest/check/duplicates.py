"""Rules on texts that stand in the knowledge base twice: documents, and questions with their answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from ingest.blocks import BlockKind
from ingest.canonical import Placed
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding

__all__ = ["check_duplicates", "check_questions"]

_WORD = re.compile(r"\w+")
_SHINGLE_WORDS = 5
_ALIKE = 0.5
"""Jaccard of five-word shingles: half of them survive only when about nine words in ten were left as they are."""
_LEAST_SHINGLES = 30  # shorter texts share that much by chance: a heading, a disclaimer
_COMMON = 20  # documents; a shingle that more of them share is a formula, and pairs grow with its square


def check_duplicates(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    """Documents with the same text, or nearly so, whose rules are in force at one time."""
    words = {document.id: _WORD.findall(document.canonical.text.lower()) for document in documents}
    for first, second in _pairs_of_equals(documents, words):
        message = f"the text is that of {first.id}"
        yield second.finding(Code.DUPLICATE, message, "delete one of them", line=_first_line(second))
    for first, second, share in _alike(documents, words):
        message = f"most of the text stands in {first.id} too ({share:.0%} of its phrases)"
        fix = "merge them; or let the newer one say `supersedes`, or give them days that do not overlap"
        yield second.finding(Code.NEAR_DUPLICATE, message, fix, line=_first_line(second))


def check_questions(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    """Questions of tables that are asked twice for one country and answered differently."""
    asked: dict[tuple[str, str, str], list[tuple[CheckedDocument, Placed, str]]] = defaultdict(list)
    for document in documents:
        for placed, answer in _rows(document):
            jurisdiction = placed.block.jurisdiction or document.meta.jurisdiction
            key = (" ".join(_WORD.findall(placed.block.text.lower())), jurisdiction, document.meta.language)
            for other, at, given in asked[key]:
                if given != answer and not _apart(other, document):
                    first = other.line_of(at)
                    place = f"{other.id}:{first}" if first else other.id
                    message = f"{placed.block.text!r} is asked in {place} too, and answered in other words"
                    line = document.line_of(placed, after=first + 1 if first and other is document else 1)
                    yield document.finding(Code.QUESTION_TWICE, message, "keep the better answer", line=line)
                    break
            asked[key].append((document, placed, answer))


def _rows(document: CheckedDocument) -> Iterator[tuple[Placed, str]]:
    """Each question of a table, with the words of its answer."""
    placed = document.canonical.placed
    for index, at in enumerate(placed):
        if at.block.kind is BlockKind.QUESTION and at.block.level is None:
            answers = []
            for following in placed[index + 1 :]:
                if following.block.unit != at.block.unit or following.block.kind is BlockKind.QUESTION:
                    break
                answers.append(following.block.text)
            yield at, " ".join(_WORD.findall(" ".join(answers).lower()))


def _pairs_of_equals(
    documents: Sequence[CheckedDocument], words: dict[str, list[str]]
) -> Iterator[tuple[CheckedDocument, CheckedDocument]]:
    first_with: dict[tuple[str, ...], CheckedDocument] = {}
    for document in documents:
        text = tuple(words[document.id])
        if text and first_with.setdefault(text, document) is not document:
            yield first_with[text], document


def _alike(
    documents: Sequence[CheckedDocument], words: dict[str, list[str]]
) -> Iterator[tuple[CheckedDocument, CheckedDocument, float]]:
    shingles = {document.id: _shingles(words[document.id]) for document in documents}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, document in enumerate(documents):
        for shingle in shingles[document.id]:
            holders[shingle].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for held in holders.values():
        if 1 < len(held) <= _COMMON:
            shared.update(combinations(held, 2))
    for (one, two), count in sorted(shared.items()):
        first, second = documents[one], documents[two]
        sizes = (len(shingles[first.id]), len(shingles[second.id]))
        share = count / (sum(sizes) - count)
        differ = words[first.id] != words[second.id]
        if differ and share >= _ALIKE and min(sizes) >= _LEAST_SHINGLES and not _apart(first, second):
            yield first, second, share


def _shingles(words: Sequence[str]) -> set[str]:
    return {" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(len(words) - _SHINGLE_WORDS + 1)}


def _apart(first: CheckedDocument, second: CheckedDocument) -> bool:
    """Whether nobody is ever answered from both: one replaces the other, or their days or readers differ."""
    if first is second:
        return False
    linked = first.meta.supersedes == second.id or second.meta.supersedes == first.id
    return linked or not first.in_force_with(second) or first.meta.audience != second.meta.audience


def _first_line(document: CheckedDocument) -> int | None:
    placed = document.canonical.placed
    return document.line_of(placed[0]) if placed else None
