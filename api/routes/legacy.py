"""The addresses that clients of the older chat applications call."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.dependencies import App, Asker
from api.errors import PROBLEMS
from api.routes.chat import IdempotencyKey, require_ready, to_ask
from api.schemas import MOST_ROWS, AskIn, ReplyOut
from api.streaming import settled_turn
from core.errors import AssistantError

__all__ = ["router"]

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/chat", tags=["older clients"])


class MessageIn(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class FailedOut(BaseModel):
    status: Literal["error"]
    message: str


_FAILED: dict[int | str, dict[str, Any]] = {
    status: {"model": FailedOut, "description": PROBLEMS[status]["description"], "content": PROBLEMS[status]["content"]}
    for status in ("4XX", "5XX")
}
"""What the older API said where a question cannot be answered; who may not ask at all is told so as everywhere."""


class ExchangeOut(BaseModel):
    user: str
    AI: str


@router.post("/message", responses=_FAILED)
async def message(
    body: MessageIn, request: Request, application: App, principal: Asker, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Answer in the caller's latest conversation: `{"status", "response"}` with the whole reply beside them."""
    try:
        require_ready(application)
        latest = await asyncio.to_thread(application.conversations.latest_conversation, principal.subject)
        ask = to_ask(application, AskIn(question=body.message, conversation_id=latest), idempotency_key)
        stream = await asyncio.to_thread(application.runner.ask, principal.subject, ask)
        reply = ReplyOut.of(await settled_turn(application, principal, stream))
    except AssistantError as error:
        status = 400 if error.status == 422 else error.status
        return JSONResponse({"status": "error", "message": error.detail}, status)
    except Exception:
        log.exception("message.failed")
        return JSONResponse({"status": "error", "message": "This is our fault; nothing was lost. Try again."}, 500)
    rest: dict[str, Any] = reply.model_dump(mode="json")
    return JSONResponse({"status": "Success", "response": reply.answer, **rest})


@router.get("/history", response_model=list[ExchangeOut], responses={500: {"description": "Failed"}})
def history(
    application: App,
    principal: Asker,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
    offset: Annotated[int, Query(ge=0, le=MOST_ROWS)] = 0,
) -> list[ExchangeOut] | JSONResponse:
    """Everything the caller asked and was answered, the oldest first; all of it unless `limit` is given."""
    try:
        turns = application.conversations.history(principal.subject, limit=limit, offset=offset)
    except Exception:
        log.exception("history.failed")
        return JSONResponse({"message": "Failed to fetch chat history."}, 500)
    return [ExchangeOut(user=turn.question, AI=turn.reply.text) for turn in turns if turn.reply is not None]
