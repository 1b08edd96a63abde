"""What goes into the store and comes out of it, and how that maps to rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from core.jurisdictions import rules_in
from core.models import EmbeddedPassage
from core.types import GENERAL_JURISDICTION, Chunk, DocumentMeta, Kind
from retrieval.tables import ChunkRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from sqlalchemy import Row

    from core.models import Vector

__all__ = [
    "CHUNK_COLUMNS",
    "META_COLUMNS",
    "Consistency",
    "DocumentSummary",
    "LiveChunk",
    "NewDocument",
    "Outlined",
    "StoreCounts",
    "StoredVersion",
    "VersionRecord",
    "View",
    "chunk_from",
    "chunk_values",
    "meta_from",
    "meta_values",
    "vector_from",
]

_META_FIELDS = tuple(field.name for field in fields(DocumentMeta))
_CHUNK_FIELDS = tuple(field.name for field in fields(Chunk))
_SECTION, _SENTENCES = _CHUNK_FIELDS.index("section"), _CHUNK_FIELDS.index("sentences")

META_COLUMNS = tuple(getattr(VersionRow, name).label(f"meta_{name}") for name in _META_FIELDS)
"""What `meta_from` reads, in the order of the fields; chunks have columns of the same names, hence the labels."""

CHUNK_COLUMNS = tuple(getattr(ChunkRow, name) for name in _CHUNK_FIELDS)
"""What `chunk_from` reads, in the order of the fields."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """A block of a version's text, for showing it: its kind as ingest names it, its level (0 for none), its span."""

    kind: str
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version to be staged. Its id is derived from document, content, metadata and parser version: none share it."""

    id: str
    content_hash: str
    parser_version: str
    meta: DocumentMeta
    canonical_text: str
    outline: tuple[Outlined, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be stored: one version of it, its chunks and, in their order, their vectors.

    `cites` are the documents, or versions by id, that an approved answer rests on.
    """

    id: str
    kind: Kind
    root: str
    version: VersionRecord
    chunks: Sequence[Chunk]
    embedded: Sequence[EmbeddedPassage]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version as it is kept, whatever its status."""

    id: str
    document_id: str
    kind: Kind
    content_hash: str
    parser_version: str
    meta: DocumentMeta
    status: VersionStatus
    created_at: datetime
    published_at: datetime | None
    canonical_text: str
    outline: tuple[Outlined, ...]


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One line of a listing; `version_id` and `meta` are those being served, None while or once there are none."""

    id: str
    kind: Kind
    root: str
    version_id: str | None
    content_hash: str | None
    parser_version: str | None
    meta: DocumentMeta | None
    chunks: int
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LiveChunk:
    """A chunk that is being served; `sentence_vectors` float32 [n, dimension] are in the order of `chunk.sentences`."""

    chunk: Chunk
    meta: DocumentMeta
    kind: Kind
    sentence_vectors: Vector


@dataclass(frozen=True, slots=True)
class View:
    """What a question may see: rules in force `as_of`, of `jurisdiction`, its area and none, for `audience` or all.

    Of the pairs that training put into the store only the document versions in `pairs` can be seen.
    """

    as_of: date
    jurisdiction: str | None = None
    audience: str = "public"
    pairs: frozenset[str] = frozenset()

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Those whose documents can be seen; empty for all."""
        return (*rules_in(self.jurisdiction), GENERAL_JURISDICTION) if self.jurisdiction else ()


@dataclass(frozen=True, slots=True)
class StoreCounts:
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Consistency:
    """Chunk ids that are live in SQL but missing from an index, unknown to SQL but in one, or in one twice."""

    live: int
    missing_vectors: frozenset[str]
    missing_keyword: frozenset[str]
    stray_vectors: frozenset[str]
    stray_keyword: frozenset[str]
    doubled_keyword: frozenset[str]

    @property
    def is_whole(self) -> bool:
        return not any(
            (self.missing_vectors, self.missing_keyword, self.stray_vectors, self.stray_keyword, self.doubled_keyword)
        )


def meta_values(meta: DocumentMeta) -> dict[str, Any]:
    return {name: getattr(meta, name) for name in _META_FIELDS}


def meta_from(row: Row[Any]) -> DocumentMeta:
    """The metadata from a row that was selected with `META_COLUMNS`."""
    return DocumentMeta(**{name: getattr(row, f"meta_{name}") for name in _META_FIELDS})


def chunk_values(chunk: Chunk, embedded: EmbeddedPassage) -> dict[str, Any]:
    return {
        "id": chunk.id,
        "version_id": chunk.version_id,
        "document_id": chunk.document_id,
        "ordinal": chunk.ordinal,
        "text": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
        "section": list(chunk.section),
        "page": chunk.page,
        "unit": chunk.unit,
        "question": chunk.question,
        "jurisdiction": chunk.jurisdiction,
        "source_url": chunk.source_url,
        "suspicion": chunk.suspicion,
        "sentences": [list(span) for span in chunk.sentences],
        "vector": embedded.vector.astype(np.float32).tobytes(),
        "sentence_vectors": embedded.sentences.astype(np.float16).tobytes(),
    }


def chunk_from(values: Sequence[Any]) -> Chunk:
    """A chunk from the values of `CHUNK_COLUMNS`, in their order."""
    fields_of = list(values)
    fields_of[_SECTION] = tuple(fields_of[_SECTION])
    fields_of[_SENTENCES] = tuple([(start, end) for start, end in fields_of[_SENTENCES]])
    return Chunk(*fields_of)


def vector_from(stored: bytes) -> Vector:
    return np.frombuffer(stored, dtype=np.float32)
