"""A turn's events, waited for or sent as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import ServerSentEvent

from api.application import Application
from api.errors import problem
from api.schemas import CitationOut, ReplyOut
from chains.events import Event, Settled, Status, Verified
from chains.runner import TurnStream
from chains.stored import Turn
from chains.tables import TurnStatus
from core.errors import AssistantError, Conflict
from core.types import Principal

__all__ = ["end_of", "settled_turn", "turn_events"]


async def settled_turn(application: Application, principal: Principal, stream: TurnStream) -> Turn:
    """Wait until a turn is settled and its reply is stored, and give it; raises what made it fail."""
    await end_of(stream)
    return await _settled(application, principal, stream)


async def turn_events(
    application: Application, principal: Principal, stream: TurnStream
) -> AsyncIterator[ServerSentEvent]:
    """The turn's ids, then its events as they happen; the last one is the authoritative reply or an error."""
    yield _sse("turn", {"turn_id": stream.turn.id, "conversation_id": stream.turn.conversation_id})
    async for event in _follow(stream):
        for message in _messages(event):
            yield message
    try:
        turn = await _settled(application, principal, stream)
    except AssistantError as error:
        yield _sse("error", problem(error))
    except Exception:
        yield _sse("error", problem(AssistantError("This is our fault; nothing was lost. Try again.")))
    else:
        yield ServerSentEvent(ReplyOut.of(turn).model_dump_json(), event="reply")


async def _settled(application: Application, principal: Principal, stream: TurnStream) -> Turn:
    if stream.turn.reply is not None:
        return stream.turn
    return await asyncio.to_thread(_read_settled, application, principal, stream)


def _read_settled(application: Application, principal: Principal, stream: TurnStream) -> Turn:
    if stream.error is not None:
        raise stream.error
    turn = application.conversations.turn(principal.subject, stream.turn.id)
    if turn.status is TurnStatus.STOPPED:
        raise Conflict("the answer was stopped; ask again to get one")
    if turn.reply is None:
        raise AssistantError(turn.error or "the question could not be answered; ask it again")
    return turn


async def end_of(stream: TurnStream) -> None:
    """Wait for the end of a turn alone, so that what happens on the way wakes nobody."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def listener(event: Event | None) -> None:
        if event is None:
            loop.call_soon_threadsafe(ended.set)

    stream.listen(listener)
    try:
        await ended.wait()
    finally:
        stream.forget(listener)


async def _follow(stream: TurnStream) -> AsyncIterator[Event]:
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listener(event: Event | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, event)

    stream.listen(listener)
    try:
        while (event := await queue.get()) is not None:
            yield event
    finally:
        stream.forget(listener)


def _messages(event: Event) -> list[ServerSentEvent]:
    match event:
        case Status():
            return [_sse("status", {"code": event.doing.value, "text": event.text})]
        case Verified(index, sentence, new_citations, _):
            citations = [
                ServerSentEvent(CitationOut.of(citation).model_dump_json(), event="citation")
                for citation in new_citations
            ]
            body = {
                "index": index, "text": sentence.text, "citations": list(sentence.citations),
                "original": sentence.original,
            }  # fmt: skip
            return [*citations, _sse("sentence", body)]
        case Settled():
            return []


def _sse(event: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=event)
