"""The pages for people."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api.dependencies import App, Identified
from api.document_page import document_context
from api.page_words import LANGUAGES
from api.rendering import LANGUAGE_COOKIE, render, render_for_staff, words_for
from api.routes.catalogue import catalogue_of
from api.sessions import keep, local_path
from core.errors import NotFound
from core.types import Scope

__all__ = ["router"]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_LANGUAGE_KEPT = timedelta(days=365)


class StaffPage(StrEnum):
    """The pages that are a shell for staff, besides the documents."""

    INBOX = "inbox"
    REVIEW = "review"
    GAPS = "gaps"
    VERSIONS = "versions"
    AUDIT = "audit"


_SCOPES = {
    StaffPage.INBOX: (Scope.ASSISTANCE_READ, Scope.ASSISTANCE_REPLY),
    StaffPage.REVIEW: (Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE),
    StaffPage.GAPS: (Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE),
    StaffPage.VERSIONS: (Scope.TRAINING_START, Scope.TRAINING_APPROVE),
    StaffPage.AUDIT: (Scope.TRAINING_APPROVE,),
}


@router.get("/")
@router.get("/frontend.html")
def chat_page(
    request: Request,
    application: App,
    known: Identified,
    language: str | None = None,
    return_to: str | None = None,
) -> Response:
    """Ask a question; where the chat is closed, sign in first. A `language` that is chosen on any page is kept."""
    if language in LANGUAGES:
        chosen = RedirectResponse(local_path(return_to), 303)
        keep(chosen, application.settings, LANGUAGE_COOKIE, language, expires_in=_LANGUAGE_KEPT)
        return chosen
    if known is None and not application.settings.chat_open:
        return RedirectResponse("/signin?return_to=/", 303)
    shown = {"catalogue": catalogue_of(application), "translates": application.settings.llm_model is not None}
    return render(request, "chat.html", shown)


@router.get("/app/documents")
def documents_page(request: Request, application: App) -> Response:
    """All documents, for those who look after them: a shell that asks the HTTP interface with the editor's token."""
    found = catalogue_of(application).jurisdictions
    shell = {
        "page": "documents",
        "scopes": [Scope.KNOWLEDGE_READ.value, Scope.KNOWLEDGE_WRITE.value],
        "countries": [(country.code, country.name) for country in found],
        "root": application.editing.library.root.name,
        "max_mb": application.settings.max_file_mb,
    }
    return render_for_staff(request, "documents.html", shell)


@router.get("/app/inbox")
@router.get("/app/review")
@router.get("/app/gaps")
@router.get("/app/versions")
@router.get("/app/audit")
def staff_page(request: Request) -> Response:
    """Requests, proposals, gaps, versions or the log, for staff: a shell like that of the documents."""
    page = StaffPage(request.url.path.rpartition("/")[2])
    shell = {"page": page.value, "scopes": [scope.value for scope in _SCOPES[page]]}
    return render_for_staff(request, f"{page}.html", shell)


@router.get("/app/documents/{document_id:path}")
def document_page(
    request: Request,
    document_id: str,
    application: App,
    version: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Response:
    """One document, at a quote."""
    try:
        context = document_context(application, document_id, words_for(request), version=version, start=start, end=end)
    except NotFound as error:
        return render(request, "not_here.html", {"status": error.status}, status_code=error.status)
    return render(request, "document.html", context)
