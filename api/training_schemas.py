"""The bodies about examples."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Jurisdiction
from core.types import AbstentionReason, Answer, AnswerMode, Reply
from training.examples import Done, Example
from training.findings import Findings
from training.proposals import Outcome, Quoted, Review
from training.states import Act, ExampleStatus, moves_from

__all__ = [
    "ApprovalIn", "AuditOut", "BulkIn", "BulkOut", "DoneOut", "EditIn", "ExampleOut", "ExamplesOut", "FromReplyIn",
    "NoticesOut", "ProposalIn", "RejectionIn", "ReviewOut", "RevocationIn",
]  # fmt: skip

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
SourceText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Cites = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=1024)]], Field(max_length=20)]


class ProposalIn(BaseModel):
    """A question and the answer that it should get."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(examples=["How much does a study permit for Canada cost?"])
    answer: Text = Field(examples=["A study permit costs CAD 150."])
    source: SourceText | None = Field(default=None, description="Where it stands, or who says so.")
    jurisdiction: Jurisdiction | None = Field(default=None, description="Whose rules it tells, as `CA`.")
    effective_from: date | None = None
    effective_to: date | None = None


class EditIn(BaseModel):
    """What an approver corrects; what is left out stays, and null takes a source, a country or a date away.

    Without a country that of the question counts, where it names one. `cites` are documents or versions by id.
    """

    model_config = ConfigDict(extra="forbid")

    question: Text | None = None
    answer: Text | None = None
    source: SourceText | None = None
    jurisdiction: Jurisdiction | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    cites: Cites | None = None

    def changes(self) -> dict[str, object]:
        """The fields that become others."""
        given = self.model_dump(include=self.model_fields_set - {"cites"})
        return {name: value for name, value in given.items() if value is not None or name not in ("question", "answer")}


class FromReplyIn(BaseModel):
    """A request for a person that was answered; its latest reply when `reply_id` is left out."""

    model_config = ConfigDict(extra="forbid")

    request_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reply_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


class ApprovalIn(BaseModel):
    cites: Cites | None = Field(
        default=None, description="Documents or versions that it rests on; those that support it when left out."
    )


class RejectionIn(BaseModel):
    reason: Reason


class RevocationIn(BaseModel):
    reason: Reason | None = None


class BulkIn(BaseModel):
    """One act on several; `reason` is needed to reject."""

    act: Annotated[str, StringConstraints(pattern=r"^(approve|reject|undo)$")]
    ids: Annotated[list[str], Field(min_length=1, max_length=200)]
    reason: Reason | None = None


class ExampleOut(BaseModel):
    """An example; `acts` are the moves that the table allows from its status."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    question: str
    answer: str
    source: str | None
    jurisdiction: str | None
    language: str
    effective_from: date | None
    effective_to: date | None
    cites: list[str]
    status: ExampleStatus
    reason: str | None
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    run_id: str | None
    updated_at: datetime
    masked: list[str] = Field(default=[], description="Fields from which personal data was taken out.")
    conflicts: int = Field(default=0, description="Places that say otherwise, as found when it was proposed.")
    duplicates: int = Field(default=0, description="Other examples with the very question, found likewise.")
    acts: list[Act] = []

    @classmethod
    def of(cls, example: Example) -> ExampleOut:
        out = cls.model_validate(example)
        found = Findings.from_json(example.findings)
        return out.model_copy(
            update={
                "masked": list(found.masked), "conflicts": len(found.conflicts),
                "duplicates": sum(near.same for near in found.near), "acts": moves_from(example.status),
            }
        )  # fmt: skip


class ExamplesOut(BaseModel):
    """`next` goes into `after` for the following page; null at the end."""

    items: list[ExampleOut]
    total: int
    next: str | None


class DoneOut(BaseModel):
    """The example after an act; `changed` is false when it had been done before, and `message` says so."""

    changed: bool
    message: str
    example: ExampleOut

    @classmethod
    def of(cls, done: Done, message: str) -> DoneOut:
        told = message if done.changed else f"Nothing to do: it is {done.example.status} already."
        return cls(changed=done.changed, message=told, example=ExampleOut.of(done.example))


class OutcomeOut(BaseModel):
    id: str
    changed: bool
    error: str | None
    example: ExampleOut | None


class BulkOut(BaseModel):
    items: list[OutcomeOut]

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> BulkOut:
        return cls(
            items=[
                OutcomeOut(
                    id=one.example_id, changed=one.done is not None and one.done.changed, error=one.error,
                    example=None if one.done is None else ExampleOut.of(one.done.example),
                )
                for one in outcomes
            ]
        )  # fmt: skip


class NearOut(BaseModel):
    """Another example; `same` when it is the very question, `differs` when it then has another answer."""

    likeness: float
    same: bool
    differs: bool
    example: ExampleOut


class QuotedOut(BaseModel):
    """A place of a stored version; `sentence` counts the answer's sentences from 0."""

    sentence: int
    document_id: str
    version: str
    start: int
    end: int
    quote: str
    title: str
    jurisdiction: str
    url: str | None
    current: bool
    said: str | None
    instead: str | None

    @classmethod
    def of(cls, quoted: Quoted) -> QuotedOut:
        place = quoted.place
        return cls(
            sentence=place.sentence, document_id=place.document_id, version=place.version_id, start=place.start,
            end=place.end, quote=quoted.text, title=quoted.title, jurisdiction=quoted.jurisdiction, url=quoted.url,
            current=quoted.current, said=place.said, instead=place.instead,
        )  # fmt: skip


class NowOut(BaseModel):
    """What somebody who asks this today is told."""

    answer: str
    abstained: bool
    reason: AbstentionReason | None
    mode: AnswerMode
    same_as_proposed: bool

    @classmethod
    def of(cls, reply: Reply, proposed: str) -> NowOut:
        answered = isinstance(reply, Answer)
        return cls(
            answer=reply.text, abstained=not answered, reason=None if isinstance(reply, Answer) else reply.reason,
            mode=reply.mode, same_as_proposed=answered and reply.text.split() == proposed.split(),
        )  # fmt: skip


class ReviewOut(BaseModel):
    """An example with all that bears on it, as the documents are now."""

    example: ExampleOut
    near: list[NearOut]
    supports: list[QuotedOut]
    conflicts: list[QuotedOut]
    unsupported: list[int] = Field(description="Sentences of the answer, from 0, that no current document carries.")
    nearest: QuotedOut | None
    would_cite: list[str] = Field(description="Versions that an approval would rest on unless others are named.")
    now: NowOut

    @classmethod
    def of(cls, review: Review) -> ReviewOut:
        return cls(
            example=ExampleOut.of(review.example),
            near=[
                NearOut(likeness=likeness, same=same, differs=differs, example=ExampleOut.of(other))
                for other, likeness, same, differs in review.near
            ],
            supports=[QuotedOut.of(one) for one in review.supports],
            conflicts=[QuotedOut.of(one) for one in review.conflicts],
            unsupported=list(review.findings.unsupported),
            nearest=None if review.nearest is None else QuotedOut.of(review.nearest),
            would_cite=list(review.would_cite), now=NowOut.of(review.answered_now, review.example.answer),
        )  # fmt: skip


class AuditEntryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    example_id: str
    at: datetime
    actor: str
    act: Act
    before: dict[str, Any] | None
    after: dict[str, Any]


class AuditOut(BaseModel):
    """The newest first; the last one's `id` goes into `before` for the following page."""

    items: list[AuditEntryOut]


class NoticeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    example_id: str
    at: datetime
    act: Act
    text: str
    question: str


class NoticesOut(BaseModel):
    """The newest first; the first one's `id` goes into `after` to ask for later ones."""

    items: list[NoticeOut]
