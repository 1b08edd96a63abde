"""Bringing the index up to date, and what one version says; registered before the documents' own addresses."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.application import Application
from api.dependencies import App, Editor, Reader
from api.document_schemas import DocumentIn, DocumentOut, ProgressOut, RestoreIn, SyncOut, sync_out
from api.routes.documents import settled_out
from retrieval.tables import VersionStatus

__all__ = ["router", "version_out"]

router = APIRouter(tags=["documents"])


class VersionOut(BaseModel):
    document_id: str
    version: str
    status: VersionStatus
    title: str
    text: str


class ReindexOut(BaseModel):
    documents: int
    chunks: int


@router.get("/documents/text")
def read_version(application: App, principal: Reader, document_id: str, version: str | None = None) -> VersionOut:
    """The canonical text that quotes are counted in."""
    return version_out(application, document_id, version)


@router.get("/documents/progress")
def read_progress(application: App, principal: Reader) -> ProgressOut:
    """How far the sync that runs now is."""
    return progress_out(application)


@router.post("/documents/sync")
def sync_documents(application: App, principal: Editor) -> SyncOut:
    """Bring the index up to date with the knowledge base's folder, and wait for it."""
    return sync_out(application.knowledge.sync())


@router.post("/documents/reindex")
def reindex_documents(application: App, principal: Editor) -> ReindexOut:
    """Build the vector index and the keyword index anew from the database."""
    application.upkeep.rebuild()
    counts = application.store.counts()
    return ReindexOut(documents=counts.documents, chunks=counts.chunks)


@router.post("/documents/reread", responses={202: {"model": DocumentOut}})
def reread_document(application: App, principal: Editor, body: DocumentIn, response: Response) -> DocumentOut:
    """Read a file anew though it did not change; 202 while that takes longer."""
    application.editing.require_owned(body.id)
    return settled_out(application, application.editing.reread(body.id), response)


@router.post("/documents/restore", responses={202: {"model": DocumentOut}})
def restore_document(application: App, principal: Editor, body: RestoreIn, response: Response) -> DocumentOut:
    """Undo a removal."""
    application.editing.require_owned(body.id)
    return settled_out(application, application.editing.restore(body.id, body.undo), response)


def version_out(application: Application, document_id: str, version: str | None) -> VersionOut:
    """One version with its canonical text; raises `NotFound`."""
    stored = application.store.get_version(document_id, version)
    return VersionOut(
        document_id=document_id, version=stored.id, status=stored.status, title=stored.meta.title,
        text=stored.canonical_text,
    )  # fmt: skip


def progress_out(application: Application) -> ProgressOut:
    """How far the sync that runs now is, zero when none runs."""
    now, changes = application.knowledge.progress, application.ingestor.changes
    problems = application.ingestor.sample_problems
    if now is None:
        return ProgressOut(changes=changes, problems=problems)
    return ProgressOut(
        running=True, document_id=now.document_id, outcome=now.outcome, done=now.done, total=now.total,
        passages=now.passages, seconds=round(now.seconds, 3), changes=changes, problems=problems,
    )  # fmt: skip
