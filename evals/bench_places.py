"""Where the gold of a set stands in the text that the pipeline made of its documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from os.path import commonprefix

from core.types import Passage
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet
from retrieval.store import ChunkStore

__all__ = ["Alignment", "Place", "Places", "at", "is_at"]

_TOKEN = re.compile(r"\w+|[^\w\s]")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a stored document's canonical text; an empty one stands for the whole document."""

    document_id: str
    start: int
    end: int


def at(passage: Passage) -> Place:
    """Where a passage stands."""
    return Place(passage.chunk.document_id, passage.chunk.start, passage.chunk.end)


def is_at(entry: Place, gold: Iterable[Place]) -> bool:
    """Whether `entry` shares with one of the places at least half of the shorter of the two."""
    return any(
        2 * common >= min(entry.end - entry.start, place.end - place.start)
        for place in gold
        if (common := _common(entry, place)) > 0
    )


class Alignment:
    """Which words of one text are which of another that was made from it: parsing drops marks and joins lines."""

    def __init__(self, text: str, made: str) -> None:
        self._text, self._made = text, made

    def span(self, start: int, end: int) -> Span | None:
        """The span in `made` that holds the words of `text[start:end]`; None when none of them was kept."""
        inside = [at for at, (first, last) in enumerate(self._tokens) if first < end and last > start]
        found = [self._kept[at] for at in inside if at in self._kept]
        return (min(span[0] for span in found), max(span[1] for span in found)) if found else None

    @cached_property
    def _tokens(self) -> list[Span]:
        return [match.span() for match in _TOKEN.finditer(self._text)]

    @cached_property
    def _kept(self) -> Mapping[int, Span]:
        made = [match.span() for match in _TOKEN.finditer(self._made)]
        before, after = _words(self._text, self._tokens), _words(self._made, made)
        same = len(commonprefix([before, after]))
        blocks = SequenceMatcher(None, before[same:], after[same:], autojunk=False).get_matching_blocks()
        kept = {at: made[at] for at in range(same)}
        for one, other, size in blocks:
            kept |= {same + one + at: made[same + other + at] for at in range(size)}
        return kept


class Places:
    """The gold of a set's questions as places in the store. `ids` maps the set's documents to the store's."""

    def __init__(self, asked: RetrievalSet, store: ChunkStore, ids: Mapping[str, str]) -> None:
        self._gold = asked.gold
        self._texts = {document.id: document.text for document in asked.documents}
        self._store = store
        self._ids = ids
        self._versions = {document.id: document.version_id for document in store.documents() if document.version_id}
        self._alignments: dict[str, Alignment] = {}
        self._chunks: dict[str, list[Place]] = {}

    @property
    def marks_text(self) -> bool:
        return self._gold is GoldKind.SPAN

    @property
    def unread(self) -> list[str]:
        """The set's documents that ingest took nothing from."""
        return [document for document, stored in self._ids.items() if stored not in self._versions]

    def of(self, asked: Asked) -> list[Place]:
        """Where the question is answered, as far as that is indexed and was read; a whole document is one place."""
        found = [self._place(gold) for gold in asked.gold if gold.document in self._ids]
        return [place for place in found if place is not None]

    def is_indexed(self, asked: Asked) -> bool:
        """Whether a document that answers is there."""
        return any(document in self._ids for document in asked.gold_documents)

    def entries(self, gold: Sequence[Place]) -> set[Place]:
        """What a ranking should have first: the passages that hold the gold, or its documents as wholes.

        Where no passage has half of a place, the one that has most of it counts; for a marked heading, which no passage
        holds, the one below it.
        """
        if self._gold is GoldKind.DOCUMENT:
            return {_whole(place) for place in gold}
        return {chunk for place in gold for chunk in self._holding(place)}

    def ranked(self, entries: Iterable[Place]) -> list[Place]:
        """A ranking of passages as one of what `entries` gives; each document stands where its first passage does."""
        if self._gold is GoldKind.SPAN:
            return list(entries)
        return list(dict.fromkeys(map(_whole, entries)))

    def text(self, asked: Asked) -> str:
        """The marked text."""
        return " ".join(self._texts[gold.document][gold.start : gold.end] for gold in asked.gold)

    def _place(self, gold: Gold) -> Place | None:
        document_id = self._ids[gold.document]
        if document_id not in self._versions:
            return None
        if gold.start is None or gold.end is None:
            return Place(document_id, 0, 0)
        if document_id not in self._alignments:
            made = self._store.get_version(document_id).canonical_text
            self._alignments[document_id] = Alignment(self._texts[gold.document], made)
        span = self._alignments[document_id].span(gold.start, gold.end)
        return None if span is None else Place(document_id, *span)

    def _holding(self, place: Place) -> list[Place]:
        chunks = self._chunks_of(place.document_id)
        if halves := [chunk for chunk in chunks if is_at(chunk, [place])]:
            return halves
        most = max(chunks, key=lambda chunk: _common(chunk, place), default=None)
        if most is not None and _common(most, place) > 0:
            return [most]
        return [chunk for chunk in chunks if chunk.start >= place.end][:1]

    def _chunks_of(self, document_id: str) -> list[Place]:
        if document_id not in self._chunks:
            version = self._versions[document_id]
            self._chunks[document_id] = [
                Place(document_id, live.chunk.start, live.chunk.end) for live in self._store.chunks_of(version)
            ]
        return self._chunks[document_id]


def _common(one: Place, other: Place) -> int:
    """Code points that two places share; none or less where they share none."""
    if one.document_id != other.document_id:
        return 0
    return min(one.end, other.end) - max(one.start, other.start)


def _whole(place: Place) -> Place:
    return Place(place.document_id, 0, 0)


def _words(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[start:end].casefold() for start, end in spans]
