"""Questions in Telegram: asked in the chat's own conversation, answered with sources, handed to a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import structlog

from api.streaming import end_of
from api.telegram.parts import Parts
from api.telegram.reading import Pressed, Said
from api.telegram.sender import Button, Sender
from api.telegram.texts import ASK_HOW, NOTHING_FOUND, handed_over, processing, reply_text
from assistance.records import NewRequest
from assistance.telegram_people import ChatPerson, principal_of
from assistance.topics import OTHER
from chains.stored import Ask, Turn
from channels.messages import InboundReply
from core.errors import Conflict, InvalidInput, NotFound, Overloaded
from core.types import Abstention

__all__ = ["ASK_PERSON", "Asking"]

log = structlog.get_logger(__name__)

ASK_PERSON = "person:"
"""What the button carries before the turn's id."""

_LOOK_AGAIN_S = 1.0
_LOOKS = 60


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers questions and passes them on."""

    parts: Parts
    sender: Sender

    async def ask(self, said: Said, question: str, *, update_id: int, again: bool) -> None:
        """Answer a question; one that a crash interrupted is answered from the same turn."""
        if not question:
            await self.sender.say(said.chat_id, ASK_HOW, answers=said.message_id)
            return
        person = await asyncio.to_thread(self._person, said)
        if not again:
            await asyncio.to_thread(self.parts.rates.take, f"person:{principal_of(said.user_id)}", "POST", "/chat")
            await self.sender.say(said.chat_id, processing(question), answers=said.message_id)
        turn = await self._turn(person, question, update_id)
        await asyncio.to_thread(self.parts.people.converse, person, turn.conversation_id)
        if turn.reply is None:
            await self.sender.say(said.chat_id, turn.error or NOTHING_FOUND, answers=said.message_id)
            return
        abstained = isinstance(turn.reply, Abstention)
        button = Button("Ask a person", f"{ASK_PERSON}{turn.id}") if abstained else None
        await self.sender.say(said.chat_id, reply_text(turn.reply), answers=said.message_id, button=button)

    async def hand_over(self, pressed: Pressed) -> None:
        """Make a request of the turn under the button; pressing again gives the same receipt."""
        turn_id = pressed.data.removeprefix(ASK_PERSON)
        try:
            text = await asyncio.to_thread(self._hand_over, principal_of(pressed.user_id), turn_id)
        except NotFound:
            await self.sender.answer_press(pressed.id, "Only whoever asked can pass this question on.")
            return
        await self.sender.answer_press(pressed.id)
        await self.sender.take_button(pressed.chat_id, pressed.message_id)
        await self.sender.say(pressed.chat_id, text, answers=pressed.message_id)

    async def take_reply(self, said: Said) -> bool:
        """Put a reply of staff to a request beside it; whether it was one."""
        if said.quoted is None or not said.quoted.ours:
            return False
        return await asyncio.to_thread(self._take_reply, said, said.quoted.message_id)

    def _take_reply(self, said: Said, answered: int) -> bool:
        # assistance.yaml may name the chat by its id or by its @name, and the reference of a delivery holds that.
        places = [str(said.chat_id), *([f"@{said.place}"] if said.place else [])]
        for place in places:
            thread = f"{place}:{answered}"
            if self.parts.assistance.desk.request_in("telegram", thread) is not None:
                event_id = f"{said.chat_id}:{said.message_id}"
                inbound = InboundReply(event_id, "telegram", said.name, said.text, thread=thread, reply_token=None)
                self.parts.assistance.desk.take_reply(inbound)
                return True
        return False

    def _person(self, said: Said) -> ChatPerson:
        return self.parts.people.saw(said.chat_id, said.user_id, username=said.username, name=said.name)

    async def _turn(self, person: ChatPerson, question: str, update_id: int) -> Turn:
        most, principal = self.parts.settings.max_question_chars, principal_of(person.user_id)
        if len(question) > most:
            raise InvalidInput(f"your question has {len(question)} characters, and {most} is the most; shorten it")
        ask = Ask(question, self.parts.today(), None, person.conversation_id, idempotency_key=f"telegram:{update_id}")
        try:
            return await self._answered(principal, ask)
        except (NotFound, InvalidInput):
            # The conversation was erased; or this question began it, before the crash.
            if person.conversation_id is None:
                raise
            return await self._answered(principal, replace(ask, conversation_id=None))

    async def _answered(self, principal: str, ask: Ask) -> Turn:
        for look in range(_LOOKS):
            try:
                stream = await asyncio.to_thread(self.parts.runner.ask, principal, ask)
            except (Overloaded, Conflict):
                # The pool is full, or what a crash left of this very turn is still being answered.
                if look == _LOOKS - 1:
                    raise
                await asyncio.sleep(_LOOK_AGAIN_S)
                continue
            await end_of(stream)
            return await asyncio.to_thread(self.parts.conversations.turn, principal, stream.turn.id)
        raise AssertionError("unreachable")

    def _hand_over(self, principal: str, turn_id: str) -> str:
        draft = self.parts.assistance.drafting.of_turn(principal, turn_id)
        topics = self.parts.assistance.topics.current()
        topic = draft.guess.topic if draft.guess else topics.find(OTHER)
        new = NewRequest(topic.id, draft.description, turn_id=turn_id, idempotency_key=f"telegram:{turn_id}")
        receipt, _ = self.parts.assistance.desk.accept(principal, new)
        hours = topic.hours.sentence(receipt.created_at, topic.language) if topic.hours else ""
        return handed_over(receipt, topic.title(), hours)
