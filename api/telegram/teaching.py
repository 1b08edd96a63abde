"""Teaching in Telegram: proposals, their approval by a reply, training."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.telegram.parts import Parts
from api.telegram.reading import Pressed, Said
from api.telegram.roles import Roles
from api.telegram.sender import Sender
from api.telegram.texts import DENIED, REJECT_HOW, REPLY_TO_PROPOSAL, TRAIN_HOW, example_named_in
from assistance.telegram_people import principal_of
from core.errors import AssistantError
from training.checking import Proposal
from training.examples import Done
from training.listing import Wanted
from training.runs import NOTHING_PENDING, RUN_UNDERWAY, STARTED, NothingPending, RunUnderway
from training.states import ExampleStatus

__all__ = ["APPROVE", "Teaching"]

APPROVE = "approve:"
"""What the button under a proposal carries before the example's id."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """What may not be done is answered by `Permission denied`; what cannot, by the reason."""

    parts: Parts
    roles: Roles
    sender: Sender

    async def train(self, said: Said, text: str, *, update_id: int) -> None:
        """Propose `question | answer`; the post in the approval group follows from the log of proposals."""
        question, bar, answer = (part.strip() for part in text.partition("|"))
        if not (question and bar and answer):
            await self._answer(said, TRAIN_HOW)
            return
        await asyncio.to_thread(self._saw, said)
        await self._answer(said, await asyncio.to_thread(self._propose, said, question, answer, update_id))

    async def approve(self, said: Said, text: str) -> None:
        """Approve the proposal that is replied to, over the documents in `text` where it names some."""
        cites = text.split() or None
        await self._decide(said, lambda found, by: self.parts.proposals.approve(found, by, cites=cites), "Approved")

    async def reject(self, said: Said, reason: str) -> None:
        if not reason and self.roles.may_approve(said.user_id, said.username):
            await self._answer(said, REJECT_HOW)
            return
        await self._decide(said, lambda found, by: self.parts.proposals.examples.reject(found, by, reason), "Rejected")

    async def press(self, pressed: Pressed) -> None:
        """Approve by the button; where that cannot be done the group reads why."""
        if not self._may(pressed):
            await self.sender.answer_press(pressed.id, DENIED)
            return
        example_id, by = pressed.data.removeprefix(APPROVE), principal_of(pressed.user_id)
        done, text = await asyncio.to_thread(
            self._done, lambda: self.parts.proposals.approve(example_id, by), "Approved"
        )
        await self.sender.answer_press(pressed.id)
        if done:
            await self.sender.take_button(pressed.chat_id, pressed.message_id)
        await self.sender.say(pressed.chat_id, text, answers=pressed.message_id)

    async def start(self, said: Said, *, received_at: datetime) -> None:
        """Start a training run; the same command handled again after a crash names the run that it started."""
        if not self.roles.may_approve(said.user_id, said.username):
            await self._answer(said, DENIED)
            return
        await self._answer(said, await asyncio.to_thread(self._start, principal_of(said.user_id), received_at))

    async def status(self, said: Said) -> None:
        staff = self.roles.may_approve(said.user_id, said.username)
        await self._answer(said, await asyncio.to_thread(self._status, staff))

    async def _decide(self, said: Said, act: Callable[[str, str], Done], word: str) -> None:
        if not self._may(said):
            await self._answer(said, DENIED)
            return
        example_id = example_named_in(said.quoted.text) if said.quoted and said.quoted.ours else None
        if example_id is None:
            await self._answer(said, REPLY_TO_PROPOSAL)
            return
        by = principal_of(said.user_id)
        _, text = await asyncio.to_thread(self._done, lambda: act(example_id, by), word)
        await self._answer(said, text)

    def _may(self, acted: Said | Pressed) -> bool:
        in_group = acted.chat_id == self.parts.settings.approve_chat_id
        return in_group and self.roles.may_approve(acted.user_id, acted.username)

    @staticmethod
    def _done(act: Callable[[], Done], word: str) -> tuple[bool, str]:
        """Whether it is so now, and the sentence about it."""
        try:
            done = act()
        except AssistantError as error:
            return False, error.detail
        return True, f"{word}." if done.changed else f"It was {word.lower()} already."

    def _saw(self, said: Said) -> None:
        self.parts.people.saw(said.chat_id, said.user_id, username=said.username, name=said.name)

    def _propose(self, said: Said, question: str, answer: str, update_id: int) -> str:
        by = principal_of(said.user_id)
        self.parts.rates.take(f"person:{by}", "POST", "/training/examples")
        key = f"telegram:{update_id}"
        done = self.parts.proposals.propose(Proposal(question, answer), by, idempotency_key=key)
        return f"Thank you. Your proposal [{done.example.id}] waits for an approver; you are told what becomes of it."

    def _start(self, by: str, received_at: datetime) -> str:
        mine = [
            run for run in self.parts.runs.listed(limit=20) if run.created_by == by and run.created_at >= received_at
        ]
        if mine:
            return STARTED.format(id=mine[-1].id)
        try:
            return STARTED.format(id=self.parts.training.start(by).id)
        except NothingPending:
            return NOTHING_PENDING
        except RunUnderway:
            return RUN_UNDERWAY

    def _status(self, staff: bool) -> str:
        lines = [f"I am answering with version {self.parts.versions.current_id()}."]
        if staff:
            waiting, approved = (self._count(status) for status in (ExampleStatus.PROPOSED, ExampleStatus.PENDING))
            lines.append(f"Proposals that wait for an approver: {waiting}. Approved and not yet trained: {approved}.")
            running = self.parts.runs.unfinished()
            lines.append(f"Training run {running[0]} is at work." if running else "No training run is at work.")
        return "\n".join(lines)

    def _count(self, status: ExampleStatus) -> int:
        return self.parts.proposals.listing.find(Wanted(statuses=frozenset({status}), limit=1)).total

    async def _answer(self, said: Said, text: str) -> None:
        await self.sender.say(said.chat_id, text, answers=said.message_id)
