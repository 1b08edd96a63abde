"""Ask a question; read a turn again; stop it."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sse_starlette import EventSourceResponse

from api.application import Application
from api.dependencies import App, Asker
from api.links import follow
from api.schemas import AskIn, ReplyOut, TurnOut
from api.streaming import settled_turn, turn_events
from chains.stored import Ask
from core.errors import InvalidInput, Starting
from core.types import Principal

__all__ = ["router", "take"]

router = APIRouter(tags=["chat"])

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
_STREAM = "text/event-stream"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {_STREAM: {}},
        "description": "The reply, or its events when a stream was asked for.",
        "links": {
            "read": follow("GET /turns/{turn_id}", turn_id="turn_id"),
            "stop": follow("POST /turns/{turn_id}/stop", turn_id="turn_id"),
            "follow_up": follow("POST /chat", body={"conversation_id": "conversation_id"}),
            "conversation": follow("GET /conversations/{conversation_id}", conversation_id="conversation_id"),
            "erase": follow("DELETE /conversations/{conversation_id}", conversation_id="conversation_id"),
            "feedback": follow("POST /feedback", body={"turn_id": "turn_id"}),
            "draft": follow("POST /assistance/draft", body={"turn_id": "turn_id"}),
            "ask_a_person": follow("POST /assistance", body={"turn_id": "turn_id"}),
        },
    }
}


@router.post("/chat", response_model=ReplyOut, responses=_RESPONSES)
async def ask(
    body: AskIn, request: Request, application: App, principal: Asker, idempotency_key: IdempotencyKey = None
) -> ReplyOut | Response:
    """Answer a question from the documents: as JSON, or as it comes into being with `Accept: text/event-stream`."""
    return await take(request, application, principal, body, idempotency_key)


@router.get("/chat", response_model=ReplyOut, responses=_RESPONSES)
async def ask_by_get(
    request: Request,
    application: App,
    principal: Asker,
    question: Annotated[str | None, Query(max_length=20_000)] = None,
    user: str | None = None,
    conversation_id: str | None = None,
    jurisdiction: str | None = None,
    as_of: date | None = None,
    idempotency_key: IdempotencyKey = None,
) -> ReplyOut | Response:
    """The same for callers that send GET, with the fields in the address or, as older clients do, in a JSON body."""
    fields = {
        "question": question, "user": user, "conversation_id": conversation_id,
        "jurisdiction": jurisdiction, "as_of": as_of,
    }  # fmt: skip
    sent = {name: value for name, value in fields.items() if value is not None}
    try:
        body = AskIn.model_validate({**_json_object(await request.body()), **sent})
    except ValidationError as error:
        raise RequestValidationError(
            [{**item, "loc": ("query", *item["loc"])} for item in error.errors(include_url=False)]
        ) from error
    return await take(request, application, principal, body, idempotency_key)


@router.get("/turns/{turn_id}")
def read_turn(turn_id: str, application: App, principal: Asker) -> TurnOut:
    """A turn of the caller's own, whatever became of it."""
    return TurnOut.of(application.conversations.turn(principal.subject, turn_id))


@router.post("/turns/{turn_id}/stop", status_code=204)
def stop_turn(turn_id: str, application: App, principal: Asker) -> None:
    """End a turn that is being answered; one that is settled stays as it is."""
    application.conversations.turn(principal.subject, turn_id)
    if (stream := application.runner.stream(turn_id)) is not None:
        stream.stop()


async def take(
    request: Request, application: Application, principal: Principal, body: AskIn, idempotency_key: str | None
) -> ReplyOut | Response:
    """Take one turn and answer in the form that the request accepts."""
    require_ready(application)
    stream = await asyncio.to_thread(
        application.runner.ask, principal.subject, to_ask(application, body, idempotency_key)
    )
    if _STREAM in request.headers.get("accept", ""):
        return EventSourceResponse(turn_events(application, principal, stream), ping=15)
    return ReplyOut.of(await settled_turn(application, principal, stream))


def require_ready(application: Application) -> None:
    """Raise `Starting` while the documents are being read for the first time."""
    if not application.is_ready():
        raise Starting("the documents are being read for the first time; ask again in a minute")


def to_ask(application: Application, body: AskIn, idempotency_key: str | None) -> Ask:
    """The question as the chain takes it; raises `InvalidInput` when it is longer than the setting allows."""
    settings = application.settings
    if len(body.question) > settings.max_question_chars:
        raise InvalidInput(
            f"the question has {len(body.question)} characters, and {settings.max_question_chars} is the most; "
            "ask the most important part first"
        )
    return Ask(
        body.question, as_of=body.as_of or application.today(), user=body.user,
        conversation_id=body.conversation_id, jurisdiction=body.jurisdiction, idempotency_key=idempotency_key,
    )  # fmt: skip


def _json_object(raw: bytes) -> dict[str, object]:
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise InvalidInput('the body is not JSON; send {"question": "…"}') from error
    if not isinstance(value, dict):
        raise InvalidInput('the body is not a JSON object; send {"question": "…"}')
    return value
