"""The list of documents as editors see it: every file with its state, whether or not it answers questions."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from api.document_schemas import DocumentOut, DocumentsOut, DocumentState, unreadable_out
from core.errors import NotFound
from ingest.due import due_reason
from ingest.sources import discover
from ingest.unreadable import UnreadableFile
from retrieval.editorial import EditorialReader
from retrieval.records import DocumentSummary
from retrieval.served import is_trained

if TYPE_CHECKING:
    from api.application import Application

__all__ = ["DocumentFilter", "DocumentOrder", "document_out", "documents_out"]

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class DocumentOrder(StrEnum):
    """By id; the last changed first; the one whose review is due longest first; by title."""

    ID = "id"
    UPDATED = "updated"
    DUE = "due"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What is wanted of the list; `query` words all have to be in the id or the title."""

    states: frozenset[DocumentState] = frozenset()
    jurisdiction: str | None = None
    query: str = ""
    due: bool = False
    suspicious: bool = False
    folder: str = ""
    order: DocumentOrder = DocumentOrder.ID


def documents_out(
    application: Application, wanted: DocumentFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> DocumentsOut:
    """The page of the list from `offset` on; removed documents only when they are asked for."""
    wanted = wanted or DocumentFilter()
    everything = [*_present(application), *_removed(application)]
    found = sorted((item for item in everything if _matches(item, wanted)), key=lambda item: _place(item, wanted.order))
    end = None if limit is None else offset + limit
    return DocumentsOut(
        items=found[offset:end], total=len(found), offset=offset, counts=_counts(everything),
        unreadable=[unreadable_out(file) for file in application.ingestor.unreadable()],
    )  # fmt: skip


def document_out(application: Application, document_id: str) -> DocumentOut:
    """One document, removed ones too; raises `NotFound`."""
    served = [one for one in application.store.documents(only=document_id) if one.meta is not None]
    unreadable = [file for file in application.ingestor.unreadable() if file.document_id == document_id]
    for source in (_listed(application, served, unreadable, _file(application, document_id)), _removed(application)):
        for item in source:
            if item.id == document_id:
                return item
    raise NotFound(f"there is no document {document_id!r}; the list of documents has the ids")


def _present(application: Application) -> Iterator[DocumentOut]:
    """What is served, what could not be read and what lies in the folder without having been read yet."""
    served = (
        document
        for document in application.store.documents()
        if document.meta is not None and not is_trained(document.id)  # those are read and undone as examples
    )
    return _listed(application, served, application.ingestor.unreadable(), _files(application))


def _listed(
    application: Application,
    documents: Iterable[DocumentSummary],
    files_unread: Iterable[UnreadableFile],
    paths: Mapping[str, Path],
) -> Iterator[DocumentOut]:
    today, busy = application.today(), application.editing.busy
    below = f"{application.editing.library.root.name}/"
    held_back = EditorialReader(application.database).held_back()
    served = {document.id: document for document in documents}
    unreadable = {file.document_id: file for file in files_unread}
    for document_id in sorted(served.keys() | unreadable.keys() | paths.keys()):
        document, problem = served.get(document_id), unreadable.get(document_id)
        if document is not None:
            item = _served(document, problem, today)
        else:
            item = _not_served(document_id, problem, paths.get(document_id))
        item.suspicious = held_back.get(document_id, 0)
        item.editable = document_id.startswith(below)
        if document_id in busy:
            item.state = DocumentState.INDEXING
        yield item


def _files(application: Application) -> dict[str, Path]:
    try:
        return {file.id: file.path for file in discover(application.editing.library.root)}
    except NotFound:
        return {}


def _file(application: Application, document_id: str) -> dict[str, Path]:
    try:
        path = application.editing.library.path_of(document_id)
    except NotFound:
        return {}
    return {document_id: path} if path.is_file() else {}


def _served(document: DocumentSummary, problem: UnreadableFile | None, today: date) -> DocumentOut:
    meta = document.meta
    assert meta is not None, "only documents with a live version are asked for"
    return DocumentOut(
        id=document.id, title=meta.title, state=DocumentState.STALE if problem else DocumentState.LIVE,
        reason=problem.reason if problem else None, detail=_stale(problem, document) if problem else None,
        jurisdiction=meta.jurisdiction, language=meta.language, version=document.version_id,
        etag=problem.content_hash if problem else document.content_hash, chunks=document.chunks,
        updated_at=document.updated_at, effective_from=meta.effective_from, effective_to=meta.effective_to,
        supersedes=meta.supersedes, reviewed_on=meta.reviewed_on, review_by=meta.review_by,
        due=due_reason(meta, today), source_url=meta.source_url,
    )  # fmt: skip


def _stale(problem: UnreadableFile, document: DocumentSummary) -> str:
    day = document.updated_at
    return f"{problem.detail} Until then the version of {day.day} {day:%B %Y} goes on answering."


def _not_served(document_id: str, problem: UnreadableFile | None, path: Path | None) -> DocumentOut:
    return DocumentOut(
        id=document_id, title=document_id.rpartition("/")[2],
        state=DocumentState.UNREADABLE if problem else DocumentState.WAITING,
        reason=problem.reason if problem else None, detail=problem.detail if problem else None,
        etag=problem.content_hash if problem else None, updated_at=_changed_at(path),
    )  # fmt: skip


def _changed_at(path: Path | None) -> datetime | None:
    try:
        return None if path is None else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


def _removed(application: Application) -> Iterator[DocumentOut]:
    for trashed in application.editing.library.trashed():
        yield DocumentOut(
            id=trashed.document_id, title=trashed.path.name, state=DocumentState.REMOVED, undo=trashed.stamp,
            updated_at=trashed.removed_at,
        )  # fmt: skip


def _matches(item: DocumentOut, wanted: DocumentFilter) -> bool:
    if item.state is DocumentState.REMOVED and DocumentState.REMOVED not in wanted.states:
        return False
    words = _folded(wanted.query).split()
    text = _folded(f"{item.id} {item.title}")
    return (
        (not wanted.states or item.state in wanted.states)
        and (wanted.jurisdiction is None or item.jurisdiction == wanted.jurisdiction)
        and (item.due is not None or not wanted.due)
        and (item.suspicious > 0 or not wanted.suspicious)
        and (not wanted.folder or item.id.startswith(wanted.folder.strip("/") + "/"))
        and all(word in text for word in words)
    )


def _folded(text: str) -> str:
    """Without case and accents: who looks for `quebec` wants `Québec` too."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _place(item: DocumentOut, order: DocumentOrder) -> tuple[float | str, str]:
    if order is DocumentOrder.UPDATED:
        return -(item.updated_at or _EARLIEST).timestamp(), item.id
    if order is DocumentOrder.DUE:
        return (item.review_by or date.max).toordinal(), item.id
    return item.title.casefold() if order is DocumentOrder.TITLE else item.id, item.id


def _counts(items: Iterable[DocumentOut]) -> dict[str, int]:
    counts: Counter[str] = Counter({state.value: 0 for state in DocumentState})
    for item in items:
        counts[item.state.value] += 1
        counts["due"] += item.due is not None
        counts["suspicious"] += item.suspicious > 0
    return {"due": 0, "suspicious": 0, **counts}
