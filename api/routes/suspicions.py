"""Passages that are kept out of answers until an editor releases them."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.application import Application
from api.dependencies import App, Editor, Reader
from api.links import follow, linked
from ingest.suspicion import Suspicion
from retrieval.releases import SuspiciousChunk, release, suspicious, withdraw

__all__ = ["SuspiciousOut", "SuspiciousPassageOut", "release_out", "router", "suspicious_out", "withdraw_out"]

router = APIRouter(tags=["documents"])


class SuspiciousPassageOut(BaseModel):
    chunk_id: str
    document_id: str
    ordinal: int
    section: list[str]
    page: int | None
    text: str
    reason: str = Field(description="One word of a closed set.", examples=["orders_to_model"])
    detail: str = Field(description="The reason in a sentence.")
    released_by: str | None = Field(description="Who let it answer; null while it is kept out of answers.")


class SuspiciousOut(BaseModel):
    items: list[SuspiciousPassageOut]


@router.get(
    "/documents/suspicious",
    responses=linked(200, release=follow("POST /documents/suspicious/{chunk_id}/release", chunk_id="items/0/chunk_id")),
)
def list_suspicious(application: App, principal: Reader) -> SuspiciousOut:
    """Every passage that looks like an attempt to steer an assistant, released or not."""
    return suspicious_out(application)


@router.post(
    "/documents/suspicious/{chunk_id}/release",
    responses=linked(200, withdraw=follow("DELETE /documents/suspicious/{chunk_id}/release", chunk_id="chunk_id")),
)
def release_passage(application: App, principal: Editor, chunk_id: str) -> SuspiciousPassageOut:
    """Let a passage answer; it stays released while its words and headings stay the same."""
    return release_out(application, chunk_id, by=principal.subject)


@router.delete("/documents/suspicious/{chunk_id}/release")
def withdraw_release(application: App, principal: Editor, chunk_id: str) -> SuspiciousPassageOut:
    """Keep a released passage out of answers again."""
    return withdraw_out(application, chunk_id)


def suspicious_out(application: Application) -> SuspiciousOut:
    """The list as it is told to others."""
    return SuspiciousOut(items=[_out(chunk) for chunk in suspicious(application.database)])


def release_out(application: Application, chunk_id: str, *, by: str) -> SuspiciousPassageOut:
    """Release a passage; raises `NotFound`."""
    return _out(release(application.database, chunk_id, by=by, now=datetime.now(UTC)))


def withdraw_out(application: Application, chunk_id: str) -> SuspiciousPassageOut:
    """Take a release back; raises `NotFound`."""
    return _out(withdraw(application.database, chunk_id))


def _out(chunk: SuspiciousChunk) -> SuspiciousPassageOut:
    return SuspiciousPassageOut(
        chunk_id=chunk.chunk_id, document_id=chunk.document_id, ordinal=chunk.ordinal, section=list(chunk.section),
        page=chunk.page, text=chunk.text, reason=chunk.reason, detail=Suspicion(chunk.reason).sentence,
        released_by=chunk.released_by,
    )  # fmt: skip
