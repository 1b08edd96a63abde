"""Which documents a person should look at again."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.application import Application
from api.dependencies import App, Reader
from ingest.due import SOON_DAYS, DueReason, due_reason
from retrieval.records import DocumentSummary

__all__ = ["DueOut", "due_out", "router"]

router = APIRouter(tags=["documents"])


class DueDocumentOut(BaseModel):
    id: str
    title: str
    jurisdiction: str
    reason: DueReason
    review_by: date | None
    reviewed_on: date | None
    source_url: str | None


class DueOut(BaseModel):
    """Those whose day has passed first, then those that come due, then those that nobody has reviewed yet."""

    items: list[DueDocumentOut]


@router.get("/documents/due")
def due_documents(
    application: App, principal: Reader, within_days: Annotated[int, Query(ge=0, le=3650)] = SOON_DAYS
) -> DueOut:
    """Documents whose review is overdue or due within so many days, and those that were never reviewed."""
    return due_out(application, within_days)


def due_out(application: Application, within_days: int) -> DueOut:
    """What is due today, the most urgent first."""
    today = application.today()
    found = [
        item for document in application.store.documents() if (item := _due(document, today, within_days)) is not None
    ]
    order = list(DueReason)
    return DueOut(items=sorted(found, key=lambda item: (order.index(item.reason), item.review_by or date.max, item.id)))


def _due(document: DocumentSummary, today: date, within_days: int) -> DueDocumentOut | None:
    meta = document.meta
    reason = due_reason(meta, today, within_days=within_days) if meta else None
    if meta is None or reason is None:
        return None
    return DueDocumentOut(
        id=document.id, title=meta.title, jurisdiction=meta.jurisdiction, reason=reason,
        review_by=meta.review_by, reviewed_on=meta.reviewed_on, source_url=meta.source_url,
    )  # fmt: skip
