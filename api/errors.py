"""Every error leaves as an RFC 9457 problem document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from core.errors import AssistantError, MissingScope, OutOfSpace, Unauthenticated
from core.space import is_out_of_space

__all__ = ["PROBLEMS", "ProblemResponse", "install_error_handlers", "problem"]

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"

_PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `detail` says what happened, to which value, and what to do; more members may follow.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {PROBLEM: {"schema": _PROBLEM_SCHEMA}}}
    for status, description in (
        (422, "The request cannot be used as it is"),
        ("4XX", "The request is refused"),
        ("5XX", "It cannot be done now"),
    )
}
"""What every operation may answer besides its own."""


class ProblemResponse(JSONResponse):
    media_type = PROBLEM


def problem(error: AssistantError) -> dict[str, Any]:
    """The problem document of one of our errors."""
    return {
        "type": f"urn:immigration-assistant:{error.type}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        **error.members,
    }


def install_error_handlers(app: FastAPI) -> None:
    """One handler a family; nothing of an unexpected error's text reaches the caller."""
    app.add_exception_handler(AssistantError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)
    headers: dict[str, str] = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, (Unauthenticated, MissingScope)):
        headers["WWW-Authenticate"] = error.challenge
        if error.status == 401 and _answers_as_the_older_api(request):
            return ProblemResponse({**problem(error), "status": 403}, 403)
    return ProblemResponse(problem(error), error.status, headers)


def _answers_as_the_older_api(request: Request) -> bool:
    application = request.app.state.application
    return application is not None and bool(application.settings.legacy_forbidden)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [{"at": ".".join(str(part) for part in item["loc"]), "what": item["msg"]} for item in error.errors()]
    detail = "; ".join(f"{item['at']}: {item['what']}" for item in errors)
    if request.url.path.rstrip("/") == "/chat/message":
        return JSONResponse({"status": "error", "message": detail}, 400)
    return _plain(422, "invalid-input", "The request cannot be used as it is", detail, errors=errors)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _plain(error.status_code, "http", str(error.detail), str(error.detail), headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    if is_out_of_space(error):
        log.error("request.no_space", path=request.url.path)
        return await _ours(request, OutOfSpace("there is no room left to keep anything; tell whoever runs this server"))
    log.error("request.failed", path=request.url.path, error=type(error).__name__)
    return _plain(500, "internal", "Something went wrong", "This is our fault; nothing was lost. Try again.")


def _plain(
    status: int, slug: str, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
) -> ProblemResponse:
    body = {"type": f"urn:immigration-assistant:{slug}", "title": title, "status": status, "detail": detail, **members}
    return ProblemResponse(body, status, dict(headers or {}))
