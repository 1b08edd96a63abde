"""MAIN FLOW: a folder of files in, verified documents in the store out, and nothing done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from core.errors import UnreadableDocument
from core.passages import embedding_text, sentence_spans_of
from core.types import Kind
from ingest.ahead import ahead
from ingest.chunk import Window
from ingest.document import PreparedDocument, prepare
from ingest.manifest import Manifest, Plan, PlannedFile, plan
from ingest.reasons import UnreadableReason, unreadable
from ingest.report import OnProgress, Outcome, Progress, SyncReport
from ingest.sources import PARSER_VERSION, SourceFile, discover, fingerprint, read_source, source_file
from ingest.unreadable import UnreadableFile, UnreadableFiles
from retrieval.records import VersionRecord

if TYPE_CHECKING:
    from core.database import Database
    from core.models import EmbeddedPassage, PassageEmbeddings
    from ingest.parser import Parser
    from retrieval.store import ChunkStore

__all__ = ["Ingestor", "Progress", "SyncReport"]

log = structlog.get_logger(__name__)

_BATCH_PASSAGES = 64  # texts of like length are embedded together; more passages to choose from waste less padding
_AHEAD = 4  # documents, and batches, that may wait: enough to keep the encoder busy, and memory flat
_READ_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Refused:
    planned: PlannedFile
    error: UnreadableDocument


@dataclass(frozen=True, slots=True)
class _Embedded:
    document: PreparedDocument
    passages: list[EmbeddedPassage]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ingestor:
    """Brings the store in step with folders. One sync runs at a time; another waits."""

    def __init__(
        self,
        store: ChunkStore,
        parser: Parser,
        embeddings: PassageEmbeddings,
        *,
        database: Database,
        clock: Callable[[], datetime] = _utc_now,
        max_file_mb: int = 64,
    ) -> None:
        self._store = store
        self._parser = parser
        self._embeddings = embeddings
        self._unreadable = UnreadableFiles(database, clock=clock)
        self._max_bytes = max_file_mb << 20
        self._lock = Lock()

    def sync_folder(self, root: Path, *, progress: OnProgress | None = None, remove_missing: bool = True) -> SyncReport:
        """Add what is new below `root`, replace what changed, remove what is gone; raises `NotFound`."""
        with self._lock:
            planned = self.plan(root, remove_missing=remove_missing)
            return self._carry_out(planned, progress)

    def ingest_file(self, path: Path, root: Path, *, progress: OnProgress | None = None) -> SyncReport:
        """The same for one file below `root`."""
        with self._lock:
            file = source_file(path, root)
            manifest = self._manifest(file.root.name, only=file.id)
            return self._carry_out(plan(self._planned([file]), manifest), progress)

    def plan(self, root: Path, *, remove_missing: bool = True) -> Plan:
        """What `sync_folder` would do now."""
        manifest = self._manifest(root.resolve().name)
        planned = plan(self._planned(discover(root)), manifest)
        return planned if remove_missing else planned.without_removals()

    def unreadable(self) -> list[UnreadableFile]:
        """Every file that gave no text when it was last tried, by id."""
        return self._unreadable.listed()

    def close(self) -> None:
        """End the parser's child process."""
        self._parser.close()

    def _carry_out(self, planned: Plan, progress: OnProgress | None) -> SyncReport:
        started = time.perf_counter()
        report = SyncReport(kept=list(planned.keep), unreadable=list(planned.still_unreadable))
        follow = _Follower(planned, report, progress)
        self._unreadable.forget(planned.forget)
        for document_id in planned.remove:
            self._store.remove(document_id)
            follow.removed(document_id)
        with closing(self._embedded(planned)) as results:
            for result in results:
                self._settle(result, follow)
        self._store.purge()
        report.seconds = time.perf_counter() - started
        log.info(
            "sync_done",
            added=len(report.added),
            replaced=len(report.replaced),
            kept=len(report.kept),
            removed=len(report.removed),
            unreadable=len(report.unreadable),
            passages=report.passages,
            seconds=round(report.seconds, 2),
        )
        return report

    def _settle(self, result: _Refused | _Embedded, follow: _Follower) -> None:
        """Put a document into the store, or its file on the list of those that gave no text."""
        if isinstance(result, _Refused):
            follow.refused(self._unreadable.remember(result.planned.file, result.planned.content_hash, result.error))
            return
        document = result.document
        self._store.stage(
            document.source.id,
            kind=Kind.DOCUMENT,
            root=document.source.file.root.name,
            version=VersionRecord(
                id=document.version_id,
                content_hash=document.source.content_hash,
                parser_version=PARSER_VERSION,
                meta=document.meta,
                canonical_text=document.canonical_text,
                outline=document.outline,
            ),
            chunks=document.chunks,
            embedded=result.passages,
        )
        self._store.index(document.version_id)
        self._store.verify(document.version_id)
        self._store.publish(document.version_id)
        self._unreadable.forget([document.source.id])
        follow.stored(document)

    def _embedded(self, planned: Plan) -> Generator[_Refused | _Embedded, None, None]:
        """Each changed file, embedded or refused; files are parsed while others are embedded and stored."""
        if planned.changed:
            self._parser.start()
        prepared = ahead(map(self._prepare, planned.changed), depth=_AHEAD)
        return ahead(self._embed_together(prepared), depth=_AHEAD)

    def _prepare(self, planned: PlannedFile) -> _Refused | PreparedDocument:
        window = Window(self._embeddings.count_tokens, self._embeddings.max_tokens)
        try:
            for _ in range(_READ_ATTEMPTS):
                source = read_source(planned.file, planned.content_hash, max_bytes=self._max_bytes)
                document = prepare(source, self._parser.parse(planned.file.path, source.format), window)
                now = self._fingerprint(planned.file)
                if now == planned.content_hash:
                    return document
                planned = PlannedFile(planned.file, now)
            raise unreadable(UnreadableReason.UNAVAILABLE, "it changes while it is being read")
        except UnreadableDocument as error:
            return _Refused(planned, error)
        except OSError as error:
            return _Refused(planned, unreadable(UnreadableReason.UNAVAILABLE, error.strerror or str(error)))

    def _embed_together(self, prepared: Iterator[_Refused | PreparedDocument]) -> Iterator[_Refused | _Embedded]:
        batch: list[PreparedDocument] = []
        for item in prepared:
            if isinstance(item, _Refused):
                yield item
                continue
            batch.append(item)
            if sum(len(document.chunks) for document in batch) >= _BATCH_PASSAGES:
                yield from self._embed(batch)
                batch = []
        yield from self._embed(batch)

    def _embed(self, documents: Sequence[PreparedDocument]) -> Iterator[_Embedded]:
        texts = [embedding_text(document.meta.title, chunk) for document in documents for chunk in document.chunks]
        chunks = (chunk for document in documents for chunk in document.chunks)
        spans = [sentence_spans_of(chunk, text=text) for chunk, text in zip(chunks, texts, strict=True)]
        passages = iter(self._embeddings.embed_passages(texts, spans)) if texts else iter(())
        for document in documents:
            yield _Embedded(document, list(islice(passages, len(document.chunks))))

    def _planned(self, files: Iterable[SourceFile]) -> Iterator[PlannedFile]:
        for file in files:
            try:
                yield PlannedFile(file, self._fingerprint(file))
            except OSError as error:
                # Without its content there is no telling whether it changed: it is tried, and listed with the cause.
                yield PlannedFile(file, f"unavailable: {error.strerror}"[:64])

    def _fingerprint(self, file: SourceFile) -> str:
        return fingerprint(file, max_bytes=self._max_bytes)

    def _manifest(self, root: str, *, only: str | None = None) -> Manifest:
        documents = [d for d in self._store.documents() if d.root == root and d.kind is Kind.DOCUMENT]
        return Manifest(
            indexed={d.id: d.content_hash for d in documents if only in (None, d.id)},
            unreadable={u.document_id: u for u in self._unreadable.listed(root) if only in (None, u.document_id)},
        )


class _Follower:
    """Keeps the report and tells how far a sync is."""

    def __init__(self, planned: Plan, report: SyncReport, progress: OnProgress | None) -> None:
        self._replaced = frozenset(entry.file.id for entry in planned.replace)
        self._total = len(planned.changed) + len(planned.remove)
        self._done = 0
        self._started = time.perf_counter()
        self._report = report
        self._progress = progress

    def removed(self, document_id: str) -> None:
        self._report.removed.append(document_id)
        self._settled(document_id, Outcome.REMOVED)

    def refused(self, file: UnreadableFile) -> None:
        self._report.unreadable.append(file)
        self._settled(file.document_id, Outcome.UNREADABLE)

    def stored(self, document: PreparedDocument) -> None:
        outcome = Outcome.REPLACED if document.source.id in self._replaced else Outcome.ADDED
        (self._report.replaced if outcome is Outcome.REPLACED else self._report.added).append(document.source.id)
        self._report.passages += len(document.chunks)
        self._settled(document.source.id, outcome)

    def _settled(self, document_id: str, outcome: Outcome) -> None:
        self._done += 1
        if self._progress is not None:
            seconds = time.perf_counter() - self._started
            self._progress(Progress(document_id, outcome, self._done, self._total, self._report.passages, seconds))
