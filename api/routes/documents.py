"""The documents: what there is, the surroundings of a quote, and bringing the index up to date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.bootstrap import Application
from api.dependencies import App, Asker, Editor, Reader
from chains.countries import country_name
from core.errors import NotFound
from ingest.report import SyncReport
from ingest.unreadable import UnreadableFile
from retrieval.records import StoredVersion
from retrieval.tables import VersionStatus

__all__ = ["SyncOut", "catalogue_of", "documents_out", "public_version", "router", "sync_out", "version_out"]

router = APIRouter(tags=["documents"])

_CONTEXT_CHARS = 400
_EXAMPLES = (
    "How can I immigrate to Canada?",
    "How long can I stay in the United Kingdom as a visitor?",
    "Can I work in Canada while I study?",
    "What can I do when my visa is refused?",
)


class JurisdictionOut(BaseModel):
    code: str
    name: str
    documents: int


class CatalogueOut(BaseModel):
    documents: int
    jurisdictions: list[JurisdictionOut]
    examples: list[str]
    ready: bool


class PassageOut(BaseModel):
    before: str
    quote: str
    after: str
    title: str
    jurisdiction: str
    url: str | None
    reviewed_on: date | None
    effective_from: date | None
    effective_to: date | None
    current: bool


class DocumentOut(BaseModel):
    id: str
    title: str
    jurisdiction: str
    version: str | None
    chunks: int
    updated_at: datetime
    reviewed_on: date | None
    source_url: str | None


class VersionOut(BaseModel):
    document_id: str
    version: str
    status: VersionStatus
    title: str
    text: str


class UnreadableOut(BaseModel):
    id: str
    reason: str
    detail: str


class DocumentsOut(BaseModel):
    items: list[DocumentOut]
    unreadable: list[UnreadableOut]


class SyncOut(BaseModel):
    added: list[str]
    replaced: list[str]
    kept: int
    removed: list[str]
    unreadable: list[UnreadableOut]
    passages: int
    seconds: float


class ReindexOut(BaseModel):
    documents: int
    chunks: int


@router.get("/catalogue")
def catalogue(application: App) -> CatalogueOut:
    """What can be asked about."""
    return catalogue_of(application)


@router.get("/passages")
def passage(
    application: App,
    principal: Asker,
    document_id: str,
    version: str,
    start: Annotated[int, Query(ge=0)],
    end: Annotated[int, Query(ge=0)],
) -> PassageOut:
    """A quote between what stands before and after it, from the version it was taken from."""
    stored = public_version(application, document_id, version)
    text, meta = stored.canonical_text, stored.meta
    if not start < end <= len(text):
        raise NotFound(f"the text of this version has {len(text)} characters; {start} to {end} is not within it")
    return PassageOut(
        before=text[max(0, start - _CONTEXT_CHARS) : start], quote=text[start:end],
        after=text[end : end + _CONTEXT_CHARS], title=meta.title, jurisdiction=meta.jurisdiction,
        url=meta.source_url, reviewed_on=meta.reviewed_on, effective_from=meta.effective_from,
        effective_to=meta.effective_to, current=stored.status is VersionStatus.LIVE,
    )  # fmt: skip


@router.get("/documents")
def list_documents(application: App, principal: Reader) -> DocumentsOut:
    """Every document being served, and every file that could not be read, with its reason."""
    return documents_out(application)


@router.get("/documents/text")
def read_version(application: App, principal: Reader, document_id: str, version: str | None = None) -> VersionOut:
    """The canonical text that quotes are counted in."""
    return version_out(application, document_id, version)


@router.post("/documents/sync")
def sync_documents(application: App, principal: Editor) -> SyncOut:
    """Bring the index up to date with the knowledge base's folder, and wait for it."""
    return sync_out(application.knowledge.sync())


@router.post("/documents/reindex")
def reindex_documents(application: App, principal: Editor) -> ReindexOut:
    """Build the vector index and the keyword index anew from the database."""
    application.store.rebuild()
    counts = application.store.counts()
    return ReindexOut(documents=counts.documents, chunks=counts.chunks)


def documents_out(application: Application) -> DocumentsOut:
    """Every document being served, and every file that could not be read."""
    found = [
        DocumentOut(
            id=item.id, title=item.meta.title, jurisdiction=item.meta.jurisdiction, version=item.version_id,
            chunks=item.chunks, updated_at=item.updated_at, reviewed_on=item.meta.reviewed_on,
            source_url=item.meta.source_url,
        )
        for item in application.store.documents()
        if item.meta is not None
    ]  # fmt: skip
    unreadable = [_unreadable_out(item) for item in application.ingestor.unreadable()]
    return DocumentsOut(items=found, unreadable=unreadable)


def version_out(application: Application, document_id: str, version: str | None) -> VersionOut:
    """One version with its canonical text; raises `NotFound`."""
    stored = application.store.get_version(document_id, version)
    return VersionOut(
        document_id=document_id, version=stored.id, status=stored.status, title=stored.meta.title,
        text=stored.canonical_text,
    )  # fmt: skip


def sync_out(report: SyncReport) -> SyncOut:
    """A sync as it is told to others."""
    return SyncOut(
        added=list(report.added), replaced=list(report.replaced), kept=len(report.kept), removed=list(report.removed),
        unreadable=[_unreadable_out(item) for item in report.unreadable],
        passages=report.passages, seconds=round(report.seconds, 3),
    )  # fmt: skip


def catalogue_of(application: Application) -> CatalogueOut:
    """The catalogue of today."""
    today = datetime.now(ZoneInfo(application.settings.tz)).date()
    found = application.catalogue(today)
    return CatalogueOut(
        documents=found.documents,
        jurisdictions=[
            JurisdictionOut(code=code, name=_name(code), documents=count) for code, count in found.by_jurisdiction
        ],
        examples=list(_EXAMPLES),
        ready=application.is_ready(),
    )


def public_version(application: Application, document_id: str, version: str | None) -> StoredVersion:
    """A version that anybody may read; raises `NotFound` for one kept for others, as for one that is not there."""
    stored = application.store.get_version(document_id, version)
    if stored.meta.audience != "public":
        raise NotFound(f"there is no document {document_id!r}; it was never stored, was removed or erased")
    return stored


def _unreadable_out(file: UnreadableFile) -> UnreadableOut:
    return UnreadableOut(id=file.document_id, reason=file.reason, detail=file.detail)


def _name(code: str) -> str:
    name = country_name(code)
    return name[4:].capitalize() if name.startswith("the S") else name.removeprefix("the ")
