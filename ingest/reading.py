"""Changed files become embedded documents, batch by batch: some are parsed while others are embedded."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import structlog

from core.errors import AssistantError, UnreadableDocument
from core.passages import Window, embedding_text, sentence_spans_of
from ingest.ahead import ahead
from ingest.document import PreparedDocument, prepare
from ingest.manifest import PlannedFile
from ingest.reasons import UnreadableReason, unreadable
from ingest.sources import SourceFile, fingerprint, read_source

if TYPE_CHECKING:
    from core.models import EmbeddedPassage, PassageEmbeddings
    from ingest.parser import Parser

__all__ = ["Batch", "EmbeddedDocument", "Reader", "Refused"]

log = structlog.get_logger(__name__)

_BATCH_PASSAGES = 192
"""Texts of like length are embedded together: of the shipped documents 7% of the tokens are padding, with 64 passages
to choose from 16%, with 256 6%. What is at hand when a sync is stopped takes some seconds more to settle."""
_BATCH_FILES = 64
_AHEAD = 4  # documents, and batches, that may wait: enough to keep the encoder busy, and memory flat
_READ_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that gave no text, and why."""

    planned: PlannedFile
    error: UnreadableDocument


@dataclass(frozen=True, slots=True)
class EmbeddedDocument:
    """A document that is ready for the store."""

    document: PreparedDocument
    passages: list[EmbeddedPassage]


@dataclass(slots=True)
class Batch:
    """What is settled together; `embeddings` is the model that made the vectors."""

    embeddings: PassageEmbeddings
    refused: list[Refused] = field(default_factory=list)
    documents: list[EmbeddedDocument] = field(default_factory=list)


class Reader:
    """Reads files in the parser's child process and embeds what they say."""

    def __init__(self, parser: Parser, *, max_bytes: int) -> None:
        self._parser = parser
        self._max_bytes = max_bytes

    def batches(self, files: Sequence[PlannedFile], embeddings: PassageEmbeddings) -> Generator[Batch, None, None]:
        """Every file once, refused or embedded, in batches that hold a few documents or one long one."""
        if files:
            self._parser.start()
        window = Window.of(embeddings)
        prepared = ahead((self._prepare(file, window) for file in files), depth=_AHEAD)
        return ahead(self._embedded(prepared, embeddings), depth=_AHEAD)

    def examine(self, file: SourceFile, embeddings: PassageEmbeddings) -> PreparedDocument:
        """The document that a file would become; raises `UnreadableDocument`, stores nothing."""
        found = self._prepare(PlannedFile(file, self.fingerprint(file)), Window.of(embeddings))
        if isinstance(found, Refused):
            raise found.error
        return found

    def fingerprint(self, file: SourceFile) -> str:
        return fingerprint(file, max_bytes=self._max_bytes)

    def _prepare(self, planned: PlannedFile, window: Window) -> Refused | PreparedDocument:
        try:
            for _ in range(_READ_ATTEMPTS):
                source = read_source(planned.file, planned.content_hash, max_bytes=self._max_bytes)
                document = prepare(source, self._parser.parse(planned.file.path, source.format), window)
                now = self.fingerprint(planned.file)
                if now == planned.content_hash:
                    return document
                planned = PlannedFile(planned.file, now)
            raise unreadable(UnreadableReason.UNAVAILABLE, "it changes while it is being read")
        except UnreadableDocument as error:
            return Refused(planned, error)
        except OSError as error:
            return Refused(planned, unreadable(UnreadableReason.UNAVAILABLE, error.strerror or str(error)))
        except AssistantError:
            raise
        except Exception as error:
            # Whatever a file does to our own code is a property of the file, and the next file must go on.
            log.exception("document.not_prepared", document_id=planned.file.id)
            return Refused(planned, unreadable(UnreadableReason.MALFORMED, type(error).__name__))

    def _embedded(
        self, prepared: Iterator[Refused | PreparedDocument], embeddings: PassageEmbeddings
    ) -> Iterator[Batch]:
        refused: list[Refused] = []
        documents: list[PreparedDocument] = []
        for item in prepared:
            if isinstance(item, Refused):
                refused.append(item)
            else:
                documents.append(item)
            passages = sum(len(document.chunks) for document in documents)
            if passages >= _BATCH_PASSAGES or len(refused) + len(documents) >= _BATCH_FILES:
                yield Batch(embeddings, refused, embed(documents, embeddings))
                refused, documents = [], []
        if refused or documents:
            yield Batch(embeddings, refused, embed(documents, embeddings))


def embed(documents: Sequence[PreparedDocument], embeddings: PassageEmbeddings) -> list[EmbeddedDocument]:
    """All passages of the documents embedded together."""
    window = Window.of(embeddings)
    texts = [embedding_text(document.meta.title, chunk, window) for document in documents for chunk in document.chunks]
    chunks = (chunk for document in documents for chunk in document.chunks)
    spans = [sentence_spans_of(chunk, text=text) for chunk, text in zip(chunks, texts, strict=True)]
    passages = iter(embeddings.embed_passages(texts, spans)) if texts else iter(())
    return [EmbeddedDocument(document, list(islice(passages, len(document.chunks)))) for document in documents]
