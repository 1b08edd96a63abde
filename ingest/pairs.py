"""Questions with their approved answers brought into the store, each as a document of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InvalidInput
from core.models import EmbeddedPassage
from core.passages import Window
from core.types import DocumentMeta, Kind
from ingest.canonical import canonicalise
from ingest.chunk import chunk_document
from ingest.document import version_id
from ingest.questions import faq_blocks
from ingest.rows import Table
from ingest.sources import PARSER_VERSION
from retrieval.records import NewDocument, Outlined, VersionRecord
from retrieval.served import TRAINED_ROOT

if TYPE_CHECKING:
    from core.models import PassageEmbeddings
    from retrieval.store import ChunkStore

__all__ = ["Pair", "PairIngestor"]

_TOGETHER = 50
_NO_VECTORS = EmbeddedPassage(np.empty(0, dtype=np.float32), np.empty((0, 0), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the answer that a person approved; `cites` are ids of the document versions it rests on."""

    id: str
    question: str
    answer: str
    meta: DocumentMeta
    cites: tuple[str, ...]

    @property
    def document_id(self) -> str:
        return f"{TRAINED_ROOT}{self.id}"


class PairIngestor:
    """Puts pairs into the store. They answer nobody until a model version that holds them is current.

    They are in no index: their questions lie as vectors beside the version, and their texts would crowd out the
    documents that those were approved from (docs/benchmarks.md). So they cost no embedding here either.
    """

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def put(self, pairs: Sequence[Pair]) -> dict[str, str]:
        """Store what is not there yet; the document version of each pair by the pair's id.

        May be repeated. Raises `InvalidInput` for one without text.
        """
        return dict(item for at in range(0, len(pairs), _TOGETHER) for item in self._put(pairs[at : at + _TOGETHER]))

    def _put(self, pairs: Sequence[Pair]) -> Iterator[tuple[str, str]]:
        with self._store.held():  # no other model, with another window, takes over between the cutting and the staging
            documents = [_document(pair, self._store.embeddings) for pair in pairs]
            known = self._store.indexed(TRAINED_ROOT)
            fresh = [document for document in documents if known.get(document.id) != document.version.content_hash]
            self._store.stage(*fresh)
        self._store.publish(*(document.version.id for document in fresh))
        return ((pair.id, document.version.id) for pair, document in zip(pairs, documents, strict=True))


def _document(pair: Pair, embeddings: PassageEmbeddings) -> NewDocument:
    """The pair as a document whose vectors are still to be made."""
    canonical = canonicalise(faq_blocks(Table((("question", "answer"), (pair.question, pair.answer)))))
    content_hash = hashlib.sha256(json.dumps([asdict(pair), PARSER_VERSION], default=str).encode()).hexdigest()
    version = version_id(pair.document_id, content_hash, pair.meta, canonical.text)
    window = Window.of(embeddings)
    chunks = chunk_document(canonical, window, document_id=pair.document_id, version_id=version, title=pair.meta.title)
    if not chunks:
        raise InvalidInput(f"the pair {pair.id!r} has no question or no answer; both are needed")
    outline = tuple(Outlined(at.block.kind.value, at.block.level or 0, at.content, at.end) for at in canonical.placed)
    record = VersionRecord(version, content_hash, PARSER_VERSION, pair.meta, canonical.text, outline)
    return NewDocument(
        pair.document_id, Kind.APPROVED, TRAINED_ROOT, record, chunks, [_NO_VECTORS] * len(chunks), pair.cites
    )
