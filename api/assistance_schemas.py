"""The bodies of requests for a person: what their owner sees, and what staff see besides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistance.drafting import Draft
from assistance.guess import Guess
from assistance.reading import RequestPage
from assistance.records import Delivery, HelpRequest, NewRequest, Receipt, Reply
from assistance.states import DeliveryStatus, NoteKind, Status
from assistance.topics import Topic

__all__ = [
    "AskedPersonOut", "AssistanceIn", "AssistanceOut", "AssistancePageOut", "AssistancesOut", "DraftIn", "DraftOut",
    "HoursOut", "NoteIn", "ReceiptOut", "ReplyIn", "StaffRequestOut", "StaffSetupOut", "TopicOut", "TopicsOut",
]  # fmt: skip

_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class AssistanceIn(BaseModel):
    """A request for a person. `turn_id` names the question it is about, which has to be the caller's own."""

    model_config = ConfigDict(extra="ignore")

    topic: Annotated[str, StringConstraints(max_length=100)] = Field(examples=["visa"])
    description: _Text = Field(examples=["My application was refused and I do not know what to do."])
    conversation_id: _Id | None = None
    turn_id: _Id | None = None
    contact: _Line | None = Field(default=None, description="How staff can reach the person, in their own words.")
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None

    def to_new(self, idempotency_key: str | None) -> NewRequest:
        return NewRequest(
            topic=self.topic, description=self.description, conversation_id=self.conversation_id, turn_id=self.turn_id,
            contact=self.contact, language=self.language, idempotency_key=idempotency_key,
        )  # fmt: skip


class HoursOut(BaseModel):
    """When somebody reads requests of a topic; `sentence` says it with the rest, for the person.

    `changes_at` is when they go where `open_now`, else when they come.
    """

    text: str
    time_zone: str
    open_now: bool
    changes_at: datetime
    sentence: str

    @classmethod
    def of(cls, topic: Topic | None, moment: datetime, language: str | None) -> HoursOut | None:
        """As it is at that moment, in that language or the topic's; None for a topic without hours."""
        if topic is None or topic.hours is None:
            return None
        standing, spoken = topic.hours.at(moment), language or topic.language
        return cls(
            text=topic.hours.text(spoken), time_zone=topic.hours.zone.key, open_now=standing.is_open,
            changes_at=standing.changes_at, sentence=topic.hours.sentence(moment, spoken),
        )  # fmt: skip


class ReceiptOut(BaseModel):
    """Stored, and the same at every repeat. `channels` in the order they are tried; `inbox_only` when none is set up
    for the topic, so that the request waits until somebody opens the inbox. `status` is that of the moment it was
    stored; `GET /assistance/{id}` tells how it stands now.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: Status
    topic: str
    channels: list[str]
    inbox_only: bool
    created_at: datetime
    conversation_id: str | None
    turn_id: str | None
    hours: HoursOut | None = Field(default=None, description="When somebody reads it, as of the moment it was stored.")

    @classmethod
    def of(cls, receipt: Receipt, topic: Topic | None, language: str | None) -> ReceiptOut:
        hours = HoursOut.of(topic, receipt.created_at, language)
        return cls.model_validate(receipt).model_copy(update={"hours": hours})


class DeliveryOut(BaseModel):
    """A message to a channel: the request itself or what followed it. `target` and `reason` are null but for staff."""

    id: str
    kind: NoteKind
    channel: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    settled_at: datetime | None
    target: str | None
    reason: str | None

    @classmethod
    def of(cls, delivery: Delivery, *, for_staff: bool) -> DeliveryOut:
        return cls(
            id=delivery.id, kind=delivery.kind, channel=delivery.channel, status=delivery.status,
            attempts=delivery.attempts, next_attempt_at=delivery.next_attempt_at, settled_at=delivery.settled_at,
            target=delivery.target if for_staff else None, reason=delivery.reason if for_staff else None,
        )  # fmt: skip


class AssistanceReplyOut(BaseModel):
    """What a human answered; never written by the assistant."""

    id: str
    author: str
    text: str
    channel: str
    created_at: datetime
    from_human: bool = True

    @classmethod
    def of(cls, reply: Reply) -> AssistanceReplyOut:
        return cls(
            id=reply.id, author=reply.author, text=reply.text, channel=reply.channel, created_at=reply.created_at
        )


class AdditionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    text: str
    created_at: datetime


class AskedPersonOut(BaseModel):
    """A request for a person as it stands in its conversation."""

    id: str
    topic: str
    status: Status
    created_at: datetime
    turn_id: str | None
    replies: list[AssistanceReplyOut]

    @classmethod
    def of(cls, request: HelpRequest) -> AskedPersonOut:
        return cls(
            id=request.id, topic=request.topic, status=request.status, created_at=request.created_at,
            turn_id=request.turn_id, replies=[AssistanceReplyOut.of(reply) for reply in request.replies],
        )  # fmt: skip


class AssistanceOut(AskedPersonOut):
    """A request with everything that happened to it, the oldest first."""

    description: str
    contact: str | None
    language: str | None
    question: str | None
    conversation_id: str | None
    channels: list[str]
    inbox_only: bool
    updated_at: datetime
    deliveries: list[DeliveryOut]
    additions: list[AdditionOut]

    @classmethod
    def of(cls, request: HelpRequest, *, for_staff: bool = False) -> AssistanceOut:
        return cls(
            **AskedPersonOut.of(request).model_dump(),
            description=request.description, contact=request.contact, language=request.language,
            question=request.question, conversation_id=request.conversation_id, channels=list(request.channels),
            inbox_only=request.inbox_only, updated_at=request.updated_at,
            deliveries=[DeliveryOut.of(item, for_staff=for_staff) for item in request.deliveries],
            additions=[AdditionOut.model_validate(item) for item in request.additions],
        )  # fmt: skip


class StaffRequestOut(AssistanceOut):
    """What staff see: targets and reasons of the deliveries, and whose request it is."""

    owner: str

    @classmethod
    def of(cls, request: HelpRequest, *, for_staff: bool = True) -> StaffRequestOut:
        return cls(**AssistanceOut.of(request, for_staff=for_staff).model_dump(), owner=request.principal)


class AssistancesOut(BaseModel):
    items: list[AssistanceOut]


class AssistancePageOut(BaseModel):
    """One page of `total`; `counts` has every status over all requests."""

    items: list[StaffRequestOut]
    total: int
    counts: dict[Status, int]

    @classmethod
    def of(cls, page: RequestPage) -> AssistancePageOut:
        items = [StaffRequestOut.of(item) for item in page.items]
        return cls(items=items, total=page.total, counts=page.counts)


class NoteIn(BaseModel):
    """What a person adds to their request."""

    text: _Text


class ReplyIn(BaseModel):
    """An answer of the staff; `author` is the name that the person sees."""

    text: _Text
    author: _Line | None = None


class TopicOut(BaseModel):
    id: str
    title: str
    description: str
    hours: HoursOut | None


class TopicsOut(BaseModel):
    items: list[TopicOut]


class GuessOut(BaseModel):
    topic: str
    title: str
    score: float

    @classmethod
    def of(cls, guess: Guess, language: str | None) -> GuessOut:
        return cls(topic=guess.topic.id, title=guess.topic.title(language), score=round(guess.score, 4))


class DraftIn(BaseModel):
    """Either a turn of the caller's own or a question."""

    turn_id: _Id | None = None
    question: _Text | None = None
    language: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> DraftIn:
        if (self.turn_id is None) == (self.question is None):
            raise ValueError("give either turn_id or question")
        return self


class DraftOut(BaseModel):
    """To be shown and changed; nothing is stored. `score` is from 0 to 1."""

    topic: str | None
    title: str | None
    score: float
    alternatives: list[GuessOut]
    description: str
    conversation_id: str | None
    turn_id: str | None

    @classmethod
    def of(cls, draft: Draft, language: str | None) -> DraftOut:
        guess = draft.guess
        return cls(
            topic=None if guess is None else guess.topic.id,
            title=None if guess is None else guess.topic.title(language),
            score=0.0 if guess is None else round(guess.score, 4),
            alternatives=[GuessOut.of(item, language) for item in draft.alternatives], description=draft.description,
            conversation_id=draft.conversation_id, turn_id=draft.turn_id,
        )  # fmt: skip


class ChannelStateOut(BaseModel):
    """A channel that topics name: `ok`, `not_set_up`, or `misconfigured` with what is wrong."""

    channel: str
    state: str
    detail: str | None
    topics: list[str]


class StaffSetupOut(BaseModel):
    """Whether topics and channels are as they should be; `error` is what is wrong with the file as it lies there."""

    error: str | None
    channels: list[ChannelStateOut]
