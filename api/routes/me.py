"""What is kept about the caller: see it, take it along, have it erased."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.dependencies import COOKIE, App, Person
from api.sessions import SESSION_COOKIE

__all__ = ["router"]

router = APIRouter(prefix="/me", tags=["what is yours"])


class MeOut(BaseModel):
    """`counts` says how many records of each kind there are."""

    subject: str
    counts: dict[str, int]


class ExportOut(BaseModel):
    subject: str
    exported_at: datetime
    records: dict[str, list[dict[str, Any]]]


class ErasedOut(BaseModel):
    """How many records of each kind there were."""

    erased: dict[str, int]


@router.get("")
def read_me(application: App, principal: Person) -> MeOut:
    """Who the caller is here, and how much is kept about them."""
    return MeOut(subject=principal.subject, counts=application.personal.counts(principal.subject))


@router.get("/export")
def export_me(application: App, principal: Person, response: Response) -> ExportOut:
    """Everything that is kept about the caller."""
    response.headers["Content-Disposition"] = 'attachment; filename="what-is-kept-about-you.json"'
    response.headers["Cache-Control"] = "no-store"
    return ExportOut(
        subject=principal.subject,
        exported_at=datetime.now(UTC),
        records=application.personal.export(principal.subject),
    )


@router.delete("")
def erase_me(application: App, principal: Person, response: Response) -> ErasedOut:
    """Erase everything that is kept about the caller, for good, and end their sessions."""
    erased = application.personal.erase(principal.subject)
    application.sessions.end_all(principal.subject)
    response.delete_cookie(COOKIE)
    response.delete_cookie(SESSION_COOKIE)
    return ErasedOut(erased=erased)
