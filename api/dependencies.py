"""What routes ask for in their signatures: the application and who is calling, with the scopes that are needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.application import Application
from api.sessions import SESSION_COOKIE, keep, require_same_origin, widened
from core.errors import MissingScope, Unauthenticated
from core.identity import EVERYBODY_MAY, LOCAL_SUBJECT
from core.types import Principal, Scope

__all__ = [
    "COOKIE", "Administrator", "App", "Approver", "Asker", "AssistanceReader", "AssistanceReplier", "Editor",
    "Identified", "MetricsReader", "Person", "Pinger", "Proposer", "Reader", "ReplyProposer", "Requester", "Trainer",
    "Visitor",
]  # fmt: skip

COOKIE = "assistant_person"
_bearer = HTTPBearer(auto_error=False, description="A token of `assistant token create` or of the issuer, or a key.")
_api_key = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key of `assistant key create`.")
_session = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="The cookie of `/signin`.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie of an anonymous person.")


async def get_application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


App = Annotated[Application, Depends(get_application)]


async def identified(
    application: App,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    api_key: Annotated[str | None, Depends(_api_key)],
    session: Annotated[str | None, Depends(_session)],
    request: Request,
) -> Principal | None:
    """Whoever shows a token or a key, else whoever signed in on a page; None for nobody in particular.

    Raises `InvalidToken`, and `Forbidden` when another site would use the session.
    """
    shown = credentials.credentials if credentials is not None else api_key
    if shown is not None:
        return await run_in_threadpool(application.tokens.read, shown)
    if session is None:
        return None  # most questions: nothing is read, so no thread is asked for
    principal = await run_in_threadpool(application.sessions.read, session)
    if principal is None:
        return None
    require_same_origin(request)
    return widened(principal, application.settings)


Identified = Annotated[Principal | None, Depends(identified)]


async def current_principal(
    needed: SecurityScopes,
    request: Request,
    response: Response,
    application: App,
    known: Identified,
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Principal:
    """Who is calling: whoever is identified, else the local person or an anonymous one. Waits for nothing."""
    principal = known or _unidentified(application, response, cookie)
    application.rates.take(f"person:{principal.subject}", request.method, request.url.path)
    missing = [scope for scope in needed.scopes if scope not in principal.scopes]
    if not missing or Scope.ADMIN in principal.scopes:
        return principal
    if known is None:
        raise Unauthenticated(f"this needs a token with the scope {missing[0]!r}; see `assistant token create`")
    raise MissingScope(missing[0])


def _unidentified(application: Application, response: Response, cookie: str | None) -> Principal:
    settings = application.settings
    if not settings.chat_open:
        raise Unauthenticated("this needs a token; sign in, or see `assistant token create`")
    if settings.is_loopback:
        return Principal(LOCAL_SUBJECT, EVERYBODY_MAY)
    if cookie is not None and (known := application.identities.read_cookie(cookie)) is not None:
        return known
    lifetime = timedelta(days=settings.cookie_days)
    value, principal = application.identities.issue_cookie(expires_in=lifetime)
    keep(response, settings, COOKIE, value, expires_in=lifetime)
    return principal


async def metrics_reader(
    needed: SecurityScopes,
    request: Request,
    response: Response,
    application: App,
    known: Identified,
    cookie: Annotated[str | None, Depends(_cookie)],
) -> None:
    """Whoever may read the metrics: the local person, everybody by setting, else a token with the scope `ping`."""
    if application.settings.metrics_open or (application.settings.is_loopback and known is None):
        return
    await current_principal(needed, request, response, application, known, cookie)


async def token_holder(known: Identified) -> Principal:
    """Whoever shows a valid token or key, whatever its scopes."""
    if known is None:
        raise Unauthenticated("this needs a token; see `assistant token create`")
    return known


Administrator = Annotated[Principal, Security(current_principal, scopes=[Scope.ADMIN.value])]
Visitor = Annotated[Principal, Depends(token_holder)]
Person = Annotated[Principal, Security(current_principal, scopes=[])]
Asker = Annotated[Principal, Security(current_principal, scopes=[Scope.CHAT.value])]
Reader = Annotated[Principal, Security(current_principal, scopes=[Scope.KNOWLEDGE_READ.value])]
Editor = Annotated[Principal, Security(current_principal, scopes=[Scope.KNOWLEDGE_WRITE.value])]
Requester = Annotated[Principal, Security(current_principal, scopes=[Scope.REQUEST_ASSISTANCE.value])]
AssistanceReader = Annotated[Principal, Security(current_principal, scopes=[Scope.ASSISTANCE_READ.value])]
AssistanceReplier = Annotated[Principal, Security(current_principal, scopes=[Scope.ASSISTANCE_REPLY.value])]
Proposer = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_PROPOSE.value])]
ReplyProposer = Annotated[
    Principal,
    Security(current_principal, scopes=[Scope.TRAINING_PROPOSE.value, Scope.ASSISTANCE_READ.value]),
]
Approver = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_APPROVE.value])]
Trainer = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_START.value])]
Pinger = Annotated[Principal, Security(current_principal, scopes=[Scope.PING.value])]
MetricsReader = Annotated[None, Security(metrics_reader, scopes=[Scope.PING.value])]
