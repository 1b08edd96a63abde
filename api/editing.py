"""MAIN FLOW of an edit: a file is examined, put into its place and indexed; a removed one is gone at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

import structlog

from api.knowledge import KnowledgeSync
from core.errors import Conflict, NotFound, UnreadableDocument
from ingest.library import Draft, Library
from ingest.pipeline import Ingestor
from ingest.report import SyncReport
from retrieval.erasure import Erasure
from retrieval.store import ChunkStore

__all__ = ["Editing", "Settled"]

log = structlog.get_logger(__name__)

_FETCHED = "sources"  # the root of official pages
_WAIT_S = 20.0  # proxies give up after 30 or 60; by then the caller should know that the work goes on


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an edit: `finished`, or still being indexed; `undo` names a removal."""

    document_id: str
    finished: bool
    undo: str | None = None


class Editing:
    """What editors do to documents, by page, HTTP or command line.

    Nobody waits for indexing longer than `wait_s` seconds; an erasure is waited for to its end.
    """

    def __init__(
        self,
        library: Library,
        ingestor: Ingestor,
        knowledge: KnowledgeSync,
        *,
        store: ChunkStore,
        erase: Callable[[str, Callable[[], None]], Erasure],
        wait_s: float = _WAIT_S,
    ) -> None:
        self.library = library
        self._ingestor = ingestor
        self._knowledge = knowledge
        self._store = store
        self._erase = erase
        self._wait_s = wait_s
        self._busy: Counter[str] = Counter()
        self._counting = threading.Lock()

    @property
    def busy(self) -> frozenset[str]:
        """The documents that are being indexed because of an edit."""
        with self._counting:
            return frozenset(+self._busy)

    def add(self, name: str, content: BinaryIO, *, folder: str = "", said: Mapping[str, str] | None = None) -> Settled:
        """A new document; raises `UnreadableDocument`, after which nothing is kept, or `Conflict` on a taken name."""
        target = self.library.place(name, folder)
        with self.library.draft(target, content, said=said or {}) as draft:
            self._examine(draft)
            document_id = self.library.add(draft)
        return self._indexed(document_id)

    def replace(
        self,
        document_id: str,
        content: BinaryIO | None = None,
        *,
        said: Mapping[str, str] | None = None,
        seen: str | None = None,
    ) -> Settled:
        """New content, new words about it, or both; raises `UnreadableDocument`, after which the old version serves."""
        target = self.library.path_of(document_id)
        if not target.is_file():
            raise NotFound(f"there is no file {document_id!r} to replace; add it first")
        if content is None:
            # The draft is made of what lies there now: what somebody puts there meanwhile must not be overwritten.
            seen = seen or self.library.etag(document_id)
        with self.library.draft(target, content, said=said or {}) as draft:
            self._examine(draft, otherwise=" Nothing was changed: the version before it goes on answering.")
            self.library.replace(document_id, draft, seen=seen)
        return self._indexed(document_id)

    def remove(self, document_id: str, *, seen: str | None = None) -> Settled:
        """Take a document out of answers at once and its file to the trash; raises `NotFound`."""
        trashed = self.library.remove(document_id, seen=seen)
        try:
            self._store.remove(document_id)
        except NotFound:
            if trashed is None:
                raise
        settled = self._indexed(document_id)
        return Settled(document_id, settled.finished, undo=trashed.stamp if trashed else None)

    def restore(self, document_id: str, undo: str | None = None) -> Settled:
        """Undo a removal; raises `NotFound` or `Conflict`."""
        self.library.restore(document_id, undo)
        return self._indexed(document_id)

    def erase(self, document_id: str) -> Erasure | None:
        """Delete the file, its copies and the text of all versions; returns the proof, None when it was never read."""
        owned = self.owns(document_id)
        known = self.library.erase(document_id) if owned else 0

        def settle() -> None:
            if owned:  # also waits for a sync that has read the file already
                self._knowledge.refresh([self.library.path_of(document_id)])

        with suppress(NotFound):
            return self._erase(document_id, settle)
        settle()
        try:
            return self._erase(document_id, settle)
        except NotFound:
            if not known:
                raise
            return None

    def reread(self, document_id: str) -> Settled:
        """Read the file anew; raises `UnreadableDocument` when that fails and `NotFound`."""
        if not self.library.path_of(document_id).is_file():
            raise NotFound(f"there is no file {document_id!r} to read again")
        return self._awaited(document_id, lambda: self._knowledge.reread(document_id))

    def owns(self, document_id: str) -> bool:
        """Whether a document's file lies in the knowledge base, so that it can be changed here."""
        with suppress(NotFound):
            self.library.path_of(document_id)
            return True
        return False

    def require_owned(self, document_id: str, *, to_erase: bool = False) -> None:
        """Raises `Conflict`, which says where to change the document instead; another folder's can still be erased."""
        root = document_id.partition("/")[0]
        if root == _FETCHED:
            raise Conflict(
                f"{document_id!r} is fetched from its official page; change or remove its address in sources.yaml"
            )
        if root != self.library.root.name and not to_erase:
            raise Conflict(
                f"{document_id!r} was read from another folder than the knowledge base; change the file there, then "
                "run `assistant ingest` on that folder"
            )

    def _examine(self, draft: Draft, *, otherwise: str = "") -> None:
        try:
            self._ingestor.examine(draft.path, self.library.root)
        except UnreadableDocument as error:
            detail = error.detail.replace(draft.path.name, draft.target.name)
            raise UnreadableDocument(error.reason, detail + otherwise) from error

    def _indexed(self, document_id: str) -> Settled:
        return self._awaited(document_id, lambda: self._knowledge.refresh([self.library.path_of(document_id)]))

    def _awaited(self, document_id: str, work: Callable[[], SyncReport]) -> Settled:
        try:
            report = self._run(document_id, work).result(self._wait_s)
        except TimeoutError:
            return Settled(document_id, finished=False)
        for file in report.unreadable:
            if file.document_id == document_id:
                raise UnreadableDocument(file.reason, file.detail)
        return Settled(document_id, finished=True)

    def _run(self, document_id: str, work: Callable[[], SyncReport]) -> Future[SyncReport]:
        """Work that goes on when nobody waits for it any more; after a crash the next sync does it."""
        future: Future[SyncReport] = Future()
        self._count(document_id, 1)

        def run() -> None:
            try:
                future.set_result(work())
            except Exception as error:
                log.warning("editing.failed", document_id=document_id, error=str(error))
                future.set_exception(error)
            finally:
                self._count(document_id, -1)

        threading.Thread(target=run, name="editing", daemon=True).start()
        return future

    def _count(self, document_id: str, change: int) -> None:
        with self._counting:
            self._busy[document_id] += change
            self._busy += Counter()  # drops what is at zero
