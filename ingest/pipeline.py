"""MAIN FLOW: a folder of files in, verified documents in the store out, and nothing done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

import structlog

from core.errors import AssistantError, NotFound
from core.space import space_errors
from ingest.manifest import Manifest, Plan, PlannedFile, plan
from ingest.reading import Batch, EmbeddedDocument, Reader, embed
from ingest.report import Follower, OnProgress, Progress, SyncReport
from ingest.sample_keeper import SampleKeeper
from ingest.sources import PARSER_VERSION, SAMPLES_FILE, SourceFile, discover, source_file
from ingest.unreadable import UnreadableFile, UnreadableFiles
from retrieval.records import NewDocument, VersionRecord

if TYPE_CHECKING:
    from core.database import Database
    from ingest.parser import Parser
    from retrieval.samples import SampleStore
    from retrieval.store import ChunkStore

__all__ = ["Examined", "Ingestor", "Progress", "Stopped", "SyncReport"]

log = structlog.get_logger(__name__)

_REMOVED_TOGETHER = 200
_FEW = 5  # documents that somebody may well have deleted one after the other
_WHEN_FULL = (
    "the documents that are left were not indexed, what was indexed is whole and is being served. "
    "Free some space, then run `assistant ingest` or restart the server"
)


class Stopped(AssistantError):
    """The process is ending; what was settled stays, and the next sync goes on from there."""

    status = 503
    type = "stopping"
    title = "The server is stopping"
    retry_after_s = 10


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file would become: its title, how many passages, and how many of them look like an attempt to steer."""

    title: str
    passages: int
    suspicious: int


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ingestor:
    """Brings the store in step with folders. One sync runs at a time; another waits."""

    def __init__(
        self,
        store: ChunkStore,
        parser: Parser,
        *,
        database: Database,
        samples: SampleStore | None = None,
        clock: Callable[[], datetime] = _utc_now,
        max_file_mb: int = 64,
    ) -> None:
        self.progress: Progress | None = None
        """How far the sync that runs now is."""
        self.changes = 0
        """How many documents were settled since the start: whoever shows a list of them sees that it is old."""
        self._store = store
        self._parser = parser
        self._reader = Reader(parser, max_bytes=max_file_mb << 20)
        self._unreadable = UnreadableFiles(database, clock=clock)
        self._samples = None if samples is None else SampleKeeper(store, samples)
        self._sample_problems: dict[Path, list[str]] = {}
        self._lock = Lock()
        self._stopped = Event()

    def sync_folder(self, root: Path, *, progress: OnProgress | None = None, remove_missing: bool = True) -> SyncReport:
        """Add what is new below `root`, replace what changed, remove what is gone; raises `NotFound`."""
        with self._lock:
            report = self._carry_out(self.plan(root, remove_missing=remove_missing), progress)
        report.problems = self.sync_samples(root)
        return report

    def sync_samples(self, root: Path, *, only_when_there: bool = False) -> list[str]:
        """Bring the sample questions of `root` in step with their files; returns what is wrong with those, in words.

        With `only_when_there` a folder without any file keeps what it had. Whatever happens to them, documents are
        served: an error is logged.
        """
        if self._samples is None:
            return []
        try:
            with self._lock:
                problems = self._samples.sync(root, going_on=self._require_running, only_when_there=only_when_there)
        except Stopped:
            raise
        except Exception:
            log.exception("samples.failed", folder=str(root))
            problems = ["the sample questions could not be brought in; the log of the server says why"]
        self._sample_problems[root.resolve()] = problems
        return problems

    @property
    def sample_problems(self) -> list[str]:
        """What was wrong with the sample questions of each folder when this process looked at it last, in words."""
        return [problem for problems in tuple(self._sample_problems.values()) for problem in problems]

    def refresh(
        self, paths: Iterable[Path], root: Path, *, progress: OnProgress | None = None, again: bool = False
    ) -> SyncReport:
        """The same for these files alone; a path that is gone takes what was read from it, or from below it, along.

        With `again` they are read though they did not change.
        """
        paths = [*paths]
        documents = [path for path in paths if path.name != SAMPLES_FILE]
        with self._lock:
            report = self._carry_out(self._plan_paths(documents, root, again=again), progress)
        report.problems = self.sync_samples(root, only_when_there=len(documents) == len(paths))
        return report

    def take(self, document_ids: Sequence[str], root: Path, *, done: int, total: int) -> SyncReport:
        """The same for documents by their ids, as a part of a sync in which `done` of `total` are settled before it."""
        folder = root.resolve()
        paths = [folder / document_id.removeprefix(f"{folder.name}/") for document_id in document_ids]
        with self._lock:
            return self._carry_out(self._plan_paths(paths, root), None, done=done, total=total)

    def plan(self, root: Path, *, remove_missing: bool = True) -> Plan:
        """What `sync_folder` would do now.

        Raises `NotFound` when there is no such folder, and when it is empty though many documents came from it: the
        place at which a disk is to be mounted looks like that.
        """
        manifest = self._manifest(root.resolve().name)
        planned = plan(self._planned(discover(root)), manifest)
        if len(planned.remove) == len(manifest.indexed) > _FEW and not planned.changed:
            raise NotFound(
                f"the folder {str(root)!r} is empty, but {len(manifest.indexed)} documents came from it: is its disk "
                "mounted? Nothing was removed; to empty it on purpose, use `assistant documents remove`"
            )
        return planned if remove_missing else planned.without_removals()

    def examine(self, path: Path, root: Path) -> Examined:
        """What a file would become; nothing is stored. Raises `UnreadableDocument`, and `NotFound` when it is gone."""
        document = self._reader.examine(source_file(path, root, draft=True), self._store.embeddings)
        suspicious = sum(chunk.suspicion is not None for chunk in document.chunks)
        return Examined(document.meta.title, len(document.chunks), suspicious)

    def unreadable(self) -> list[UnreadableFile]:
        """Every file that gave no text when it was last tried, by id."""
        return self._unreadable.listed()

    def rest(self) -> None:
        """Give back the memory of the parser's child where there has been nothing to read for a while."""
        self._parser.rest()

    def close(self) -> None:
        """Stop a running sync after the batch at hand and end the parser's child process."""
        self._stopped.set()
        with self._lock:
            self._parser.close()

    def _plan_paths(self, paths: Iterable[Path], root: Path, *, again: bool = False) -> Plan:
        files: dict[str, SourceFile] = {}
        named: list[str] = []
        folder = root.resolve()
        if not folder.is_dir():  # a disk that is not mounted must not look like one whose files are gone
            raise NotFound(f"there is no folder {str(folder)!r}; check KNOWLEDGE_BASE or the path that was given")
        for path in paths:
            named.append(f"{folder.name}/{path.absolute().relative_to(folder).as_posix()}")
            with suppress(NotFound):  # a path that is gone has no files, only documents
                found = discover(folder, path) if path.is_dir() else [source_file(path, folder)]
                files |= {file.id: file for file in found}
        manifest = self._manifest(folder.name)
        concerned = files.keys() | manifest.below(named)
        return plan(self._planned(files.values()), manifest.only(concerned), again=again)

    def _carry_out(
        self, planned: Plan, progress: OnProgress | None, *, done: int = 0, total: int | None = None
    ) -> SyncReport:
        self._require_running()
        started = time.perf_counter()
        report = SyncReport(kept=list(planned.keep), unreadable=list(planned.still_unreadable))
        follow = Follower(planned, report, self._noting(progress), done=done, total=total)
        try:
            with space_errors(_WHEN_FULL):
                self._settle_all(planned, follow)
        finally:
            self.progress = None
        report.seconds = time.perf_counter() - started
        _log(report)
        return report

    def _settle_all(self, planned: Plan, follow: Follower) -> None:
        if planned.forget:
            self._unreadable.forget(planned.forget)
        for at in range(0, len(planned.remove), _REMOVED_TOGETHER):
            document_ids = planned.remove[at : at + _REMOVED_TOGETHER]
            self._store.remove(*document_ids)
            follow.removed(document_ids)
        with closing(self._reader.batches(planned.changed, self._store.embeddings)) as batches:
            for batch in batches:
                self._settle(batch, follow)
                self._require_running()
        if planned.changed:
            self._store.purge()

    def _settle(self, batch: Batch, follow: Follower) -> None:
        """Put documents into the store, and files that gave no text on the list of those."""
        for refused in batch.refused:
            follow.refused(self._unreadable.remember(refused.planned.file, refused.planned.content_hash, refused.error))
        # What an editor removed on its way here must not come back for as long as this sync runs.
        documents = [item for item in batch.documents if item.document.source.file.path.is_file()]
        if not documents:
            return
        versions = [item.document.version_id for item in documents]
        with self._store.held():  # no other model takes over between the look and the staging
            if batch.embeddings is not self._store.embeddings:
                documents = embed([item.document for item in documents], self._store.embeddings)
            self._store.stage(*map(_new_document, documents))
        self._store.index(*versions)
        self._store.verify(*versions)
        self._store.publish(*versions)
        self._unreadable.forget([item.document.source.id for item in documents])
        for item in documents:
            follow.stored(item)

    def _require_running(self) -> None:
        if self._stopped.is_set():
            raise Stopped("the server is stopping; the next start goes on with the documents that are left")

    def _planned(self, files: Iterable[SourceFile]) -> Iterator[PlannedFile]:
        for file in files:
            try:
                yield PlannedFile(file, self._reader.fingerprint(file))
            except OSError as error:
                # Without its content there is no telling whether it changed: it is tried, and listed with the cause.
                yield PlannedFile(file, f"unavailable: {error.strerror}"[:64])

    def _manifest(self, root: str) -> Manifest:
        return Manifest(
            indexed=self._store.indexed(root),
            unreadable={file.document_id: file for file in self._unreadable.listed(root)},
        )

    def _noting(self, progress: OnProgress | None) -> OnProgress:
        def note(now: Progress) -> None:
            self.progress = now
            self.changes += 1
            if progress is not None:
                progress(now)

        return note


def _new_document(item: EmbeddedDocument) -> NewDocument:
    document = item.document
    version = VersionRecord(
        id=document.version_id,
        content_hash=document.source.content_hash,
        parser_version=PARSER_VERSION,
        meta=document.meta,
        canonical_text=document.canonical_text,
        outline=document.outline,
    )
    root = document.source.file.root.name
    kind, cites = document.source.approval.kind, document.source.approval.cites
    return NewDocument(document.source.id, kind, root, version, document.chunks, item.passages, cites)


def _log(report: SyncReport) -> None:
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
