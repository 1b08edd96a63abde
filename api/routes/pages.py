"""The pages for people."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from api.dependencies import App, Identified
from api.document_page import document_context
from api.routes.catalogue import catalogue_of
from core.errors import NotFound
from core.types import Scope

__all__ = ["router"]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_templates = Jinja2Templates(directory=Path(__file__).parents[1] / "web" / "templates")


@router.get("/")
@router.get("/frontend.html")
def chat_page(request: Request, application: App, known: Identified) -> Response:
    """Ask a question; where the chat is closed, sign in first."""
    if known is None and not application.settings.chat_open:
        return RedirectResponse("/signin?return_to=/", 303)
    return _templates.TemplateResponse(request, "chat.html", {"catalogue": catalogue_of(application)})


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
    return _templates.TemplateResponse(request, "documents.html", shell)


@router.get("/app/inbox")
def inbox_page(request: Request) -> Response:
    """Requests for a person, for those who answer them: a shell like that of the documents."""
    shell = {"page": "inbox", "scopes": [Scope.ASSISTANCE_READ.value, Scope.ASSISTANCE_REPLY.value]}
    return _templates.TemplateResponse(request, "inbox.html", shell)


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
        context = document_context(application, document_id, version=version, start=start, end=end)
    except NotFound as error:
        page = {"status": error.status, "title": "This document is not here", "detail": error.detail}
        return _templates.TemplateResponse(request, "error.html", page, status_code=error.status)
    return _templates.TemplateResponse(request, "document.html", context)
