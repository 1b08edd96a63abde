"""The bodies that go in and out; one reply for HTTP, events, command line and pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.assistance_schemas import AskedPersonOut
from chains.feedback import Feedback, FeedbackReason
from chains.refusals import headings
from chains.stored import Turn
from chains.tables import TurnStatus
from core.types import Abstention, AbstentionReason, Answer, AnswerMode, CautionCode, Citation

__all__ = [
    "MOST_ROWS", "AskIn", "CitationOut", "ConversationOut", "ConversationsOut", "FeedbackIn", "FeedbackOut", "ReplyOut",
    "TurnOut", "TurnsOut",
]  # fmt: skip

MOST_ROWS = 2**63 - 1
"""The largest number that both databases hold; a larger one fails there instead of finding nothing."""

Jurisdiction = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2,12}$")]


class AskIn(BaseModel):
    """A question. `user` is a label that comes back, never an identity."""

    model_config = ConfigDict(extra="ignore")

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)] = Field(
        examples=["How can I immigrate to Canada?"]
    )
    user: Annotated[str, StringConstraints(max_length=200)] | None = None
    conversation_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None
    jurisdiction: Jurisdiction | None = Field(
        default=None, description="Country code; leave it out for all.", examples=["CA"]
    )
    as_of: date | None = Field(default=None, description="The day whose rules are wanted; today when left out.")


class CitationOut(BaseModel):
    """A quote: the canonical text of the document's version from `start` to `end`, in code points."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    document_id: str
    version: str
    title: str
    jurisdiction: str
    url: str | None
    page: int | None
    section: list[str]
    start: int
    end: int
    quote: str
    effective_from: date | None
    effective_to: date | None
    reviewed_on: date | None
    language: str | None = Field(default=None, description="The document's.")

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        return cls.model_validate(citation)


class SentenceOut(BaseModel):
    """`original` is the verified sentence in the document's language, where `text` is its translation by a machine."""

    text: str
    citations: list[int]
    original: str | None = None


class WarningOut(BaseModel):
    code: CautionCode
    text: str


class HeadingsOut(BaseModel):
    """`language` is the code of the one that a refusal and its headings are worded in."""

    language: str
    title: str
    nearest: str
    suggestions: str
    next_steps: str


class ReplyOut(BaseModel):
    """A verified answer, or a refusal with its reason. `User` and `Answer` repeat their lower-case twins."""

    answer: str
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    abstained: bool
    reason: AbstentionReason | None
    next_steps: list[str]
    suggestions: list[str]
    originals: list[str] = Field(description="What the documents ask, where a machine translated `suggestions`.")
    nearest: CitationOut | None = Field(description="What stands under the first of `suggestions`; it is no answer.")
    headings: HeadingsOut | None = Field(description="What the parts of a refusal are headed with, in its language.")
    confidence: float
    mode: AnswerMode
    warnings: list[WarningOut]
    as_of: date
    model_version: str | None
    conversation_id: str
    turn_id: str
    user: str | None
    User: str | None
    Answer: str

    @classmethod
    def of(cls, turn: Turn) -> ReplyOut:
        """The reply of a settled turn."""
        reply = turn.reply
        if reply is None:
            raise ValueError(f"turn {turn.id!r} has no reply")
        shared: dict[str, Any] = {
            "answer": reply.text, "Answer": reply.text, "user": turn.user, "User": turn.user,
            "next_steps": list(reply.next_steps), "confidence": round(reply.confidence, 4), "mode": reply.mode,
            "warnings": [WarningOut(code=caution.code, text=caution.text) for caution in reply.warnings],
            "as_of": turn.as_of, "model_version": reply.model_version, "conversation_id": turn.conversation_id,
            "turn_id": turn.id,
        }  # fmt: skip
        return cls(**shared, **_substance(reply))


def _substance(reply: Answer | Abstention) -> dict[str, Any]:
    if isinstance(reply, Abstention):
        return {
            "sentences": [], "citations": [], "abstained": True, "reason": reply.reason,
            "suggestions": list(reply.suggestions), "originals": list(reply.originals),
            "nearest": None if reply.nearest is None else CitationOut.of(reply.nearest),
            "headings": HeadingsOut(**headings(reply)),
        }  # fmt: skip
    return {
        "sentences": [
            SentenceOut(text=item.text, citations=list(item.citations), original=item.original)
            for item in reply.sentences
        ],
        "citations": [CitationOut.of(citation) for citation in reply.citations],
        "abstained": False,
        "reason": None,
        "suggestions": [],
        "originals": [],
        "nearest": None,
        "headings": None,
    }


class FeedbackIn(BaseModel):
    """What somebody thinks of a reply that they were given; the latest word on a turn counts."""

    turn_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    helpful: bool
    reason: FeedbackReason | None = Field(default=None, description="Why it did not help.")
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None = None


class FeedbackOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    turn_id: str
    helpful: bool
    reason: FeedbackReason | None
    text: str | None
    given_at: datetime

    @classmethod
    def of(cls, feedback: Feedback) -> FeedbackOut:
        return cls.model_validate(feedback)


class TurnOut(BaseModel):
    """A question and what became of it; `reply` once it is answered or refused, `error` when it failed.

    `handed_over_at` once a person was asked for instead.
    """

    turn_id: str
    conversation_id: str
    question: str
    status: TurnStatus
    asked_at: datetime
    reply: ReplyOut | None
    error: str | None
    feedback: FeedbackOut | None = None
    handed_over_at: datetime | None

    @classmethod
    def of(cls, turn: Turn, feedback: Feedback | None = None) -> TurnOut:
        return cls(
            turn_id=turn.id, conversation_id=turn.conversation_id, question=turn.question, status=turn.status,
            asked_at=turn.asked_at, error=turn.error, reply=None if turn.reply is None else ReplyOut.of(turn),
            feedback=None if feedback is None else FeedbackOut.of(feedback),
            handed_over_at=turn.handed_over_at,
        )  # fmt: skip


class ConversationOut(BaseModel):
    id: str
    title: str
    updated_at: datetime


class ConversationsOut(BaseModel):
    items: list[ConversationOut]


class TurnsOut(BaseModel):
    id: str
    turns: list[TurnOut]
    assistance: list[AskedPersonOut]
