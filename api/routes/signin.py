"""Signing in and out on the pages, and who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.application import Application
from api.dependencies import App, Identified, Visitor
from api.rendering import render
from api.sessions import SESSION_COOKIE, SIGN_IN_COOKIE, keep, local_path, require_same_origin
from core.errors import AssistantError, InvalidToken, MissingScope, NotFound
from core.identity import EVERYBODY_MAY, PendingSignIn, SignIn
from core.types import Scope

__all__ = ["router"]

router = APIRouter(tags=["sign-in"])
_AT_THE_ISSUER = timedelta(minutes=10)

ReturnTo = Annotated[str | None, Query(max_length=500)]
SameOrigin = Depends(require_same_origin)


class SessionOut(BaseModel):
    """`subject` null is nobody in particular; `scopes` are what the caller may do either way."""

    signed_in: bool
    subject: str | None
    scopes: list[Scope]


class EndSessionsIn(BaseModel):
    """`subject` as `GET /session` tells it; the caller's own when left out."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[str | None, StringConstraints(min_length=1, max_length=500)] = None


class EndedSessionsOut(BaseModel):
    subject: str
    ended_at: datetime


@router.get("/session")
def read_session(application: App, known: Identified, response: Response) -> SessionOut:
    """Who is signed in, by token, key or session, and what they may do."""
    response.headers["Cache-Control"] = "no-store"
    if known is not None:
        return SessionOut(signed_in=True, subject=known.subject, scopes=sorted(known.scopes))
    scopes = EVERYBODY_MAY if application.settings.chat_open else frozenset()
    return SessionOut(signed_in=False, subject=None, scopes=sorted(scopes))


@router.get("/signin", include_in_schema=False, response_class=HTMLResponse)
def sign_in_page(request: Request, application: App, return_to: ReturnTo = None) -> Response:
    """Sign in: at the issuer, or with a local token."""
    return _page(request, application, local_path(return_to))


@router.post("/signin", include_in_schema=False, dependencies=[SameOrigin])
def sign_in_with_token(
    request: Request,
    application: App,
    token: Annotated[str, Form(max_length=20_000)],
    return_to: Annotated[str | None, Form(max_length=500)] = None,
) -> Response:
    """Turn a local token into a session, which ends no later than the token."""
    try:
        value, holds = application.sessions.begin_by_token(token.strip())
    except InvalidToken as error:
        return _page(request, application, local_path(return_to), problem=error)
    return _signed_in(application, value, holds, local_path(return_to))


@router.get("/signin/start", include_in_schema=False)
def start_at_issuer(request: Request, application: App, return_to: ReturnTo = None) -> Response:
    """Send the browser to the issuer."""
    public = application.settings.public_url or str(request.base_url)
    pending = PendingSignIn.new(f"{public.rstrip('/')}/signin/callback", local_path(return_to))
    response = RedirectResponse(_issuer(application).address(pending), 302)
    value = application.identities.keep_pending(pending, expires_in=_AT_THE_ISSUER)
    keep(response, application.settings, SIGN_IN_COOKIE, value, expires_in=_AT_THE_ISSUER)
    return response


@router.get("/signin/callback", include_in_schema=False)
def back_from_issuer(
    request: Request,
    application: App,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
    kept: Annotated[str | None, Cookie(alias=SIGN_IN_COOKIE)] = None,
) -> Response:
    """Finish what `/signin/start` began in this browser; a refusal of the issuer comes without a code."""
    longest = timedelta(hours=application.settings.session_hours)
    issuer = _issuer(application)
    try:
        pending = application.identities.read_pending(kept or "")
        principal = issuer.finish(pending, code=code, state=state, issuer=iss)
    except AssistantError as error:
        refused = _page(request, application, "/", problem=error)
        refused.delete_cookie(SIGN_IN_COOKIE)
        return refused
    value = application.sessions.begin(principal, expires_in=longest)
    response = _signed_in(application, value, longest, pending.return_to)
    response.delete_cookie(SIGN_IN_COOKIE)
    return response


@router.post("/signout", status_code=303, response_class=RedirectResponse, dependencies=[SameOrigin])
def sign_out() -> Response:
    """End the session of this browser; at the issuer it goes on."""
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/sessions/end")
def end_sessions(body: EndSessionsIn, application: App, principal: Visitor, response: Response) -> EndedSessionsOut:
    """End every session of the caller, in all browsers, or as `admin` of somebody else; tokens and keys stay valid."""
    subject = body.subject or principal.subject
    if subject != principal.subject and Scope.ADMIN not in principal.scopes:
        raise MissingScope(Scope.ADMIN.value)
    ended_at = application.sessions.end_all(subject)
    if subject == principal.subject:
        response.delete_cookie(SESSION_COOKIE)
    return EndedSessionsOut(subject=subject, ended_at=ended_at)


def _issuer(application: Application) -> SignIn:
    if application.sign_in is None:
        raise NotFound("signing in at an issuer is not set up here; OIDC_ISSUER and OIDC_CLIENT_ID do that")
    return application.sign_in


def _signed_in(application: Application, value: str, holds: timedelta, return_to: str) -> Response:
    response = RedirectResponse(return_to, 303)
    keep(response, application.settings, SESSION_COOKIE, value, expires_in=holds)
    return response


def _page(
    request: Request, application: Application, return_to: str, *, problem: AssistantError | None = None
) -> Response:
    context = {
        "return_to": return_to,
        "at_issuer": application.sign_in is not None,
        "problem": None if problem is None else problem.detail,
    }
    status = 200 if problem is None else problem.status
    return render(request, "signin.html", context, status_code=status, headers={"Cache-Control": "no-store"})
