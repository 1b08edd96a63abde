"""The door of the house: as many questions come in as can be answered soon, the others are refused at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import Overloaded
from core.metrics import LIMITED

__all__ = ["Door"]

_QUESTIONS = frozenset({"/chat", "/chat/message"})


class Door:
    """Refuses a question while `places` are inside, before anybody is looked up and a thread is asked for anything.

    A question counts once it was read, so that slow senders take no place. Raises `Overloaded`, which `RequestLimits`
    around it answers.
    """

    def __init__(self, app: ASGIApp, *, places: int) -> None:
        self._app = app
        self._places = places
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["path"].rstrip("/") not in _QUESTIONS):
            await self._app(scope, receive, send)
            return
        self._refuse_when_full()
        read = [message async for message in _until_whole(receive)]
        self._refuse_when_full()
        self._inside += 1
        try:
            await self._app(scope, _again(read, receive), send)
        finally:
            self._inside -= 1

    def _refuse_when_full(self) -> None:
        if self._inside >= self._places:
            LIMITED.labels("overload").inc()
            raise Overloaded("more questions are waiting than can be answered soon; try again in a moment")


async def _until_whole(receive: Receive) -> AsyncIterator[Message]:
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        yield message


def _again(read: list[Message], receive: Receive) -> Receive:
    """What was read, then what comes after it."""
    messages = iter(read)

    async def receive_again() -> Message:
        return next(messages, None) or await receive()

    return receive_again
