"""Official pages as sources: what is listed, fetching them now, and deciding on those that changed too much."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.application import Application
from api.dependencies import App, Editor, Reader
from api.document_schemas import SyncOut, sync_out
from ingest.fetch.listing import Reader as PageReader
from ingest.fetch.problems import PageProblem
from ingest.fetch.report import FetchOutcome, FetchReport, ListedPage

__all__ = ["FetchIn", "FetchOut", "SourceOut", "SourcesOut", "fetch_out", "fetch_sources", "router", "sources_out"]

router = APIRouter(prefix="/sources", tags=["sources"])

Address = Annotated[str, Field(max_length=2000)]


class SourceOut(BaseModel):
    """`problem` is a word for programs, `sentence` says it to a person; `waiting`: a new text waits for a decision."""

    address: str
    jurisdiction: str
    title: str | None
    reader: PageReader
    every_hours: float
    document_id: str | None
    words: int
    problem: PageProblem | None
    sentence: str | None
    detail: str
    waiting: bool
    needs_decision: bool
    checked_at: datetime | None
    changed_at: datetime | None
    due_at: datetime | None


class SourcesOut(BaseModel):
    items: list[SourceOut]
    scheduled: bool


class FetchIn(BaseModel):
    """These pages, or all; what is due when neither is said."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Address] = Field(default=[], max_length=1000)
    all: bool = False


class AddressIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: Address


class PageOut(BaseModel):
    address: str
    outcome: FetchOutcome
    problem: PageProblem | None
    sentence: str | None
    detail: str


class FetchOut(BaseModel):
    pages: list[PageOut]
    sync: SyncOut
    seconds: float


@router.get("")
def list_sources(application: App, principal: Reader) -> SourcesOut:
    """Every page of `sources.yaml` with what is known of it."""
    return sources_out(application)


@router.post("/fetch")
def fetch(application: App, principal: Editor, body: FetchIn) -> FetchOut:
    """Fetch pages, bring the index up to date with them, and wait for it."""
    return fetch_out(fetch_sources(application, body))


@router.post("/accept")
def accept(application: App, principal: Editor, body: AddressIn) -> FetchOut:
    """Take the new state of a flagged page: its new text, or that it is gone."""
    return fetch_out(application.fetcher.accept(body.address))


@router.post("/refuse")
def refuse(application: App, principal: Editor, body: AddressIn) -> FetchOut:
    """Keep the text of a flagged page as it was."""
    return fetch_out(application.fetcher.refuse(body.address))


def fetch_sources(application: Application, body: FetchIn) -> FetchReport:
    """Those that are named, all, or what is due."""
    if body.addresses:
        return application.fetcher.fetch(body.addresses)
    return application.fetcher.fetch_all() if body.all else application.fetcher.fetch_due()


def sources_out(application: Application) -> SourcesOut:
    """The list as it is told to others."""
    items = [_source_out(entry) for entry in application.fetcher.listed()]
    return SourcesOut(items=items, scheduled=application.settings.fetch_sources)


def fetch_out(report: FetchReport) -> FetchOut:
    """A run as it is told to others."""
    pages = [
        PageOut(
            address=page.address, outcome=page.outcome, problem=page.problem,
            sentence=page.problem.sentence if page.problem else None, detail=page.detail,
        )
        for page in report.pages
    ]  # fmt: skip
    return FetchOut(pages=pages, sync=sync_out(report.sync), seconds=round(report.seconds, 3))


def _source_out(entry: ListedPage) -> SourceOut:
    page, state = entry.page, entry.state
    problem = state.problem if state else None
    return SourceOut(
        address=page.address, jurisdiction=page.jurisdiction, title=page.title, reader=page.reader,
        every_hours=page.every.total_seconds() / 3600, document_id=state.document_id if state else None,
        words=state.words if state else 0, problem=problem, sentence=problem.sentence if problem else None,
        detail=state.detail if state else "", waiting=entry.is_waiting,
        needs_decision=problem is not None and problem.needs_decision,
        checked_at=state.checked_at if state else None, changed_at=state.changed_at if state else None,
        due_at=entry.due_at,
    )  # fmt: skip
