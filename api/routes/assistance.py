"""Ask for a person, see what became of it, add to it and close it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Security

from api.application import Application
from api.assistance_schemas import (
    AssistanceIn,
    AssistanceOut,
    AssistancesOut,
    DraftIn,
    DraftOut,
    HoursOut,
    NoteIn,
    ReceiptOut,
    StaffRequestOut,
    TopicOut,
    TopicsOut,
)
from api.dependencies import App, Requester, current_principal
from api.links import follow, linked
from core.errors import InvalidInput, MissingScope
from core.types import Principal, Scope

__all__ = ["router"]

router = APIRouter(prefix="/assistance", tags=["assistance"])

_Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Caller = Annotated[Principal, Security(current_principal)]
"""Whoever calls; the route itself looks whether they are the owner or of the staff."""

_ON_A_REQUEST = {
    "read": follow("GET /assistance/{request_id}", request_id="id"),
    "add": follow("POST /assistance/{request_id}/notes", request_id="id"),
    "reply": follow("POST /assistance/{request_id}/replies", request_id="id"),
    "close": follow("POST /assistance/{request_id}/close", request_id="id"),
}
"""What can be done with a request; all but the reply by its owner."""


@router.post("", status_code=201, responses=linked(201, **_ON_A_REQUEST))
@router.post("/", status_code=201, include_in_schema=False)
def request_assistance(
    body: AssistanceIn, application: App, principal: Requester, idempotency_key: _Key = None
) -> ReceiptOut:
    """Ask for a person. The request is stored when the receipt comes, and is delivered though a channel is down."""
    _check_length(application, body.description)
    receipt, _ = application.assistance.desk.accept(principal.subject, body.to_new(idempotency_key))
    topic = application.assistance.topics.current().get(receipt.topic)
    return ReceiptOut.of(receipt, topic, body.language)


@router.get("/topics")
def list_topics(
    application: App, principal: Caller, language: Annotated[str | None, Query(max_length=20)] = None
) -> TopicsOut:
    """What a person can be asked about, with titles in `language` where there are some."""
    now = datetime.now(UTC)
    return TopicsOut(
        items=[
            TopicOut(
                id=topic.id,
                title=topic.title(language),
                description=topic.description,
                hours=HoursOut.of(topic, now, language),
            )
            for topic in application.assistance.topics.current()
        ]
    )


@router.post("/draft")
def draft_request(body: DraftIn, application: App, principal: Requester) -> DraftOut:
    """The topic guessed and the description filled, to be shown and changed; nothing is stored."""
    drafting = application.assistance.drafting
    if body.turn_id is not None:
        return DraftOut.of(drafting.of_turn(principal.subject, body.turn_id), body.language)
    return DraftOut.of(drafting.of_question(body.question or ""), body.language)


@router.get("/mine", responses=linked(200, newest=follow("GET /assistance/{request_id}", request_id="items/0/id")))
def my_requests(
    application: App,
    principal: Requester,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> AssistancesOut:
    """The caller's own requests, the newest first."""
    found = application.assistance.desk.reader.of_person(principal.subject, limit=limit, offset=offset)
    return AssistancesOut(items=[AssistanceOut.of(item) for item in found])


@router.get("/{request_id}")
def read_request(request_id: str, application: App, principal: Caller) -> StaffRequestOut | AssistanceOut:
    """A request of the caller's own, or with `assistance:read` anybody's, then with targets, reasons and `owner`."""
    found = application.assistance.desk.reader
    if has(principal, Scope.ASSISTANCE_READ):
        return StaffRequestOut.of(found.one(request_id))
    _require(principal, Scope.REQUEST_ASSISTANCE)
    return AssistanceOut.of(found.own(principal.subject, request_id))


@router.post("/{request_id}/notes", status_code=201, responses=linked(201, **_ON_A_REQUEST))
def add_to_request(request_id: str, body: NoteIn, application: App, principal: Requester) -> AssistanceOut:
    """Add to a request of the caller's own; staff get it behind what was sent before. 409 once it is closed."""
    _check_length(application, body.text)
    return AssistanceOut.of(application.assistance.desk.add(principal.subject, request_id, body.text))


@router.post("/{request_id}/close")
def close_request(request_id: str, application: App, principal: Caller) -> AssistanceOut:
    """Close a request: its owner's, or with `assistance:reply` anybody's. Closing again changes nothing."""
    desk = application.assistance.desk
    if has(principal, Scope.ASSISTANCE_REPLY):
        return StaffRequestOut.of(desk.close(request_id, owner=None, by=name_of(principal)))
    _require(principal, Scope.REQUEST_ASSISTANCE)
    return AssistanceOut.of(desk.close(request_id, owner=principal.subject, by="the person"))


def has(principal: Principal, scope: Scope) -> bool:
    return scope in principal.scopes or Scope.ADMIN in principal.scopes


def name_of(principal: Principal) -> str:
    """What a person of the staff is called where they gave no name."""
    return principal.subject.partition(":")[2] or principal.subject


def _require(principal: Principal, scope: Scope) -> None:
    if not has(principal, scope):
        raise MissingScope(scope.value)


def _check_length(application: Application, text: str) -> None:
    most = application.settings.assistance_max_chars
    if len(text) > most:
        raise InvalidInput(f"the text has {len(text)} characters, and {most} is the most; say it shorter")
