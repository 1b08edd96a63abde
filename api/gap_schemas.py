"""The bodies about gaps."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from api.training_schemas import SourceText, Text
from training.gaps import Gap, GapStatus
from training.unanswered import Cause

__all__ = ["GapDocumentOut", "GapOut", "GapProposalIn", "GapsOut"]


class NearestOut(BaseModel):
    """The passage that comes closest."""

    document_id: str
    version: str
    start: int
    end: int
    title: str
    url: str | None
    quote: str
    score: float


class GapOut(BaseModel):
    """A matter that was not answered; texts are masked, and hidden while too few people have asked."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: GapStatus
    language: str
    jurisdiction: str | None
    question: str | None
    examples: list[str]
    questions: int
    people: int
    causes: dict[Cause, int]
    weeks: dict[str, int] = Field(description="Questions by ISO week, as 2026-W48.")
    first_asked_at: datetime
    last_asked_at: datetime
    example_id: str | None = Field(description="The proposal that is to close it.")
    closed_by: str | None
    nearest: NearestOut | None

    @classmethod
    def of(cls, gap: Gap) -> GapOut:
        nearest = None if gap.nearest is None else NearestOut(
            document_id=gap.nearest.chunk.document_id, version=gap.nearest.chunk.version_id,
            start=gap.nearest.chunk.start, end=gap.nearest.chunk.end, title=gap.nearest.meta.title,
            url=gap.nearest.url, quote=gap.nearest.chunk.text, score=round(gap.nearest.score, 4),
        )  # fmt: skip
        fields = {name: getattr(gap, name) for name in cls.model_fields if name != "nearest"}
        return cls(**fields, nearest=nearest)


class GapsOut(BaseModel):
    items: list[GapOut]


class GapProposalIn(BaseModel):
    """An answer for a gap; its most typical question is taken where none is given."""

    model_config = ConfigDict(extra="forbid")

    answer: Text
    question: Text | None = None
    source: SourceText | None = None
    effective_from: date | None = None
    effective_to: date | None = None


class GapDocumentOut(BaseModel):
    """The beginning of a document, for an editor to fill in and then add; it answers nobody until then."""

    name: str
    text: str
