"""The bodies that go in and out of the addresses about documents."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, computed_field

from ingest.due import DueReason
from ingest.report import Outcome, SyncReport
from ingest.suspicion import Suspicion
from ingest.unreadable import UnreadableFile
from retrieval.erasure import Erasure
from retrieval.tables import VersionStatus

__all__ = [
    "DocumentDetailOut",
    "DocumentIn",
    "DocumentOut",
    "DocumentState",
    "DocumentsOut",
    "ErasureOut",
    "PassageSummaryOut",
    "ProgressOut",
    "RemovedOut",
    "RestoreIn",
    "SyncOut",
    "UnreadableOut",
    "VersionSummaryOut",
    "sync_out",
    "unreadable_out",
]


class DocumentState(StrEnum):
    """Whether a document answers questions, and why not."""

    LIVE = "live"
    STALE = "stale"
    UNREADABLE = "unreadable"
    INDEXING = "indexing"
    WAITING = "waiting"
    REMOVED = "removed"


class DocumentOut(BaseModel):
    """One file; what is None was not said or, without a live version, is not known. `etag` names its content."""

    id: str
    title: str
    state: DocumentState
    reason: str | None = Field(default=None, description="Why the file gives no text: one word of a closed set.")
    detail: str | None = Field(default=None, description="The reason and what to do, for the editor.")
    jurisdiction: str | None = None
    language: str | None = None
    version: str | None = None
    etag: str | None = None
    chunks: int = 0
    suspicious: int = Field(default=0, description="Passages held back until an editor releases them.")
    updated_at: datetime | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    due: DueReason | None = Field(default=None, description="Why a person should check it against its source.")
    source_url: str | None = None
    editable: bool = Field(default=True, description="Whether its file can be changed here.")
    undo: str | None = Field(default=None, description="Names a removal for `POST /documents/restore`.")


class UnreadableOut(BaseModel):
    id: str
    reason: str
    detail: str


class DocumentsOut(BaseModel):
    """One page of the list. `unreadable` and `counts`, by state and of what is due or held back, tell of all files."""

    items: list[DocumentOut]
    total: int
    offset: int
    unreadable: list[UnreadableOut]
    counts: dict[str, int]


class VersionSummaryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    status: VersionStatus
    title: str
    created_at: datetime
    published_at: datetime | None
    effective_from: date | None
    effective_to: date | None
    chunks: int


class PassageSummaryOut(BaseModel):
    """A passage; `start` and `end` are code points of the version's text."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    ordinal: int
    section: list[str]
    page: int | None
    start: int
    end: int
    text: str
    suspicion: str | None
    released_by: str | None

    @computed_field(description="What looks wrong, for the editor.")  # type: ignore[prop-decorator]
    @property
    def suspicion_detail(self) -> str | None:
        return None if self.suspicion is None else Suspicion(self.suspicion).sentence


class DocumentDetailOut(DocumentOut):
    """One document with its versions, and a page of the passages of the one that is shown."""

    versions: list[VersionSummaryOut]
    shown: str | None
    passages: list[PassageSummaryOut]
    passages_total: int
    text: str | None = None


class DocumentIn(BaseModel):
    id: str


class RestoreIn(DocumentIn):
    undo: str | None = Field(default=None, description="Which removal; the last one when left out.")


class ErasureOut(BaseModel):
    """What was erased; `probes` pieces of it were looked for in `files` files, `found_in` still hold one."""

    model_config = ConfigDict(from_attributes=True)

    versions: int
    passages: int
    probes: int
    files: int
    found_in: list[str]

    @classmethod
    def of(cls, proof: Erasure | None) -> ErasureOut | None:
        return None if proof is None else cls.model_validate(proof)


class RemovedOut(BaseModel):
    """What was removed; `undo` brings it back. `proof` is given for an erased one that had been read."""

    id: str
    undo: str | None = None
    proof: ErasureOut | None = None


class ProgressOut(BaseModel):
    """How far the sync that runs now is, zero while none runs; `changes` grows with every document that is settled."""

    running: bool = False
    document_id: str | None = None
    outcome: Outcome | None = None
    done: int = 0
    total: int = 0
    passages: int = 0
    seconds: float = 0.0
    changes: int = 0
    problems: list[str] = Field(
        default=[], description="Lines of sample questions that cannot be used, each with what to do."
    )


class SyncOut(BaseModel):
    added: list[str]
    replaced: list[str]
    kept: int
    removed: list[str]
    unreadable: list[UnreadableOut]
    problems: list[str] = Field(description="Lines of sample questions that cannot be used, each with what to do.")
    passages: int
    seconds: float


def sync_out(report: SyncReport) -> SyncOut:
    """A sync as it is told to others."""
    return SyncOut(
        added=list(report.added), replaced=list(report.replaced), kept=len(report.kept), removed=list(report.removed),
        unreadable=[unreadable_out(item) for item in report.unreadable], problems=list(report.problems),
        passages=report.passages, seconds=round(report.seconds, 3),
    )  # fmt: skip


def unreadable_out(file: UnreadableFile) -> UnreadableOut:
    return UnreadableOut(id=file.document_id, reason=file.reason, detail=file.detail)
