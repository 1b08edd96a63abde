"""The inbox of the staff: requests listed, answered and sent again, and how topics and channels stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from api.application import Application
from api.assistance_schemas import (
    AssistancePageOut,
    AssistanceReplyOut,
    ChannelStateOut,
    ReplyIn,
    StaffRequestOut,
    StaffSetupOut,
)
from api.dependencies import App, AssistanceReader, AssistanceReplier
from api.links import follow, linked
from api.routes.assistance import name_of
from api.schemas import TurnOut, TurnsOut
from assistance.reading import RequestFilter
from assistance.states import Status
from core.errors import NotFound

__all__ = ["router"]

router = APIRouter(prefix="/assistance", tags=["assistance"])


def _wanted(
    status: Annotated[list[Status] | None, Query(description="Once for each status.")] = None,
    topic: Annotated[str | None, Query(max_length=100)] = None,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    q: Annotated[str, Query(max_length=200, description="Words of the description, the contact or the id.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> RequestFilter:
    return RequestFilter(
        statuses=frozenset(status or ()), topic=topic, channel=channel, query=q, limit=limit, offset=offset
    )


@router.get(
    "",
    responses=linked(
        200,
        newest=follow("GET /assistance/{request_id}", request_id="items/0/id"),
        reply=follow("POST /assistance/{request_id}/replies", request_id="items/0/id"),
        send_again=follow(
            "POST /assistance/{request_id}/deliveries/{delivery_id}/retry",
            request_id="items/0/id",
            delivery_id="items/0/deliveries/0/id",
        ),
    ),
)
@router.get("/", include_in_schema=False)
def list_requests(
    application: App, principal: AssistanceReader, wanted: Annotated[RequestFilter, Depends(_wanted)]
) -> AssistancePageOut:
    """Everybody's requests, the newest first."""
    return AssistancePageOut.of(application.assistance.desk.reader.listing(wanted))


@router.get("/setup")
def read_setup(application: App, principal: AssistanceReader) -> StaffSetupOut:
    """What is wrong with the file of topics, and which channels can be used."""
    return StaffSetupOut(error=application.assistance.topics.error, channels=_channels(application))


@router.get("/{request_id}/conversation")
def read_conversation_of_request(request_id: str, application: App, principal: AssistanceReader) -> TurnsOut:
    """What the person had asked and been shown when they asked for a person; nothing that came later."""
    found = application.assistance.desk.reader.one(request_id)
    if found.conversation_id is None:
        raise NotFound(f"the request {request_id!r} was made without a conversation")
    turns = application.conversations.turns(found.principal, found.conversation_id)
    before = [turn for turn in turns if turn.asked_at <= found.created_at]
    return TurnsOut(id=found.conversation_id, turns=[TurnOut.of(turn) for turn in before], assistance=[])


@router.post(
    "/{request_id}/replies",
    status_code=201,
    responses=linked(
        201,
        propose=follow(
            "POST /training/examples/from-reply", body={"request_id": "$request.path.request_id", "reply_id": "id"}
        ),
    ),
)
def reply_to_request(
    request_id: str,
    body: ReplyIn,
    application: App,
    principal: AssistanceReplier,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)] = None,
) -> AssistanceReplyOut:
    """Answer a person; a repeated `Idempotency-Key` gives the reply that is there."""
    event_id = None if idempotency_key is None else f"{principal.subject} {request_id} {idempotency_key}"
    author = body.author or name_of(principal)
    reply = application.assistance.desk.reply(request_id, author=author, text=body.text, event_id=event_id)
    return AssistanceReplyOut.of(reply)


@router.post("/{request_id}/deliveries/{delivery_id}/retry")
def send_again(request_id: str, delivery_id: str, application: App, principal: AssistanceReplier) -> StaffRequestOut:
    """Have a delivery made that was given up or not needed; 409 for one that is under way or was delivered."""
    return StaffRequestOut.of(application.assistance.desk.send_again(request_id, delivery_id))


def _channels(application: Application) -> list[ChannelStateOut]:
    assistance = application.assistance
    named: dict[str, list[str]] = {name: [] for name in assistance.channels}
    for topic in assistance.topics.current():
        for route in topic.routes:
            named.setdefault(route.channel, []).append(topic.id)
    problems = assistance.channel_problems()
    return [
        ChannelStateOut(channel=name, state=_state(problems, name), detail=problems.get(name), topics=topics)
        for name, topics in sorted(named.items())
    ]


def _state(problems: dict[str, str | None], channel: str) -> str:
    if channel not in problems:
        return "not_set_up"
    return "ok" if problems[channel] is None else "misconfigured"
