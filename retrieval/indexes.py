"""The pairs of a vector and a keyword index: one is served, the next may be made beside it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.crash import crash_point
from retrieval.keyword import KeywordIndex
from retrieval.staging import jurisdiction_of, keyword_entry
from retrieval.vectors import VectorIndex, open_vectors

if TYPE_CHECKING:
    from core.models import Vector
    from retrieval.records import LiveChunk

__all__ = ["IndexFolder", "IndexPair"]

_PREFIX = "chunks-"


@dataclass(frozen=True, slots=True)
class IndexPair:
    """Two indexes over the same chunks. A pair is never reused: what replaces it has the next number."""

    number: int
    vectors: VectorIndex
    keyword: KeywordIndex

    def put(self, items: Sequence[LiveChunk], vectors: Mapping[str, Vector]) -> None:
        """Bring chunks into both indexes, in place of those of the same ids."""
        self.vectors.upsert([(item.chunk.id, vectors[item.chunk.id], jurisdiction_of(item)) for item in items])
        crash_point("store.indexed.vectors")
        self.keyword.upsert([keyword_entry(item) for item in items])
        crash_point("store.indexed.keyword")

    def delete(self, ids: Sequence[str]) -> None:
        self.vectors.delete(ids)
        crash_point("store.purged.vectors")
        self.keyword.delete(ids)
        crash_point("store.purged.keyword")

    def ids(self) -> set[str]:
        """The chunks that both indexes hold."""
        return self.vectors.ids() & set(self.keyword.ids())


class IndexFolder:
    """Opens and drops pairs. Each lies in a folder of its own, so that dropping one leaves nothing of it on disk.

    With a Chroma server the vectors lie there, in a collection for each pair.
    """

    def __init__(self, folder: Path, chroma_url: str | None = None) -> None:
        self._folder = folder
        self._chroma_url = chroma_url

    def open(self, number: int) -> IndexPair:
        """The pair of this number, empty when it is new."""
        home = self._home(number)
        home.mkdir(parents=True, exist_ok=True)
        vectors = open_vectors(home / "chroma", self._chroma_url, name=f"{_PREFIX}{number}")
        return IndexPair(number, vectors, KeywordIndex(home / "keyword"))

    def drop(self, pair: IndexPair) -> None:
        """Remove a pair that nobody searches any more."""
        if self._chroma_url is not None:
            pair.vectors.drop()
        pair.vectors.close()
        shutil.rmtree(self._home(pair.number), ignore_errors=True)

    def drop_others(self, kept: IndexPair) -> None:
        """Remove what a crash left beside `kept`."""
        for home in self._folder.iterdir():
            if home.name != str(kept.number):
                shutil.rmtree(home, ignore_errors=True)
        if self._chroma_url is not None:
            kept.vectors.drop_siblings(lambda name: name.startswith(_PREFIX))

    def _home(self, number: int) -> Path:
        return self._folder / str(number)
