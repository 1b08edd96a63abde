"""Updates handled in the order of their chat, several chats at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from telegram.error import RetryAfter, TelegramError

from api.telegram.handler import Handler
from assistance.telegram_updates import TakenUpdate, UpdateBox
from core.crash import crash_point
from core.telemetry import bind_request

__all__ = ["Lanes"]

log = structlog.get_logger(__name__)

_CHATS_AT_ONCE = 8
_MOST_ATTEMPTS = 5
_PAUSE_S = 2.0


class Lanes:
    """One task for each chat with something to handle; all belong to one event loop."""

    def __init__(self, box: UpdateBox, handler: Handler) -> None:
        self._box = box
        self._handler = handler
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(_CHATS_AT_ONCE)

    def wake(self, chat_id: int) -> None:
        """See to it that the updates of a chat are handled; harmless when that is under way."""
        if chat_id not in self._tasks:
            task = asyncio.create_task(self._drain(chat_id))
            self._tasks[chat_id] = task
            task.add_done_callback(lambda _: self._tasks.pop(chat_id, None))

    async def wake_all(self) -> None:
        """Go on wherever something waits."""
        for chat_id in await asyncio.to_thread(self._box.chats_waiting):
            self.wake(chat_id)

    async def close(self) -> None:
        """Break off what is at work; the next start goes on with it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(self, chat_id: int) -> None:
        async with self._places:
            while (taken := await asyncio.to_thread(self._box.take, chat_id)) is not None:
                bind_request(f"telegram-{taken.update_id}")
                if not await self._handle(taken):
                    return

    async def _handle(self, taken: TakenUpdate) -> bool:
        """Whether the update is done with, so that the chat's next one may follow."""
        try:
            await self._handler.handle(taken)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            await asyncio.to_thread(self._box.put_back, taken.update_id, after_s=seconds)
            return False
        except Exception as error:
            log.error("telegram.failed", update_id=taken.update_id, attempt=taken.attempts, error=type(error).__name__)
            if taken.attempts < _MOST_ATTEMPTS:
                await asyncio.to_thread(self._box.put_back, taken.update_id, after_s=_PAUSE_S * 2**taken.attempts)
                return False
            await self._give_up(taken)
        crash_point("telegram.handled")
        await asyncio.to_thread(self._box.settle, taken.update_id)
        return True

    async def _give_up(self, taken: TakenUpdate) -> None:
        try:
            await self._handler.apologise(taken)
        except TelegramError as error:
            log.error("telegram.given_up", update_id=taken.update_id, error=type(error).__name__)
