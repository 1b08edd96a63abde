"""Every page of the server, drawn from its template in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from api.page_words import LANGUAGES, PageWords, language_read, page_words

__all__ = ["LANGUAGE_COOKIE", "render", "render_for_staff", "words_for"]

LANGUAGE_COOKIE = "assistant_language"
_VARIES = {"Vary": "Accept-Language, Cookie"}

_templates = Jinja2Templates(directory=Path(__file__).parent / "web" / "templates")


def words_for(request: Request) -> PageWords:
    """The words of the language that the caller chose, or that their browser asks for."""
    return page_words(language_read(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language")))


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page for people, in their language. `context` is what the template says that it needs."""
    words = words_for(request)
    return _templates.TemplateResponse(
        request, template,
        {**context, "words": words, "languages": [page_words(code) for code in LANGUAGES], "here": _path_of(request)},
        status_code=status_code, headers={**_VARIES, "Content-Language": words.language, **(headers or {})},
    )  # fmt: skip


def _path_of(request: Request) -> str:
    """Where the page stands on this server; signing in is come back to by its page, which has no address of its own."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def render_for_staff(request: Request, template: str, context: Mapping[str, Any]) -> Response:
    """A page for staff, which are in English."""
    return _templates.TemplateResponse(request, template, {**context, "words": page_words("en")})
