"""MAIN FLOW of one update: read, carried out, answered."""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog
from telegram import Bot

from api.telegram.asking import ASK_PERSON, Asking
from api.telegram.parts import Parts
from api.telegram.reading import Command, Pressed, Said, command_of, read_update
from api.telegram.roles import Roles
from api.telegram.sender import Sender
from api.telegram.teaching import APPROVE, Teaching
from api.telegram.texts import DENIED, HELP, START, UNKNOWN
from assistance.telegram_updates import TakenUpdate
from core.errors import AssistantError

__all__ = ["Handler"]

log = structlog.get_logger(__name__)

_FOR_MEMBERS = (Command.ASK, Command.TRAIN, Command.STATUS)


@dataclass(frozen=True, slots=True)
class Handler:
    """Raises what trying again can mend; everything else is answered in words."""

    bot: Bot
    sender: Sender
    roles: Roles
    asking: Asking
    teaching: Teaching

    @classmethod
    def over(cls, bot: Bot, parts: Parts) -> Handler:
        sender, roles = Sender(bot), Roles.of(parts.settings)
        return cls(bot, sender, roles, Asking(parts, sender), Teaching(parts, roles, sender))

    async def handle(self, taken: TakenUpdate) -> None:
        """Carry out an update; doing it again after a crash does nothing twice, though it may say so twice."""
        found = self._read(taken)
        try:
            if isinstance(found, Said):
                await self._hear(found, taken)
            elif isinstance(found, Pressed):
                await self._press(found)
        except AssistantError as error:
            log.info("telegram.cannot", update_id=taken.update_id, error=type(error).__name__)
            assert found is not None
            await self.sender.say(found.chat_id, error.detail, answers=found.message_id)

    async def apologise(self, taken: TakenUpdate) -> None:
        """Say that an update could not be carried out, and that this is not the person's fault."""
        found = self._read(taken)
        if found is not None:
            text = "Something went wrong here, and it was noted. Please try again a little later."
            await self.sender.say(found.chat_id, text, answers=found.message_id)

    def _read(self, taken: TakenUpdate) -> Said | Pressed | None:
        try:
            return read_update(json.loads(taken.payload), self.bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.error("telegram.unreadable", update_id=taken.update_id, error=type(error).__name__)
            return None

    async def _hear(self, said: Said, taken: TakenUpdate) -> None:
        named = command_of(said, self.bot.username)
        if named is not None:
            await self._obey(said, *named, taken)
        elif not await self.asking.take_reply(said) and said.private:
            await self._obey(said, Command.ASK, said.text.strip(), taken)

    async def _obey(self, said: Said, command: Command | None, rest: str, taken: TakenUpdate) -> None:
        if command in _FOR_MEMBERS and not self.roles.may_ask(said.user_id, said.username):
            await self.sender.say(said.chat_id, DENIED, answers=said.message_id)
            return
        match command:
            case Command.ASK:
                await self.asking.ask(said, rest, update_id=taken.update_id, again=taken.attempts > 1)
            case Command.TRAIN:
                await self.teaching.train(said, rest, update_id=taken.update_id)
            case Command.APPROVE:
                await self.teaching.approve(said, rest)
            case Command.REJECT:
                await self.teaching.reject(said, rest)
            case Command.START_TRAIN:
                await self.teaching.start(said, received_at=taken.received_at)
            case Command.STATUS:
                await self.teaching.status(said)
            case Command.START | Command.HELP:
                await self.sender.say(said.chat_id, HELP if command is Command.HELP else f"{START}\n\n{HELP}")
            case None if said.private:
                await self.sender.say(said.chat_id, UNKNOWN, answers=said.message_id)

    async def _press(self, pressed: Pressed) -> None:
        if not self.roles.may_ask(pressed.user_id, pressed.username):
            await self.sender.answer_press(pressed.id, DENIED)
        elif pressed.data.startswith(ASK_PERSON):
            await self.asking.hand_over(pressed)
        elif pressed.data.startswith(APPROVE):
            await self.teaching.press(pressed)
