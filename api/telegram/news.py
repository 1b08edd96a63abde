"""News told in Telegram, wherever they came from: proposals to approvers, decisions and replies to people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from telegram.error import TelegramError

from api.telegram.parts import Parts
from api.telegram.sender import Button, Sender
from api.telegram.teaching import APPROVE
from api.telegram.texts import human_reply, proposal_head, proposal_text
from assistance.telegram_people import PRINCIPAL, ChatPerson, ToldBook, user_of
from training.listing import News
from training.records import Example
from training.runs import TrainingRun
from training.states import Act, ExampleStatus

__all__ = ["Herald"]

log = structlog.get_logger(__name__)

_TOLD_FOR = timedelta(days=1)
"""What is older when the bot starts was seen to elsewhere."""


@dataclass(frozen=True, slots=True)
class Item:
    """A message that is due once; `key` names it for good. `elsewhere` are chats to try where the first is closed."""

    key: str
    chat_id: int
    text: str
    button: Button | None = None
    elsewhere: tuple[int, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Herald:
    """Reads what happened from where it is kept, so that nothing is lost with a message."""

    parts: Parts
    sender: Sender
    told: ToldBook

    async def tell(self) -> None:
        """Send what nobody has told yet; what fails is tried again the next time."""
        for item in await asyncio.to_thread(self._due):
            if await asyncio.to_thread(self.told.take, item.key):
                try:
                    reached = await self._send(item)
                except TelegramError as error:
                    log.warning("telegram.not_told", key=item.key, error=type(error).__name__)
                    continue
                if not reached and item.chat_id == self.parts.settings.approve_chat_id:
                    # A person may block the bot; a group that does not take its posts is a mistake of the set-up.
                    log.error("telegram.no_approval_group", chat_id=item.chat_id, key=item.key)
                    continue
                await asyncio.to_thread(self.told.settle, item.key)

    async def _send(self, item: Item) -> bool:
        for chat_id in (item.chat_id, *item.elsewhere):
            if await self.sender.say(chat_id, item.text, button=item.button, head=item.head) is not None:
                return True
        return False

    def _due(self) -> list[Item]:
        items = [*self._of_training(), *self._of_runs(), *self._of_requests()]
        untold = self.told.untold([item.key for item in items])
        return [item for item in items if item.key in untold]

    def _of_training(self) -> Iterator[Item]:
        group = self.parts.settings.approve_chat_id
        for news in self.parts.proposals.listing.news(_since()):
            if news.act is not Act.PROPOSE:
                yield from self._notices(news)
            elif group is not None and news.example.status is ExampleStatus.PROPOSED:
                yield self._post(news.example, group, news.id)

    def _post(self, example: Example, group: int, number: int) -> Item:
        user, name = self._name(example.proposed_by)
        text, button = proposal_text(example, user=user, name=name), Button("Approve", f"{APPROVE}{example.id}")
        return Item(f"audit:{number}:{group}", group, text, button, head=proposal_head(example))

    def _notices(self, news: News) -> Iterator[Item]:
        for principal in dict.fromkeys((news.example.proposed_by, news.example.approved_by)):
            user = None if principal in (None, news.actor) else user_of(principal or "")
            if user is not None:
                chats = tuple(place.chat_id for place in self.parts.people.places_of(user) if place.chat_id != user)
                text = f'{news.text}\n\n"{news.example.question}"'
                yield Item(f"audit:{news.id}:{user}", user, text, elsewhere=chats[:1])

    def _of_runs(self) -> Iterator[Item]:
        for run in self.parts.runs.listed(limit=20):
            user = user_of(run.created_by)
            if user is not None and run.ended_at is not None and run.ended_at >= _since():
                yield Item(f"run:{run.id}", user, _run_text(run))

    def _of_requests(self) -> Iterator[Item]:
        reader = self.parts.assistance.desk.reader
        for request, reply in reader.replies_since(_since(), principals=PRINCIPAL):
            user = user_of(request.principal)
            if user is not None:
                yield Item(f"reply:{reply.id}", user, human_reply(request.question, reply.author, reply.text))

    def _name(self, principal: str) -> tuple[str, str]:
        """The user name and the name of a proposer, or what they are known by where that was not in Telegram."""
        user = user_of(principal)
        places: list[ChatPerson] = [] if user is None else self.parts.people.places_of(user)
        if not places:
            return principal, principal.partition(":")[2] or principal
        return places[0].username or principal, places[0].name


def _since() -> datetime:
    return datetime.now(UTC) - _TOLD_FOR


def _run_text(run: TrainingRun) -> str:
    outcome = f"version {run.version_id} answers now" if run.reason is None else run.reason
    return f"Training run {run.id}: {run.status.value}; {outcome}."
