"""The bot as it runs: one consumer of updates in a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from api.telegram.handler import Handler
from api.telegram.lanes import Lanes
from api.telegram.news import Herald
from api.telegram.parts import Parts
from api.telegram.reading import ALLOWED_UPDATES, chat_of
from api.telegram.sender import Sender
from api.telegram.texts import MENU
from assistance.metrics import UPDATES_HANDLED_AT, UPDATES_WAITING, UPDATES_WAITING_AGE
from assistance.telegram_people import ToldBook
from assistance.telegram_updates import UpdateBox
from channels.limits import Limits
from channels.telegram_bot import build_bot
from core.database import Database
from core.errors import InvalidInput
from core.settings import Settings

__all__ = ["TelegramService"]

log = structlog.get_logger(__name__)

_THREADS = 8
_POLL_S = 25
_AGAIN_S = 3.0
_ONE_CONSUMER_S = 30.0
_LOOK_S = 1.0
_FORGET_EVERY = 3600
_STOP_S = 15.0


class TelegramService:
    """`start` and `stop` are called once each; `take` stores an update that Telegram posted."""

    def __init__(self, settings: Settings, database: Database, parts: Parts) -> None:
        self._settings = settings
        self._parts = parts
        self._box = UpdateBox(database, executor=settings.executor_id)
        self._told = ToldBook(database, executor=settings.executor_id)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main_task: asyncio.Task[None] | None = None
        self._lanes: Lanes | None = None
        self._stopping = threading.Event()
        self.state = "starting"
        """`ok`, `starting`, or what keeps updates from coming."""

    def gauge(self) -> None:
        """Bring up to date how far the bot is behind."""
        backlog = self._box.backlog()
        now = datetime.now(UTC)
        UPDATES_WAITING.set(backlog.waiting)
        UPDATES_WAITING_AGE.set((now - (backlog.waits_since or now)).total_seconds())
        UPDATES_HANDLED_AT.set(backlog.handled_at.timestamp() if backlog.handled_at is not None else 0)

    def start(self, is_ready: Callable[[], bool]) -> None:
        """Begin in the background; nothing is handled before `is_ready` says that questions can be answered."""
        self._thread = threading.Thread(target=self._run, args=(is_ready,), name="telegram", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Break off; what was not answered is answered after the next start. Safe where nothing was started."""
        self._stopping.set()
        loop, task = self._loop, self._main_task
        if loop is not None and task is not None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(task.cancel)
        if self._thread is not None:
            self._thread.join(_STOP_S)

    def take(self, body: bytes) -> None:
        """Store an update of the webhook; raises `InvalidInput` for what is none."""
        try:
            payload = json.loads(body)
            self._keep(payload)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidInput("the body is no update of Telegram's") from error

    def _keep(self, payload: Mapping[str, Any]) -> int:
        """Store it with what it says; the chat, which is then woken."""
        chat_id = chat_of(payload)
        if self._box.keep(int(payload["update_id"]), chat_id, json.dumps(payload, ensure_ascii=False)):
            loop = self._loop
            if loop is not None and not loop.is_closed():
                loop.call_soon_threadsafe(self._wake, chat_id)
        return chat_id

    def _wake(self, chat_id: int) -> None:
        if self._lanes is not None:
            self._lanes.wake(chat_id)

    def _run(self, is_ready: Callable[[], bool]) -> None:
        try:
            asyncio.run(self._main(is_ready))
        except asyncio.CancelledError:
            return
        except Exception:
            self.state = "ended"
            log.exception("telegram.ended")

    async def _main(self, is_ready: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="telegram"))
        self._loop, self._main_task = loop, asyncio.current_task()
        while not self._stopping.is_set() and not is_ready():  # noqa: ASYNC110 (it can only be looked at)
            await asyncio.sleep(0.2)
        if self._stopping.is_set():
            return
        settings = self._settings
        assert settings.telegram_token is not None
        bot = build_bot(settings.telegram_token, settings.telegram_api_url, limits=Limits.of(settings))
        try:
            await self._work(bot)
        finally:
            if self._lanes is not None:
                await self._lanes.close()
            await bot.shutdown()

    async def _work(self, bot: Bot) -> None:
        await asyncio.to_thread(self._box.free_own)
        await asyncio.to_thread(self._told.free_own)
        await _until_done("telegram.unreachable", bot.initialize)
        with suppress(TelegramError):  # a menu is a convenience
            await bot.set_my_commands(MENU)
        self._lanes = Lanes(self._box, Handler.over(bot, self._parts))
        herald = Herald(self._parts, Sender(bot), self._told)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look(self._lanes, herald))
            tasks.create_task(self._listen(bot))

    async def _look(self, lanes: Lanes, herald: Herald) -> None:
        """Go on with what waits and tell what is new, again and again."""
        for count in range(1 << 62):
            try:
                await lanes.wake_all()
                await herald.tell()
                if count % _FORGET_EVERY == 0:
                    await asyncio.to_thread(self._box.forget_old)
                    await asyncio.to_thread(self._told.forget_old)
            except Exception as error:
                log.error("telegram.look", error=type(error).__name__)
            await asyncio.sleep(_LOOK_S)

    async def _listen(self, bot: Bot) -> None:
        """Fetch updates for ever, or have them posted."""
        secret, url = self._settings.telegram_webhook_secret, self._settings.telegram_webhook_url
        if secret is None:
            await _until_done("telegram.webhook", bot.delete_webhook)
            await self._poll(bot)
            return
        if url is not None:
            word = secret.get_secret_value()
            await _until_done(
                "telegram.webhook",
                lambda: bot.set_webhook(url, secret_token=word, allowed_updates=list(ALLOWED_UPDATES)),
            )
        self.state = "ok"

    async def _poll(self, bot: Bot) -> None:
        offset: int | None = None
        while True:
            try:
                updates = await bot.get_updates(offset, timeout=_POLL_S, allowed_updates=list(ALLOWED_UPDATES))
            except Conflict as error:
                self.state = "second consumer"
                log.error("telegram.second_consumer", error=error.message)
                await asyncio.sleep(_ONE_CONSUMER_S)
            except TelegramError as error:
                self.state = "unreachable"
                log.warning("telegram.unreachable", error=error.message)
                await asyncio.sleep(_AGAIN_S)
            except Exception as error:
                # The library trips over JSON of another shape, and there is no other consumer to go on.
                self.state = "unreadable"
                log.error("telegram.unreadable", error=type(error).__name__)
                await asyncio.sleep(_AGAIN_S)
            else:
                self.state = "ok"
                for update in updates:
                    # Only what is stored is confirmed, by the offset of the next call.
                    await self._store(update)
                    offset = update.update_id + 1

    async def _store(self, update: Update) -> None:
        while True:
            try:
                await asyncio.to_thread(self._keep, update.to_dict())
                return
            except Exception as error:
                log.error("telegram.not_stored", update_id=update.update_id, error=type(error).__name__)
                await asyncio.sleep(_AGAIN_S)


async def _until_done(event: str, call: Callable[[], Any]) -> None:
    """Call until Telegram answers; a wrong token is said each time, since only a restart mends it."""
    while True:
        try:
            await call()
            return
        except InvalidToken:
            log.error(event, error="Telegram does not know TELEGRAM_TOKEN; put a valid one and start again")
            await asyncio.sleep(_ONE_CONSUMER_S)
        except TelegramError as error:
            log.warning(event, error=error.message)
            await asyncio.sleep(_AGAIN_S)
