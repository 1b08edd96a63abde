"""What routes ask for in their signatures: the application and who is calling, with the scopes that are needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.bootstrap import Application
from core.errors import Forbidden, Unauthenticated
from core.identity import EVERYBODY_MAY, LOCAL_SUBJECT
from core.types import Principal, Scope

__all__ = [
    "App", "Approver", "Asker", "AssistanceReader", "AssistanceReplier", "Editor", "MetricsReader", "Pinger",
    "Proposer", "Reader", "Requester", "Trainer", "Visitor",
]  # fmt: skip

COOKIE = "assistant_person"
_bearer = HTTPBearer(auto_error=False, description="A token of `assistant token create`.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie of an anonymous person.")


def get_application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


App = Annotated[Application, Depends(get_application)]


def current_principal(
    needed: SecurityScopes,
    request: Request,
    response: Response,
    application: App,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Principal:
    """Who is calling, by token, else by cookie, else the local person or a new anonymous one."""
    principal = _identify(application, response, credentials, cookie)
    application.rates.take(f"person:{principal.subject}", request.method, request.url.path)
    missing = [scope for scope in needed.scopes if scope not in principal.scopes]
    if not missing or Scope.ADMIN in principal.scopes:
        return principal
    if credentials is None:
        raise Unauthenticated(f"this needs a token with the scope {missing[0]!r}; see `assistant token create`")
    raise Forbidden(f"this needs the scope {missing[0]!r}, which the token does not have")


def _identify(
    application: Application, response: Response, credentials: HTTPAuthorizationCredentials | None, cookie: str | None
) -> Principal:
    settings = application.settings
    if credentials is not None:
        return application.identities.read_token(credentials.credentials)
    if settings.is_loopback:
        return Principal(LOCAL_SUBJECT, EVERYBODY_MAY)
    if cookie is not None and (known := application.identities.read_cookie(cookie)) is not None:
        return known
    lifetime = timedelta(days=settings.cookie_days)
    value, principal = application.identities.issue_cookie(expires_in=lifetime)
    secure = settings.secure_cookies if settings.secure_cookies is not None else True
    response.set_cookie(
        COOKIE, value, max_age=int(lifetime.total_seconds()), httponly=True, samesite="lax", secure=secure
    )
    return principal


def metrics_reader(
    needed: SecurityScopes,
    request: Request,
    response: Response,
    application: App,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> None:
    """Whoever may read the metrics: the local person, everybody by setting, else a token with the scope `ping`."""
    if application.settings.metrics_open or (application.settings.is_loopback and credentials is None):
        return
    current_principal(needed, request, response, application, credentials, cookie)


def token_holder(
    application: App, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Whoever shows a valid token, whatever its scopes."""
    if credentials is None:
        raise Unauthenticated("this needs a token; see `assistant token create`")
    return application.identities.read_token(credentials.credentials)


Visitor = Annotated[Principal, Depends(token_holder)]
Asker = Annotated[Principal, Security(current_principal, scopes=[Scope.CHAT.value])]
Reader = Annotated[Principal, Security(current_principal, scopes=[Scope.KNOWLEDGE_READ.value])]
Editor = Annotated[Principal, Security(current_principal, scopes=[Scope.KNOWLEDGE_WRITE.value])]
Requester = Annotated[Principal, Security(current_principal, scopes=[Scope.REQUEST_ASSISTANCE.value])]
AssistanceReader = Annotated[Principal, Security(current_principal, scopes=[Scope.ASSISTANCE_READ.value])]
AssistanceReplier = Annotated[Principal, Security(current_principal, scopes=[Scope.ASSISTANCE_REPLY.value])]
Proposer = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_PROPOSE.value])]
Approver = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_APPROVE.value])]
Trainer = Annotated[Principal, Security(current_principal, scopes=[Scope.TRAINING_START.value])]
MetricsReader = Annotated[None, Security(metrics_reader, scopes=[Scope.PING.value])]
Pinger = Annotated[Principal, Security(current_principal, scopes=[Scope.PING.value])]
