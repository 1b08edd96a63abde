"""Model versions: which one is current, what each holds, and the way back and forward between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import select

from core.crash import crash_point
from core.errors import Conflict, NotFound
from retrieval.served import SHIPPED, ServedModel
from training.manifest import DamagedVersion, Manifest, read_manifest
from training.vectors import QuestionVectors
from training.version_tables import ActivationRow, ModelVersionRow, RunStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.database import Database
    from retrieval.store import ChunkStore

__all__ = ["Activation", "ModelVersion", "Versions", "current_in", "make_current"]

log = structlog.get_logger(__name__)

_FRESH_S = 1.0
"""How long the current version is answered by before the database is asked again whether it still is."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version as it is listed; `examples` are those in it, `added` those that its parent has not."""

    id: str
    ordinal: int
    parent: str | None
    status: RunStatus
    examples: tuple[str, ...]
    added: tuple[str, ...]
    artifacts: dict[str, str]
    checksum: str | None
    report: dict[str, Any] | None
    reason: str | None
    created_by: str
    created_at: datetime | None
    promoted_at: datetime | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Activation:
    """One change of the current version."""

    version_id: str
    instead_of: str
    by: str
    at: datetime


class Versions:
    """Reads versions and makes one current. `withdrawn` tells the examples that must not be served whatever holds them.

    Every process looks once a second which version is current, and answers each question wholly by one.
    """

    def __init__(
        self,
        database: Database,
        store: ChunkStore,
        *,
        withdrawn: Callable[[], frozenset[str]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._store = store
        self._withdrawn = withdrawn
        self._clock = clock
        self.vectors = QuestionVectors(database)
        self._lock = threading.Lock()
        self._looked_at = -_FRESH_S
        self._key: tuple[object, ...] = ()
        self._served = SHIPPED

    def current(self) -> ServedModel:
        """The version that answers now; one that is damaged is never taken up, the one before goes on answering."""
        if time.monotonic() - self._looked_at < _FRESH_S:
            return self._served
        # Whoever comes while another looks is answered by what was current a moment ago.
        if self._lock.acquire(blocking=not self._key):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._served

    def look_again(self) -> ServedModel:
        """The version that is current at this moment, whatever was known a moment ago."""
        with self._lock:
            self._look()
        return self._served

    def load(self, version_id: str) -> ServedModel:
        """A version ready to answer; raises `NotFound`, and `DamagedVersion` when it is not what was promoted."""
        if version_id == SHIPPED.id:
            return SHIPPED
        return self.serve(version_id, self.manifest(version_id).without(self._withdrawn()))

    def serve(self, version_id: str, manifest: Manifest) -> ServedModel:
        """The pairs of a manifest, with their questions as vectors of the model that serves now."""
        questions = self.vectors.known(manifest.members, self._store.serving.embeddings)
        return ServedModel(version_id, frozenset(one.document_version for one in manifest.members), questions)

    def manifest(self, version_id: str) -> Manifest:
        """What a version holds, checked; raises `NotFound` and `DamagedVersion`."""
        if version_id == SHIPPED.id:
            return Manifest()
        with self._database.reading() as session:
            row = _row(session, version_id)
        return read_manifest(row.id, row.manifest, row.checksum)

    def current_id(self) -> str:
        with self._database.reading() as session:
            return current_in(session)

    def listed(self) -> list[ModelVersion]:
        """Every version, the newest first; the last is what there is before anything was trained."""
        with self._database.reading() as session:
            current = current_in(session)
            rows = list(session.scalars(select(ModelVersionRow).order_by(ModelVersionRow.ordinal.desc())))
        members = {row.id: _example_ids(row) for row in rows}
        return [*(_version(row, members, current) for row in rows), _shipped(current)]

    def get(self, version_id: str) -> ModelVersion:
        """One version; raises `NotFound`."""
        for version in self.listed():
            if version.id == version_id:
                return version
        raise NotFound(f"there is no model version {version_id!r}; `assistant models list` shows them")

    def activations(self) -> list[Activation]:
        """Every change of the current version, the newest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(ActivationRow).order_by(ActivationRow.id.desc()))
            return [Activation(row.version_id, row.instead_of, row.activated_by, row.activated_at) for row in rows]

    def activate(self, version_id: str, by: str) -> ModelVersion:
        """Make a finished version current, an older or a newer one; one that is current already stays so.

        Raises `NotFound`, `Conflict` for one that was not promoted, and `DamagedVersion`.
        """
        self.load(version_id)
        with self._database.session() as session:
            if version_id != SHIPPED.id and _row(session, version_id).status != RunStatus.DONE:
                raise Conflict(f"model version {version_id!r} never passed its gate, so it cannot be activated")
            make_current(session, version_id, by=by, at=self._clock())
        crash_point("model.activated")
        self.look_again()
        return self.get(version_id)

    def _look(self) -> None:
        current, withdrawn = self.current_id(), self._withdrawn()
        key = (current, withdrawn, self._store.serving.embeddings.identity)
        if key != self._key:
            crash_point("model.reload")
            try:
                self._served = self.load(current)
            except DamagedVersion as error:
                log.error("model.damaged", version=current, served=self._served.id, error=error.detail)
            self._key = key
        self._looked_at = time.monotonic()


def current_in(session: Session) -> str:
    """The id of the current version."""
    newest = select(ActivationRow.version_id).order_by(ActivationRow.id.desc()).limit(1)
    return session.scalar(newest) or SHIPPED.id


def make_current(session: Session, version_id: str, *, by: str, at: datetime) -> None:
    """Move the pointer within the caller's transaction, and note who did it."""
    before = current_in(session)
    if before != version_id:
        session.add(ActivationRow(version_id=version_id, instead_of=before, activated_by=by, activated_at=at))


def _row(session: Session, version_id: str) -> ModelVersionRow:
    row = session.get(ModelVersionRow, version_id)
    if row is None:
        raise NotFound(f"there is no model version {version_id!r}; `assistant models list` shows them")
    return row


def _example_ids(row: ModelVersionRow) -> tuple[str, ...]:
    try:
        return tuple(member.example_id for member in read_manifest(row.id, row.manifest, row.checksum).members)
    except DamagedVersion:
        return ()


def _version(row: ModelVersionRow, members: dict[str, tuple[str, ...]], current: str) -> ModelVersion:
    before = frozenset(members.get(row.parent, ()))
    return ModelVersion(
        id=row.id, ordinal=row.ordinal, parent=row.parent, status=RunStatus(row.status), examples=members[row.id],
        added=tuple(one for one in members[row.id] if one not in before), artifacts=dict(Manifest().artifacts),
        checksum=row.checksum, report=row.report, reason=row.reason, created_by=row.created_by,
        created_at=row.created_at, promoted_at=row.promoted_at, is_current=row.id == current,
    )  # fmt: skip


def _shipped(current: str) -> ModelVersion:
    return ModelVersion(
        id=SHIPPED.id, ordinal=0, parent=None, status=RunStatus.DONE, examples=(), added=(),
        artifacts=dict(Manifest().artifacts), checksum=None, report=None, reason=None, created_by="release",
        created_at=None, promoted_at=None, is_current=current == SHIPPED.id,
    )  # fmt: skip
