"""The vectors in Chroma, embedded or on a server; the only module that imports chromadb."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from core.errors import AssistantError, ConfigurationError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.types import Where

    from core.models import Vector

__all__ = ["VectorIndex", "VectorIndexUnavailable", "VectorRow", "open_vectors"]

_SPACE: Literal["cosine"] = "cosine"
_MAX_NEIGHBOURS = 32
_EF_CONSTRUCTION = 400
_EF_SEARCH = 500
"""Recall@10 .996 at 20k unclustered vectors, where the defaults gave .893 (measured, Chroma 1.5.9)."""

_BATCH = 1000

_M_PERTURB = -6  # malloc.h of glibc
_FILLING = 0x5A

VectorRow = tuple[str, "Vector", str]
"""Chunk id, its vector of length 1, and the jurisdiction it can be filtered by."""

_T = TypeVar("_T")


class VectorIndexUnavailable(AssistantError):
    status = 503
    type = "vector-index-unavailable"
    title = "The vector index does not answer"
    retry_after_s = 5


class VectorIndex:
    """Nearest chunks by cosine. Vectors are always given, and no text is stored."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._open()

    def upsert(self, rows: Sequence[VectorRow]) -> None:
        for batch in _batched(rows, _BATCH):
            self._collection.upsert(
                ids=[chunk_id for chunk_id, _, _ in batch],
                embeddings=np.stack([vector for _, vector, _ in batch]),
                metadatas=[{"jurisdiction": jurisdiction} for _, _, jurisdiction in batch],
            )

    def delete(self, ids: Sequence[str]) -> None:
        for batch in _batched(ids, _BATCH):
            self._collection.delete(ids=batch)

    def query(self, vector: Vector, k: int, *, jurisdictions: Sequence[str] = ()) -> list[tuple[str, float]]:
        """The `k` chunks nearest to `vector`, best first, with their cosines.

        With `jurisdictions` only chunks of these: exact, but some twenty times slower at 10,000 chunks.
        """
        where = cast("Where", {"jurisdiction": {"$in": list(jurisdictions)}}) if jurisdictions else None
        found = self._collection.query(query_embeddings=vector[None], n_results=k, where=where, include=["distances"])
        distances = found["distances"]
        assert distances is not None
        return [(chunk_id, 1.0 - distance) for chunk_id, distance in zip(found["ids"][0], distances[0], strict=True)]

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that the index holds."""
        held: set[str] = set()
        for batch in _batched(ids, _BATCH):
            held.update(self._collection.get(ids=batch, include=[])["ids"])
        return held

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        return self._collection.count()

    def drop(self) -> None:
        """Give the collection up; an embedded one leaves its files behind, so its folder is to be removed."""
        self._client.delete_collection(self._name)

    def drop_siblings(self, wanted: Callable[[str], bool]) -> None:
        """Give up the other collections of the same server whose name is `wanted`."""
        for collection in self._client.list_collections():
            if collection.name != self._name and wanted(collection.name):
                self._client.delete_collection(collection.name)

    def heartbeat(self) -> None:
        """Raise `VectorIndexUnavailable` when Chroma does not answer."""
        try:
            self._client.heartbeat()
        except Exception as error:  # Chroma's clients share no base class for what a connection can do
            raise VectorIndexUnavailable(f"Chroma does not answer: {error}; is its server up?") from error

    def close(self) -> None:
        """Let go of an embedded index's files."""
        self._client.close()

    def _open(self) -> None:
        self._collection = self._client.get_or_create_collection(
            self._name,
            configuration={
                "hnsw": {
                    "space": _SPACE,
                    "max_neighbors": _MAX_NEIGHBOURS,
                    "ef_construction": _EF_CONSTRUCTION,
                    "ef_search": _EF_SEARCH,
                }
            },
            embedding_function=None,
        )


def open_vectors(folder: Path, url: str | None = None, *, name: str = "chunks") -> VectorIndex:
    """The index `name` embedded in `folder`, whose lock the caller must hold, or on the server at `url` if given."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if url is None:
        _overwrite_freed_memory()
        return VectorIndex(cast("Client", chromadb.PersistentClient(str(folder), settings=settings)), name)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        raise ConfigurationError(f"CHROMA_URL {url!r} is no address; write one as http://host:8000")
    secure = parts.scheme == "https"
    try:
        client = chromadb.HttpClient(
            parts.hostname, port=parts.port or (443 if secure else 8000), ssl=secure, settings=settings
        )
    except ValueError as error:
        raise VectorIndexUnavailable(
            f"no Chroma server answers at {url!r}: {error}; start it, or remove CHROMA_URL"
        ) from error
    return VectorIndex(cast("Client", client), name)


def _overwrite_freed_memory() -> None:
    """Have the allocator fill what it gives out and takes back, for the rest of the process; with glibc alone.

    Chroma writes a graph with the memory it keeps to grow into, whatever stood there: pieces of erased documents too.
    """
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version"):
        ctypes.CDLL(None).mallopt(_M_PERTURB, _FILLING)


def _batched(items: Sequence[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
